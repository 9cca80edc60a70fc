import type { Component } from "svelte";

export interface Route {
  /** Key of the title in the text catalogue. */
  title: string;
  /** Seen without a session. */
  open?: true;
  load: () => Promise<{ default: Component }>;
}

/** Path → page. Pages load on demand: the first one brings only its own code. */
export const routes: Record<string, Route> = {
  "/": { title: "app-name", load: () => import("./page/home/Home.svelte") },
  "/signin": { title: "signin-title", open: true, load: () => import("./page/signin/SignIn.svelte") },
  "/enrol": { title: "enrol-title", open: true, load: () => import("./page/signin/Enrol.svelte") },
  "/welcome": { title: "welcome-title", load: () => import("./page/welcome/Welcome.svelte") },
  "/live": { title: "live-title", load: () => import("./page/live/Live.svelte") },
  "/reports/insights": { title: "insights-title", load: () => import("./page/insights/Insights.svelte") },
  "/about": { title: "about-title", load: () => import("./page/about/About.svelte") },
};

const missing: Route = {
  title: "missing-title",
  open: true,
  load: () => import("./page/missing/Missing.svelte"),
};

class Router {
  #url = $state.raw(new URL(location.href));

  constructor() {
    addEventListener("popstate", () => (this.#url = new URL(location.href)));
    document.addEventListener("click", (event) => this.#follow(event));
  }

  get path(): string {
    return this.#url.pathname;
  }

  get search(): URLSearchParams {
    return this.#url.searchParams;
  }

  get hash(): string {
    return this.#url.hash;
  }

  get route(): Route {
    return Object.hasOwn(routes, this.path) ? (routes[this.path] ?? missing) : missing;
  }

  go(to: string, how: "push" | "replace" = "push"): void {
    history[how === "push" ? "pushState" : "replaceState"](null, "", to);
    this.#url = new URL(location.href);
  }

  /** An address in the app that keeps the chosen project. */
  link(path: string, search = new URLSearchParams()): string {
    const project = this.search.get("project");
    const all = new URLSearchParams(search);
    if (project !== null && !all.has("project")) all.set("project", project);
    const query = all.toString();
    return query === "" ? path : `${path}?${query}`;
  }

  /** Turns a plain click on one of our own links into a change of page; every other click is the browser's. */
  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || link.origin !== location.origin || link.target !== "" || link.hasAttribute("download")) return;
    if (!Object.hasOwn(routes, link.pathname) || (link.hash !== "" && link.pathname === this.path)) return;
    event.preventDefault();
    this.go(link.href);
    scrollTo(0, 0);
  }
}

export const router = new Router();
