import { describe, expect, it } from "vitest";
import { bucketAt, bucketScale, labelled, type Series, solidUntil, valueScale, valueTicks } from "./scale";

function series(...values: (number | null)[][]): Series[] {
  return values.map((one, at) => ({ key: String(at), label: String(at), colour: at, values: one, total: null }));
}

describe("value scale", () => {
  it("begins at zero, however high the values are", () => {
    expect(valueScale(series([900, 1000]), 280).domain()[0]).toBe(0);
  });

  it("goes below zero only for negative values", () => {
    expect(valueScale(series([-3, 4]), 280).domain()[0]).toBeLessThanOrEqual(-3);
  });

  it("reaches the highest value of all series", () => {
    expect(valueScale(series([1, null], [null, 73]), 280).domain()[1]).toBeGreaterThanOrEqual(73);
  });

  it.each([[[]], [[null, null]], [[0, 0]]])("has an axis for %j", (values) => {
    expect(valueScale(series(values), 280).domain()).toEqual([0, 1]);
  });

  it("shows no half events, but fractions where there are some", () => {
    const whole = series([1, 2]);
    expect(valueTicks(valueScale(whole, 280), whole, 280).every(Number.isInteger)).toBe(true);
    const parts = series([0.2, 0.4]);
    expect(valueTicks(valueScale(parts, 280), parts, 280).length).toBeGreaterThan(2);
  });
});

describe("buckets", () => {
  it("fills the width, and puts one alone in the middle", () => {
    expect([0, 1, 2].map(bucketScale(3, 100))).toEqual([0, 50, 100]);
    expect(bucketScale(1, 100)(0)).toBe(50);
  });

  it("finds the bucket under the pointer, also outside of the plot", () => {
    expect([-20, 0, 24, 26, 100, 500].map((x) => bucketAt(x, 3, 100))).toEqual([0, 0, 0, 1, 2, 2]);
  });

  it("labels at even steps, as many as fit", () => {
    expect(labelled(30, 840)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
    expect(labelled(5, 40)).toEqual([0]);
    expect(labelled(0, 840)).toEqual([]);
  });

  it("dots the line after the last complete bucket", () => {
    expect(solidUntil([true, true, false])).toBe(1);
    expect(solidUntil([true, true])).toBe(1);
    expect(solidUntil([false])).toBe(0);
  });
});
