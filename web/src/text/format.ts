import type { Granularity } from "../report/report";

/** A number as it stands in a table: exact up to a hundredth. */
export function exact(value: number | null, tag: string): string {
  return value === null ? "–" : new Intl.NumberFormat(tag, { maximumFractionDigits: 2 }).format(value);
}

/** A number as it stands at an axis or in a tile: short. */
export function short(value: number, tag: string): string {
  return new Intl.NumberFormat(tag, { notation: "compact", maximumFractionDigits: 1 }).format(value);
}

/**
 * The civil date and hour of a bucket, read off its text (`2026-11-01T01:00:00-05:00`), not converted:
 * the two hours named 01:00 on the day when clocks go back are both shown as 01:00.
 */
export function civil(start: string): Date {
  return new Date(start.length === 10 ? `${start}T00:00:00Z` : `${start.slice(0, 19)}Z`);
}

const axisStyles: Record<Granularity, Intl.DateTimeFormatOptions> = {
  minute: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  hour: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  day: { day: "numeric", month: "short" },
  week: { day: "numeric", month: "short" },
  month: { month: "short", year: "numeric" },
  quarter: { month: "short", year: "numeric" },
};

const fullStyles: Record<Granularity, Intl.DateTimeFormatOptions> = {
  minute: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  hour: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  day: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
  week: { day: "numeric", month: "short", year: "numeric" },
  month: { month: "long", year: "numeric" },
  quarter: { month: "long", year: "numeric" },
};

export function bucketLabel(start: string, granularity: Granularity, tag: string, style: "axis" | "full"): string {
  const options = (style === "axis" ? axisStyles : fullStyles)[granularity];
  return isolate(new Intl.DateTimeFormat(tag, { ...options, timeZone: "UTC" }).format(civil(start)));
}

/** Keeps a label whole in a chart, which runs from left to right: `24 أكتوبر` would be turned round. */
function isolate(label: string): string {
  return `\u2068${label}\u2069`;
}

/** A civil date (`2026-11-01`) in words. */
export function dateLabel(date: string, tag: string): string {
  return new Intl.DateTimeFormat(tag, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(civil(date));
}

/** A moment, in the reader's own zone. */
export function momentLabel(at: string, tag: string): string {
  return new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "medium" }).format(new Date(at));
}

const steps: [string, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** How long ago a moment was, short: `12s`. A moment in the future (a clock ahead of ours) counts as now. */
export function ago(at: string, now: number, tag: string): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(at)) / 1000));
  const step = steps.find(([, length]) => seconds >= length);
  if (!step) return new Intl.RelativeTimeFormat(tag, { numeric: "auto" }).format(0, "second");
  const [unit, length] = step;
  return new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay: "narrow" }).format(Math.floor(seconds / length));
}

/** A country in words, where the two letters are known. */
export function countryName(code: string, tag: string): string {
  try {
    return new Intl.DisplayNames(tag, { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}
