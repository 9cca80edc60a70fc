import type { FluentBundle } from "@fluent/bundle";
import { type Arguments, bundle, direction, formatTag, isLanguage, type Language, say } from "./fluent";

const catalogues = import.meta.glob<string>("../../../locales/*/ui.ftl", { query: "?raw", import: "default" });
const KEPT_AS = "bulkhead.language";

class Locale {
  #language = $state<Language>("en");
  #bundle = $state.raw<FluentBundle>();

  get language(): Language {
    return this.#language;
  }

  /** For `Intl` objects. */
  get tag(): string {
    return formatTag(this.#language);
  }

  text(key: string, args?: Arguments): string {
    return this.#bundle ? say(this.#bundle, key, args) : "";
  }

  has(key: string): boolean {
    return this.#bundle?.hasMessage(key) ?? false;
  }

  async choose(language: Language): Promise<void> {
    const load = catalogues[`../../../locales/${language}/ui.ftl`];
    if (!load) throw new Error(`no text catalogue for ${language}`);
    this.#bundle = bundle(language, await load());
    this.#language = language;
    document.documentElement.lang = language;
    document.documentElement.dir = direction(language);
  }

  async choosePreferred(): Promise<void> {
    const kept = localStorage.getItem(KEPT_AS);
    const wanted = [kept, ...navigator.languages.map((tag) => tag.split("-")[0])];
    await this.choose(wanted.find((tag): tag is Language => tag != null && isLanguage(tag)) ?? "en");
  }

  async keep(language: Language): Promise<void> {
    localStorage.setItem(KEPT_AS, language);
    await this.choose(language);
  }
}

export const locale = new Locale();

/** The text under a key, in the chosen language. Reactive. */
export function t(key: string, args?: Arguments): string {
  return locale.text(key, args);
}
