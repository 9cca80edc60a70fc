/** Rules of the house that a reader cannot be expected to check by eye. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import openapiTS, { astToString } from "openapi-typescript";

const src = new URL("./", import.meta.url);
const files = readdirSync(src, { recursive: true, encoding: "utf8" });
const read = (name: string): string => readFileSync(new URL(name, src), "utf8");
const styled = files.filter((name) => /\.(svelte|css)$/.test(name));
const components = files.filter((name) => name.endsWith(".svelte"));

/** Properties and values that know left and right, or top and bottom: in Arabic they are on the wrong side. */
const physical =
  /(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)|(?:left|right|top|bottom|width|height|(?:min|max)-(?:width|height))\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right))/g;

function styles(name: string): string {
  const text = read(name).replace(/\/\*[\s\S]*?\*\//g, "");
  return name.endsWith(".css") ? text : (/<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? "");
}

describe.each(styled)("%s", (name) => {
  it("has logical properties only", () => {
    expect(styles(name).match(physical) ?? []).toEqual([]);
  });

  it("has no shorthand whose right and left differ", () => {
    const shorthands = styles(name).matchAll(/(?<![\w-])(?:margin|padding|inset|border-width):\s*(\S+) (\S+) (\S+) ([^\s;]+);/g);
    expect([...shorthands].filter(([, , right, , left]) => right !== left).map(String)).toEqual([]);
  });
});

describe.each(components)("%s", (name) => {
  it("is at most 200 lines long", () => {
    expect(read(name).split("\n").length - 1).toBeLessThanOrEqual(200);
  });

  it("has no style attribute, which the page's policy refuses", () => {
    expect(read(name).match(/[\s]style=/g) ?? []).toEqual([]);
    expect(read(name).match(/style:(left|right|top|bottom|width|height)\b/g) ?? []).toEqual([]);
  });

  it("has no text of its own", () => {
    const markup = read(name)
      .replace(/<script[\s\S]*?<\/script>|<style>[\s\S]*?<\/style>|<!--[\s\S]*?-->/g, "")
      .replace(/<kbd>.<\/kbd>/g, "");
    expect([...markup.matchAll(/(?:aria-label|title|placeholder|alt)="[^"]*[a-z]{3}[^"]*"/g)].map(String)).toEqual([]);
  });
});

it("finds physical properties", () => {
  for (const bad of ["margin-left: 0", "padding-top:1px", "left: 0", "text-align: right", "max-width: 3px", "float:left"]) {
    expect(bad.match(physical), bad).not.toBeNull();
  }
  for (const good of ["margin-inline-start: 0", "text-align: start", "border-block-end: 0", "stroke-width: 2", "background-position: 0"]) {
    expect(good.match(physical), good).toBeNull();
  }
});

it("has a client that is generated from the current openapi.json", async () => {
  const made = astToString(await openapiTS(new URL("../openapi.json", src)));
  expect(read("api/schema.ts")).toContain(made.trim());
});

it("has a lockfile without the host of a registry", () => {
  expect(readFileSync(new URL("../package-lock.json", src), "utf8")).not.toMatch(/"resolved"/);
});
