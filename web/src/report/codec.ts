/**
 * A report ⇄ the search part of an address.
 *
 *   m=unique,,Sign Up,Invite     a metric: measurement, measured property, events (none: any event)
 *   f=plan,is,pro,team           a filter: property, operator, values
 *   b=plan                       a breakdown
 *   r=30d | r=2026-10-01..2026-10-31
 *   g=day
 *   c=bar                        left out: line
 *
 * Parts of a value are split at commas; a comma or backslash inside a part has a backslash before it.
 * Reading never fails: what is not understood is left out, so that an old or mistyped link still opens.
 */
import {
  type Chart,
  charts,
  daysOf,
  type Filter,
  type Granularity,
  granularities,
  initialReport,
  MAX_DAYS,
  MAX_METRICS,
  type Measurement,
  type Metric,
  measurements,
  needsProperty,
  needsValue,
  type Operator,
  operators,
  type Range,
  type Report,
  withRange,
} from "./report";

export function encode(report: Report): URLSearchParams {
  const search = new URLSearchParams();
  for (const { measurement, property, events } of report.metrics) search.append("m", pack([measurement, property, ...events]));
  for (const { property, operator, values } of report.filters) search.append("f", pack([property, operator, ...values]));
  for (const property of report.breakdowns) search.append("b", property);
  search.set("r", "days" in report.range ? `${report.range.days}d` : `${report.range.from}..${report.range.to}`);
  search.set("g", report.granularity);
  if (report.chart !== "line") search.set("c", report.chart);
  return search;
}

export function decode(search: URLSearchParams): Report {
  const initial = initialReport();
  const metrics = search.getAll("m").map(metric).filter((found) => found !== undefined).slice(0, MAX_METRICS);
  const granularity = search.get("g");
  const chart = search.get("c");
  const read: Report = {
    metrics: metrics.length > 0 ? metrics : initial.metrics,
    filters: search.getAll("f").map(filter).filter((found) => found !== undefined),
    breakdowns: search.getAll("b").filter((name) => name !== "").slice(0, 1),
    range: initial.range,
    granularity: oneOf<Granularity>(granularities, granularity) ?? initial.granularity,
    chart: oneOf<Chart>(charts, chart) ?? initial.chart,
  };
  return withRange(read, range(search.get("r")) ?? initial.range);
}

function metric(text: string): Metric | undefined {
  const [kind, property, ...events] = unpack(text);
  const measurement = oneOf<Measurement>(measurements, kind);
  if (!measurement) return undefined;
  return { measurement, property: needsProperty(measurement) ? (property ?? "") : "", events: events.filter((name) => name !== "") };
}

function filter(text: string): Filter | undefined {
  const [property, kind, ...values] = unpack(text);
  const operator = oneOf<Operator>(operators, kind);
  if (!operator || property === undefined) return undefined;
  return { property, operator, values: needsValue(operator) ? values : [] };
}

function range(text: string | null): Range | undefined {
  const days = /^([1-9]\d{0,3})d$/.exec(text ?? "");
  if (days) return { days: Math.min(Number(days[1]), MAX_DAYS) };
  const dates = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/.exec(text ?? "");
  if (!dates) return undefined;
  const found = { from: dates[1] ?? "", to: dates[2] ?? "" };
  if (!isDate(found.from) || !isDate(found.to)) return undefined;
  return daysOf(found) >= 1 && daysOf(found) <= MAX_DAYS ? found : undefined;
}

/** Whether a text names a day that exists: 30 February does not. */
export function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function oneOf<T extends string>(all: readonly T[], text: string | null | undefined): T | undefined {
  return all.find((one) => one === text);
}

export function pack(parts: string[]): string {
  return parts.map((part) => part.replace(/[\\,]/g, "\\$&")).join(",");
}

export function unpack(text: string): string[] {
  const parts: string[] = [];
  let part = "";
  for (let at = 0; at < text.length; at++) {
    if (text[at] === ",") {
      parts.push(part);
      part = "";
      continue;
    }
    if (text[at] === "\\" && at + 1 < text.length) at++;
    part += text[at];
  }
  return [...parts, part];
}
