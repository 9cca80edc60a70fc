import { router } from "../router.svelte";

const KEPT_AS = "bulkhead.shortcuts";
/** How long the second key of a pair may take. */
const PAIR_MS = 1_200;

/** Pairs begin with `g`, for go. */
export const pairs: Record<string, { path: string; title: string }> = {
  r: { path: "/reports/insights", title: "insights-title" },
  e: { path: "/live", title: "live-title" },
  c: { path: "/welcome", title: "welcome-nav" },
};

/** Single-key shortcuts: silent while a field has the focus, and switchable off (WCAG 2.1.4). */
class ShortcutStore {
  shown = $state(false);
  #on = $state(localStorage.getItem(KEPT_AS) !== "off");
  #pairSince = Number.NEGATIVE_INFINITY;

  get on(): boolean {
    return this.#on;
  }

  switch(on: boolean): void {
    this.#on = on;
    localStorage.setItem(KEPT_AS, on ? "on" : "off");
  }

  press(event: KeyboardEvent): void {
    if (!this.#on || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const pair = event.timeStamp - this.#pairSince < PAIR_MS ? pairs[event.key] : undefined;
    this.#pairSince = event.key === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
    if (pair) router.go(router.link(pair.path));
    else if (event.key === "n") router.go(router.link("/reports/insights"));
    else if (event.key === "?") this.shown = true;
  }
}

function typing(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input:not([type=radio], [type=checkbox]), select, textarea, [role=combobox], dialog") !== null;
}

export const shortcuts = new ShortcutStore();
