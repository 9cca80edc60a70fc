import { describe, expect, it } from "vitest";
import { decode, encode, isDate, pack, unpack } from "./codec";
import {
  charts,
  granularities,
  granularitiesFor,
  initialReport,
  MAX_DAYS,
  MAX_METRICS,
  measurements,
  needsProperty,
  needsValue,
  operators,
  type Range,
  type Report,
} from "./report";

/** Small seeded generator (mulberry32): a failing case has a number and can be run again. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const nasty = ["a", ",", "\\", "&", "=", "+", "%", "#", " ", '"', "é", "عربي", "🙂", "..", "7d", "\n", "$city"];

function arbitrary(seed: number): Report {
  const next = chance(seed);
  const below = (n: number): number => Math.floor(next() * n);
  const pick = <T>(all: readonly T[]): T => all[below(all.length)] as T;
  const text = (): string => Array.from({ length: 1 + below(5) }, () => pick(nasty)).join("");
  const texts = (most: number): string[] => Array.from({ length: below(most + 1) }, text);
  const date = (day: number): string => new Date(Date.UTC(2020, 0, 1 + day)).toISOString().slice(0, 10);
  const from = below(2000);
  const range: Range = next() < 0.5 ? { days: 1 + below(MAX_DAYS) } : { from: date(from), to: date(from + below(MAX_DAYS)) };
  return {
    metrics: Array.from({ length: 1 + below(MAX_METRICS) }, () => {
      const measurement = pick(measurements);
      return { measurement, property: needsProperty(measurement) && next() < 0.9 ? text() : "", events: texts(3) };
    }),
    filters: Array.from({ length: below(4) }, () => {
      const operator = pick(operators);
      return { property: next() < 0.9 ? text() : "", operator, values: needsValue(operator) ? texts(3) : [] };
    }),
    breakdowns: next() < 0.5 ? [] : [text()],
    range,
    granularity: pick(granularitiesFor(range)),
    chart: pick(charts),
  };
}

describe("codec", () => {
  it("reads back every report that it wrote, also through the text of an address", () => {
    for (let seed = 0; seed < 2_000; seed++) {
      const report = arbitrary(seed);
      const written = encode(report).toString();
      expect(decode(new URLSearchParams(written)), `seed ${seed}: ${written}`).toEqual(report);
    }
  });

  it("reads anything without failing, and what it read writes and reads the same", () => {
    const next = chance(7);
    const names = ["m", "f", "b", "r", "g", "c", "x"];
    const parts = [...nasty, "total", "is", "30d", "2026-02-30..2026-03-01", "day", "bar", ""];
    for (let turn = 0; turn < 2_000; turn++) {
      const search = new URLSearchParams();
      for (let n = 0; n < 6; n++) {
        const value = Array.from({ length: Math.floor(next() * 5) }, () => parts[Math.floor(next() * parts.length)]).join("");
        search.append(names[Math.floor(next() * names.length)] ?? "m", value);
      }
      const read = decode(search);
      expect(decode(encode(read)), search.toString()).toEqual(read);
    }
  });

  it("opens an empty address with a report that says something about every project", () => {
    expect(decode(new URLSearchParams())).toEqual(initialReport());
  });

  it("reads the documented form", () => {
    const report = decode(new URLSearchParams("m=unique,,Sign Up,Invite&f=plan,is,pro,team&b=plan&r=2026-10-01..2026-10-31&g=week&c=bar"));
    expect(report).toEqual({
      metrics: [{ measurement: "unique", property: "", events: ["Sign Up", "Invite"] }],
      filters: [{ property: "plan", operator: "is", values: ["pro", "team"] }],
      breakdowns: ["plan"],
      range: { from: "2026-10-01", to: "2026-10-31" },
      granularity: "week",
      chart: "bar",
    });
  });

  it.each(["0d", "-3d", "30", "2026-02-30..2026-03-02", "2026-03-02..2026-03-01", "2000-01-01..2026-01-01"])("leaves out the range %s", (text) => {
    expect(decode(new URLSearchParams({ r: text })).range).toEqual({ days: 30 });
  });

  it("takes a granularity that fits where the address has one that does not", () => {
    expect(decode(new URLSearchParams("r=1d&g=day")).granularity).toBe("hour");
    expect(decode(new URLSearchParams("r=365d&g=minute")).granularity).toBe("week");
  });

  it("has a fitting granularity for every range", () => {
    for (let days = 1; days <= MAX_DAYS; days++) {
      const { granularity } = decode(new URLSearchParams({ r: `${days}d`, g: "minute" }));
      expect(granularitiesFor({ days })).toContain(granularity);
      expect(granularities).toContain(granularity);
    }
  });

  it("keeps separators inside parts", () => {
    for (const parts of [[""], ["", ""], ["a,b", "c\\"], ["\\,", ",\\"]]) expect(unpack(pack(parts))).toEqual(parts);
  });

  it("knows the days that exist", () => {
    expect(isDate("2024-02-29")).toBe(true);
    expect(isDate("2026-02-29")).toBe(false);
    expect(isDate("2026-13-01")).toBe(false);
  });
});
