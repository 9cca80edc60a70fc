import { router } from "../router.svelte";
import { answer, api, type Schema } from "./client";
import { Failure } from "./problem";

type State =
  | { phase: "asking" }
  | { phase: "in"; session: Schema["Session"] }
  | { phase: "out" }
  | { phase: "failed"; failure: Failure };

class SessionStore {
  #state = $state.raw<State>({ phase: "asking" });

  get state(): State {
    return this.#state;
  }

  get projects(): Schema["ProjectView"][] {
    return this.#state.phase === "in" ? this.#state.session.projects : [];
  }

  /**
   * The project of the address (`?project=`), so that a link shows everyone the same; else the first.
   * Derived, not a getter: whoever reads it must not run again with every other change of the address.
   */
  readonly project: Schema["ProjectView"] | undefined = $derived.by(() => {
    const named = router.search.get("project");
    return this.projects.find((project) => String(project.id) === named) ?? this.projects[0];
  });

  async ask(): Promise<void> {
    try {
      this.#state = { phase: "in", session: await answer(api.GET("/api/v1/session")) };
    } catch (error) {
      const failure = Failure.unexpected(error);
      this.#state = failure.signedOut ? { phase: "out" } : { phase: "failed", failure };
    }
  }

  async enrol(code: string): Promise<void> {
    this.#state = { phase: "in", session: await answer(api.POST("/api/v1/session", { body: { code } })) };
  }

  async signOut(): Promise<void> {
    await answer(api.DELETE("/api/v1/session"));
    this.#state = { phase: "out" };
  }

  /** The server no longer knows us: the cookie has run out or was revoked. */
  lost(): void {
    this.#state = { phase: "out" };
  }
}

export const session = new SessionStore();
