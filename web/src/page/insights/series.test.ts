import { describe, expect, it } from "vitest";
import type { Schema } from "../../api/client";
import type { Metric } from "../../report/report";
import { metricLabel, shownAtFirst, toSeries } from "./series";

const say = (key: string, args?: Record<string, string>): string => (args ? `${key}(${Object.values(args).join("|")})` : key);
const total: Metric = { events: ["Sign Up"], measurement: "total", property: "" };

function result(...breakdowns: string[][]): Schema["ReportAnswer"] {
  return {
    buckets: [],
    series: breakdowns.map((breakdown) => ({ metric: 0, breakdown, others: false, values: [1], total: 1 })),
    made: { rules: "r", zone: "UTC", range: { from: "2026-01-01", to: "2026-01-01" }, rows: 0, people: 0, took_ms: 0 },
  };
}

describe("lines of an answer", () => {
  it("go by their metric where nothing is split", () => {
    expect(toSeries(result([]), [total], say).map(({ label, overall }) => [label, overall])).toEqual([["Sign Up", false]]);
  });

  it("go by their segment where something is", () => {
    const lines = toSeries(result([], ["pro"], [""], ["(not set)"]), [total], say);
    expect(lines.map((line) => line.label)).toEqual(["segment-all", "pro", "segment-empty", "segment-unset"]);
    expect(lines.map((line) => line.overall)).toEqual([true, false, false, false]);
  });

  it("end with the bucket that is not over yet", () => {
    const answer = result([]);
    answer.buckets = [true, false, false].map((complete, at) => ({ start: `2026-01-01T0${at}:00:00Z`, complete }));
    answer.series = [{ metric: 0, breakdown: [], others: false, values: [3, 0, 0], total: 3 }];
    expect(toSeries(answer, [total], say)[0]?.values).toEqual([3, 0, null]);
  });

  it("say how many segments stand behind the rest", () => {
    const answer = result(["pro"]);
    answer.series.push({ metric: 0, breakdown: ["17"], others: true, values: [4], total: 4 });
    expect(toSeries(answer, [total], say).map((line) => line.label)).toEqual(["pro", "segment-others(17)"]);
  });

  it("have the letter of their metric where there are several", () => {
    expect(toSeries(result(["pro"]), [total, total], say)[0]?.label).toBe("A · pro");
  });

  it("are shown up to eight at first, the overall one not", () => {
    const lines = toSeries(result([], ...Array.from({ length: 12 }, (_, at) => [String(at)])), [total], say);
    const shown = shownAtFirst(lines);
    expect(shown.size).toBe(8);
    expect(shown.has(lines[0]?.key ?? "")).toBe(false);
  });
});

it("names a metric by what it measures", () => {
  expect(metricLabel({ ...total, events: [] }, say)).toBe("any-event");
  expect(metricLabel({ ...total, measurement: "unique" }, say)).toBe("metric-of-event(Sign Up|measure-unique|)");
  expect(metricLabel({ ...total, measurement: "p90", property: "amount" }, say)).toBe("metric-of-property(Sign Up|measure-p90|amount)");
});
