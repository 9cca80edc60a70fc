import type { Schema } from "../../api/client";

export type Item =
  | ({ kind: "accepted"; key: string } & Schema["LiveEvent"])
  | ({ kind: "dropped"; key: string } & Schema["DropExample"]);

/** Rows kept on the page. Older ones are in the store; a browser that keeps all of them dies of it. */
const MAX_ROWS = 200;
/** New rows are shown together this often: a thousand a second would otherwise draw a thousand times. */
const FLUSH_MS = 250;
/** Seconds of the rate that the sparkline shows. */
export const RATE_SECONDS = 60;

/** The newest events of a project, as the server pushes them. */
export class LiveStream {
  items = $state.raw<Item[]>([]);
  /** Rows that came in while paused, not yet shown. */
  held = $state(0);
  paused = $state(false);
  connected = $state(false);
  /** Events that came in faster than the server shows them. They are counted and stored like the others. */
  missed = $state(0);
  /** Events per second since the page was opened, oldest first. */
  rate = $state.raw<number[]>([]);
  accepted = $state(0);
  dropped = $state(0);

  #waiting: Item[] = [];
  #thisSecond = 0;
  #serial = 0;
  #source: EventSource | undefined;
  #timers: ReturnType<typeof setInterval>[] = [];

  open(project: number): void {
    const source = new EventSource(`/api/v1/projects/${encodeURIComponent(project)}/live`);
    this.#source = source;
    source.addEventListener("open", () => (this.connected = true));
    // The browser connects again by itself; until then the page says that nothing is coming in.
    source.addEventListener("error", () => (this.connected = false));
    source.addEventListener("accepted", (event) => this.#take({ kind: "accepted", key: this.#key(), ...JSON.parse(event.data) }));
    source.addEventListener("dropped", (event) => this.#take({ kind: "dropped", key: this.#key(), ...JSON.parse(event.data) }));
    source.addEventListener("missed", (event) => {
      this.missed += Number(event.data);
      this.#thisSecond += Number(event.data);
    });
    this.#timers = [setInterval(() => this.#flush(), FLUSH_MS), setInterval(() => this.#tick(), 1_000)];
  }

  close(): void {
    this.#source?.close();
    this.#timers.forEach(clearInterval);
  }

  pause(): void {
    this.#flush();
    this.paused = !this.paused;
    this.#flush();
  }

  #key(): string {
    return String(this.#serial++);
  }

  #take(item: Item): void {
    this.connected = true;
    this.#thisSecond++;
    this.#waiting.push(item);
    if (this.#waiting.length > MAX_ROWS) this.#waiting.shift();
    if (item.kind === "accepted") this.accepted++;
    else this.dropped++;
    if (this.paused) this.held++;
  }

  #flush(): void {
    if (this.paused || this.#waiting.length === 0) return;
    this.items = [...this.#waiting.reverse(), ...this.items].slice(0, MAX_ROWS);
    this.#waiting = [];
    this.held = 0;
  }

  #tick(): void {
    this.rate = [...this.rate, this.#thisSecond].slice(-RATE_SECONDS);
    this.#thisSecond = 0;
  }
}
