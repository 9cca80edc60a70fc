export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const KEPT_AS = "bulkhead.theme";

class ThemeStore {
  #theme = $state<Theme>(themes.find((theme) => theme === localStorage.getItem(KEPT_AS)) ?? "system");

  constructor() {
    this.#show();
  }

  get current(): Theme {
    return this.#theme;
  }

  choose(theme: Theme): void {
    this.#theme = theme;
    localStorage.setItem(KEPT_AS, theme);
    this.#show();
  }

  /** The style sheet reads the attribute and sets `color-scheme`; every `light-dark()` follows. */
  #show(): void {
    document.documentElement.dataset["theme"] = this.#theme;
  }
}

export const theme = new ThemeStore();
