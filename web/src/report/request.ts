import type { Schema } from "../api/client";
import { filterExpression, propertyExpression } from "./expression";
import { needsProperty, type Report } from "./report";

/** Most segments of a breakdown that are asked for; the rest would be unreadable even in the table. */
const MAX_SEGMENTS = 50;

export function request(project: number, report: Report): Schema["RunReport"] {
  const filter = filterExpression(report.filters);
  return {
    project,
    report: {
      kind: "insights",
      metrics: report.metrics.map(({ events, measurement, property }) => ({
        events,
        measurement: needsProperty(measurement) ? { kind: measurement, property } : { kind: measurement },
      })),
      breakdowns: report.breakdowns.map(propertyExpression),
      ...(filter === undefined ? {} : { filter }),
      range: "days" in report.range ? { last_days: report.range.days } : report.range,
      granularity: report.granularity,
      limit: MAX_SEGMENTS,
    },
  };
}
