import { readFileSync, readdirSync } from "node:fs";
import { FluentResource } from "@fluent/bundle";
import { describe, expect, it } from "vitest";
import { bundle, languages, say, type Language } from "./fluent";

const root = new URL("../../../locales/", import.meta.url);
const source = (language: string): string => readFileSync(new URL(`${language}/ui.ftl`, root), "utf8");
const keysOf = (text: string): string[] => new FluentResource(text).body.map((message) => message.id);

/** The placeholders of each message, in whatever branch they stand. */
function placeholders(text: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { id, value } of new FluentResource(text).body) {
    const names = [...JSON.stringify(value).matchAll(/"type":"var","name":"(\w+)"/g)].map((match) => match[1] ?? "");
    found[id] = [...new Set(names)].sort();
  }
  return found;
}

/** Longest text per kind of key: what fits into a tab or button at 390 px. */
const slots: [pattern: RegExp, most: number][] = [
  [/^(live-title|insights-title|welcome-nav)$/, 14],
  [/^live-show-/, 16],
  [/^(copy|copied|cancel|close|live-pause|live-resume)$/, 18],
  [/^granularity-/, 16],
];

const reference = source("en");

it("has a catalogue for each language of the switch, and no other", () => {
  expect(readdirSync(root).sort()).toEqual(Object.keys(languages).sort());
});

it("sees placeholders, those inside of branches too", () => {
  const seen = placeholders(reference);
  expect([seen["page-title"], seen["touches-personal"]]).toEqual([["page"], ["count", "properties"]]);
});

describe.each(Object.keys(languages) as Language[])("%s", (language) => {
  const text = source(language);

  it("has the keys of English, in its order, each once", () => {
    expect(keysOf(text)).toEqual(keysOf(reference));
  });

  it("has no line that Fluent cannot read", () => {
    const written = [...text.matchAll(/^([a-z][\w-]*) *=/gm)].map((match) => match[1]);
    expect(keysOf(text)).toEqual(written);
  });

  it("has the placeholders of English in every text", () => {
    expect(placeholders(text)).toEqual(placeholders(reference));
  });

  it("fits", () => {
    const made = bundle(language, text);
    for (const key of keysOf(text)) {
      const slot = slots.find(([pattern]) => pattern.test(key));
      if (slot) expect([...say(made, key)].length, key).toBeLessThanOrEqual(slot[1]);
    }
  });

  it("has a form for every number", () => {
    const made = bundle(language, text);
    for (const days of [0, 1, 2, 3, 7, 11, 30, 60, 90, 100, 365]) {
      expect(say(made, "range-last-days", { days })).not.toMatch(/[{}]|range-last-days/);
    }
  });
});

it("is complete: every key that the pages name is there", () => {
  const src = new URL("../", import.meta.url);
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((name) => /\.(svelte|ts)$/.test(name) && !name.includes(".test."));
  const named = files.flatMap((name) => [...readFileSync(new URL(name, src), "utf8").matchAll(/\b(?:t|say)\("([\w-]+)"/g)].map((match) => match[1]));
  expect(named.length).toBeGreaterThan(80);
  expect(named.filter((key) => !keysOf(reference).includes(key ?? ""))).toEqual([]);
});

it("uses each of Arabic's plural forms", () => {
  const arabic = bundle("ar", source("ar"));
  const forms = [0, 1, 2, 3, 11, 100].map((people) => say(arabic, "touches-people", { people }).replace(/\d+/, "n"));
  expect(new Set(forms).size).toBe(6);
});
