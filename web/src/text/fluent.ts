import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";

/** Languages of the app, in the order of the switch, by their own names. */
export const languages = {
  en: "English",
  bn: "বাংলা",
  hi: "हिन्दी",
  ar: "العربية",
  ro: "Română",
  id: "Bahasa Indonesia",
} as const;

export type Language = keyof typeof languages;
export type Arguments = Record<string, FluentVariable>;

export function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(languages, tag);
}

export function direction(language: Language): "ltr" | "rtl" {
  return language === "ar" ? "rtl" : "ltr";
}

/**
 * The tag handed to `Intl`. Digits are Latin in every language, so that a number on the page reads the
 * same as in an export or in a colleague's screenshot.
 */
export function formatTag(language: Language): string {
  return `${language}-u-nu-latn`;
}

export function bundle(language: Language, source: string): FluentBundle {
  const made = new FluentBundle(formatTag(language));
  const errors = made.addResource(new FluentResource(source));
  if (errors.length > 0) throw new Error(`text catalogue ${language}: ${errors.join("; ")}`);
  return made;
}

/** The text under a key; the key itself where a catalogue lacks it, which a test forbids. */
export function say(from: FluentBundle, key: string, args?: Arguments): string {
  const message = from.getMessage(key);
  if (message?.value == null) return key;
  return from.formatPattern(message.value, args ?? null, []);
}
