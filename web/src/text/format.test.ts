import { expect, it } from "vitest";
import { ago, bucketLabel, civil, exact } from "./format";

const plain = (text: string): string => text.replace(/[\u2066-\u2069\u202f\u00a0]/g, " ").trim();

it("reads the civil time of a bucket off its text, also of the hour that comes twice", () => {
  const first = "2024-11-03T01:00:00-04:00";
  const second = "2024-11-03T01:00:00-05:00";
  expect(civil(first)).toEqual(civil(second));
  expect(plain(bucketLabel(first, "hour", "en-u-nu-latn", "axis"))).toBe("01:00");
});

it("names a day", () => {
  expect(plain(bucketLabel("2026-11-01T00:00:00+02:00", "day", "en-u-nu-latn", "axis"))).toBe("Nov 1");
  expect(plain(bucketLabel("2026-11-01", "day", "en-u-nu-latn", "full"))).toBe("Sun, Nov 1, 2026");
});

it("shows Latin digits in every language, and a dash where there is no number", () => {
  for (const tag of ["ar-u-nu-latn", "bn-u-nu-latn", "hi-u-nu-latn"]) expect(exact(1234.5, tag)).toMatch(/^[\d.,]+$/);
  expect(exact(null, "en")).toBe("–");
});

it("says how long ago something was", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  const at = (seconds: number): string => new Date(now - seconds * 1000).toISOString();
  expect([0, 5, 61, 7300, 200_000].map((seconds) => ago(at(seconds), now, "en"))).toEqual(["now", "5s", "1m", "2h", "2d"]);
  expect(ago(at(-60), now, "en")).toBe("now");
});
