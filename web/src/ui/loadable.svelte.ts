import { Failure } from "../api/problem";
import { session } from "../api/session.svelte";

/** Before this, a skeleton would only flicker. */
const SLOW_MS = 200;
/** After this, whoever waits is offered to stop waiting. */
const LONG_MS = 2_000;

/** One answer that a page waits for: the newest question wins, an older one is cancelled. */
export class Loadable<T> {
  value = $state.raw<T>();
  failure = $state.raw<Failure>();
  running = $state(false);
  slow = $state(false);
  long = $state(false);
  cancelled = $state(false);
  #abort: AbortController | undefined;

  async run(work: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.running = true;
    this.cancelled = false;
    const slow = setTimeout(() => (this.slow = true), SLOW_MS);
    const long = setTimeout(() => (this.long = true), LONG_MS);
    try {
      const value = await work(abort.signal);
      if (this.#abort !== abort) return;
      this.value = value;
      this.failure = undefined;
    } catch (error) {
      if (this.#abort !== abort) return;
      if (abort.signal.aborted) this.cancelled = true;
      else this.failure = Failure.unexpected(error);
      if (this.failure?.signedOut) session.lost();
    } finally {
      clearTimeout(slow);
      clearTimeout(long);
      if (this.#abort === abort) this.running = this.slow = this.long = false;
    }
  }

  cancel(): void {
    this.#abort?.abort();
  }

  /** The page is left: nothing is wanted any more. */
  stop(): void {
    this.#abort?.abort();
    this.#abort = undefined;
  }
}
