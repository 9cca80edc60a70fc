import { expect, it } from "vitest";
import { filterExpression, propertyExpression } from "./expression";
import type { Operator } from "./report";

const cases: [property: string, operator: Operator, values: string[], expected: string | undefined][] = [
  ["plan", "is", ["pro"], 'properties["plan"] == "pro"'],
  ["plan", "is", ["pro", "team"], 'properties["plan"] == "pro" or properties["plan"] == "team"'],
  ["seats", "is", ["5"], 'properties["seats"] == "5" or properties["seats"] == 5'],
  ["trial", "is", ["true"], 'properties["trial"] == "true" or properties["trial"] == true'],
  ["plan", "not", ["pro"], 'not (properties["plan"] == "pro")'],
  ["path", "has", ["/docs"], '"/docs" in properties["path"]'],
  ["path", "lacks", ["/docs", "/blog"], 'not ("/docs" in properties["path"] or "/blog" in properties["path"])'],
  ["amount", "gt", ["10.50"], 'properties["amount"] > 10.5'],
  ["amount", "lte", ["-3"], 'properties["amount"] <= -3'],
  ["amount", "gte", ["much"], undefined],
  ["plan", "set", [], 'defined(properties["plan"])'],
  ["plan", "unset", [], 'not defined(properties["plan"])'],
  ["plan", "is", [], undefined],
  ["", "is", ["pro"], undefined],
  ['a"b\\c', "is", ['x"\\'], 'properties["a\\"b\\\\c"] == "x\\"\\\\"'],
];

it.each(cases)("%s %s %j", (property, operator, values, expected) => {
  expect(filterExpression([{ property, operator, values }])).toBe(expected);
});

it("joins rows with and, each in parentheses, and leaves out those that say nothing", () => {
  const rows = [
    { property: "plan", operator: "is" as const, values: ["a", "b"] },
    { property: "", operator: "is" as const, values: [] },
    { property: "x", operator: "set" as const, values: [] },
  ];
  expect(filterExpression(rows)).toBe('(properties["plan"] == "a" or properties["plan"] == "b") and (defined(properties["x"]))');
  expect(filterExpression([])).toBeUndefined();
});

it("names a property", () => {
  expect(propertyExpression("$city")).toBe('properties["$city"]');
});
