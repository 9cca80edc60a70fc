import type { Schema } from "../../api/client";
import { COLOURS, type Series } from "../../chart/scale";
import { type Metric, needsProperty } from "../../report/report";

/** Lines, without the overall ones, that one chart shows before anybody has chosen: more than eight are a tangle. */
const SHOWN_AT_FIRST = 8;

/** The letter that a metric goes by. */
export function letter(index: number): string {
  return String.fromCharCode(65 + index);
}

/** The segment of events that do not have the property, as the server writes it. */
const NOT_SET = "(not set)";

type Say = (key: string, args?: Record<string, string>) => string;

export function metricLabel(metric: Metric, say: Say): string {
  const events = metric.events.length === 0 ? say("any-event") : metric.events.join(" / ");
  if (metric.measurement === "total") return events;
  const measured = needsProperty(metric.measurement) ? "metric-of-property" : "metric-of-event";
  return say(measured, { events, measurement: say(`measure-${metric.measurement}`), property: metric.property });
}

/** A line of the answer. `overall`: of all rows, beside its segments. */
export type Line = Series & { overall: boolean };

/** What the server answered, as the chart and the table show it: in the server's order, which is by size. */
export function toSeries(result: Schema["ReportAnswer"], metrics: Metric[], say: Say): Line[] {
  const now = runningBucket(result.buckets);
  const split = result.series.some((one) => one.breakdown.length > 0);
  return result.series.map((one, index) => {
    const metric = metrics[one.metric];
    const name = metric ? metricLabel(metric, say) : letter(one.metric);
    const overall = split && one.breakdown.length === 0;
    const segment = overall
      ? say("segment-all")
      : one.others
        ? say("segment-others", { count: one.breakdown[0] ?? "" })
        : one.breakdown.map((value) => segmentLabel(value, say)).join(" · ");
    const label = segment === "" ? name : metrics.length > 1 ? `${letter(one.metric)} · ${segment}` : segment;
    return {
      key: JSON.stringify([one.metric, one.others, ...one.breakdown]),
      label,
      colour: index % COLOURS,
      values: one.values.map((value, bucket) => (bucket > now ? null : value)),
      total: one.total ?? null,
      overall,
    };
  });
}

/** The bucket that is not over yet. Those after it have not begun: a zero there would look like a fall. */
function runningBucket(buckets: Schema["BucketView"][]): number {
  const first = buckets.findIndex((bucket) => !bucket.complete);
  return first === -1 ? buckets.length : first;
}

/** Which lines are drawn before anybody has chosen: the greatest segments, not what they are parts of. */
export function shownAtFirst(lines: Line[]): Set<string> {
  return new Set(lines.filter((line) => !line.overall).slice(0, SHOWN_AT_FIRST).map((line) => line.key));
}

function segmentLabel(value: string, say: Say): string {
  if (value === NOT_SET) return say("segment-unset");
  return value === "" ? say("segment-empty") : value;
}
