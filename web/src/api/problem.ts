import type { components } from "./schema";

type Problem = components["schemas"]["ProblemBody"];

/** Why a request gave no answer: the server's problem document, or our own where there is none. */
export class Failure extends Error {
  private constructor(
    readonly title: string,
    readonly tag: string,
    readonly status: number,
    readonly requestId: string | undefined,
    readonly detail: string | undefined,
  ) {
    super(title);
    this.name = "Failure";
  }

  get signedOut(): boolean {
    return this.status === 401;
  }

  static from(body: unknown, response: Response): Failure {
    const problem = isProblem(body) ? body : undefined;
    return new Failure(
      problem?.title ?? `HTTP ${response.status}`,
      problem?.tag ?? "unexpected_answer",
      response.status,
      problem?.request_id ?? response.headers.get("x-request-id") ?? undefined,
      problem?.detail ?? undefined,
    );
  }

  /** The request never got an answer; the page words this one itself. */
  static unreachable(): Failure {
    return new Failure("", "unreachable", 0, undefined, undefined);
  }

  static unexpected(error: unknown): Failure {
    if (error instanceof Failure) return error;
    return new Failure(error instanceof Error ? error.message : String(error), "page_fault", 0, undefined, undefined);
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "title" in body && "tag" in body;
}
