/** An Insights report as the builder edits it. The address of the page holds all of it: see `codec.ts`. */
export interface Report {
  metrics: Metric[];
  filters: Filter[];
  /** Names of properties. */
  breakdowns: string[];
  range: Range;
  granularity: Granularity;
  chart: Chart;
}

export interface Metric {
  /** None: any event. */
  events: string[];
  measurement: Measurement;
  /** Name of the property that is measured; empty where the measurement needs none. */
  property: string;
}

export interface Filter {
  property: string;
  operator: Operator;
  values: string[];
}

export type Range = { days: number } | { from: string; to: string };

export const measurements = ["total", "unique", "average", "sum", "mean", "median", "p90", "min", "max", "distinct"] as const;
export type Measurement = (typeof measurements)[number];

export const operators = ["is", "not", "has", "lacks", "gt", "gte", "lt", "lte", "set", "unset"] as const;
export type Operator = (typeof operators)[number];

export const granularities = ["minute", "hour", "day", "week", "month", "quarter"] as const;
export type Granularity = (typeof granularities)[number];

export const charts = ["line", "bar"] as const;
export type Chart = (typeof charts)[number];

export const presets = [1, 7, 30, 60, 90, 365] as const;

/** As many as letters are easily told apart, and as one chart can carry. */
export const MAX_METRICS = 5;
/** The longest range that can be asked for: five years, the time events are kept at most. */
export const MAX_DAYS = 1_830;
/** A line with more points than this shows nothing that a coarser one does not; a day by the minute is possible. */
const MAX_BUCKETS = 1_440;

const bucketsPerDay: Record<Granularity, number> = {
  minute: 1_440,
  hour: 24,
  day: 1,
  week: 1 / 7,
  month: 1 / 30,
  quarter: 1 / 90,
};

export function needsProperty(measurement: Measurement): boolean {
  return !["total", "unique", "average"].includes(measurement);
}

export function needsValue(operator: Operator): boolean {
  return operator !== "set" && operator !== "unset";
}

export function daysOf(range: Range): number {
  if ("days" in range) return range.days;
  return Math.round((Date.parse(range.to) - Date.parse(range.from)) / 86_400_000) + 1;
}

/** The granularities that make sense for a range: not too many points, and more than one. */
export function granularitiesFor(range: Range): Granularity[] {
  const days = daysOf(range);
  return granularities.filter((granularity) => {
    const buckets = days * bucketsPerDay[granularity];
    return buckets >= 2 && buckets <= MAX_BUCKETS;
  });
}

/** The same report over another range, with a granularity that fits it. */
export function withRange(report: Report, range: Range): Report {
  const possible = granularitiesFor(range);
  if (possible.includes(report.granularity)) return { ...report, range };
  const days = daysOf(range);
  const fitting: Granularity = days <= 3 ? "hour" : days <= 120 ? "day" : days <= 800 ? "week" : "month";
  return { ...report, range, granularity: fitting };
}

/** The metric that says something about every project. */
export function anyEvent(): Metric {
  return { events: [], measurement: "total", property: "" };
}

export function initialReport(): Report {
  return {
    metrics: [anyEvent()],
    filters: [],
    breakdowns: [],
    range: { days: 30 },
    granularity: "day",
    chart: "line",
  };
}

/** Whether nothing is missing that the server needs. A half-built row leaves the last answer standing. */
export function isComplete(report: Report): boolean {
  return report.metrics.every((metric) => !needsProperty(metric.measurement) || metric.property !== "");
}

/** Names of all properties that the report reads. */
export function touched(report: Report): string[] {
  const measured = report.metrics.filter((metric) => needsProperty(metric.measurement)).map((metric) => metric.property);
  const filtered = report.filters.map((filter) => filter.property);
  return [...new Set([...measured, ...filtered, ...report.breakdowns])].filter((name) => name !== "");
}
