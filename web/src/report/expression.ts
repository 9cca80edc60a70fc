/** Rows of the builder → the expression language of the server (`properties["plan"] == "pro"`). */
import { type Filter, needsValue } from "./report";

export function propertyExpression(name: string): string {
  return `properties[${quote(name)}]`;
}

/** All rows joined; undefined where no row says anything yet. */
export function filterExpression(filters: Filter[]): string | undefined {
  const rows = filters.map(rowExpression).filter((row) => row !== undefined);
  if (rows.length < 2) return rows[0];
  return rows.map((row) => `(${row})`).join(" and ");
}

function rowExpression({ property, operator, values }: Filter): string | undefined {
  if (property === "" || (needsValue(operator) && values.length === 0)) return undefined;
  const subject = propertyExpression(property);
  switch (operator) {
    case "is":
      return anyOf(values.flatMap(literals).map((literal) => `${subject} == ${literal}`));
    case "not":
      return `not (${anyOf(values.flatMap(literals).map((literal) => `${subject} == ${literal}`))})`;
    case "has":
      return anyOf(values.map((value) => `${quote(value)} in ${subject}`));
    case "lacks":
      return `not (${anyOf(values.map((value) => `${quote(value)} in ${subject}`))})`;
    case "gt":
    case "gte":
    case "lt":
    case "lte":
      return compare(subject, operator, values[0] ?? "");
    case "set":
      return `defined(${subject})`;
    case "unset":
      return `not defined(${subject})`;
  }
}

const signs = { gt: ">", gte: ">=", lt: "<", lte: "<=" };

function compare(subject: string, operator: keyof typeof signs, value: string): string | undefined {
  return isNumber(value) ? `${subject} ${signs[operator]} ${Number(value)}` : undefined;
}

function anyOf(rows: string[]): string {
  return rows.join(" or ");
}

/**
 * What a typed value can mean. Equality across types is false in the language, and whoever types 5 or true
 * does not know how the property was sent: both readings are asked for.
 */
function literals(value: string): string[] {
  const text = quote(value);
  if (isNumber(value)) return [text, String(Number(value))];
  if (value === "true" || value === "false") return [text, value];
  return [text];
}

function isNumber(value: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(value.trim()) && Number.isFinite(Number(value));
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
