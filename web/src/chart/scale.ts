import { max, min } from "d3-array";
import { type ScaleLinear, scaleLinear } from "d3-scale";

/** What a chart draws: one line, or one bar. */
export interface Series {
  key: string;
  label: string;
  /** Which of the theme's series colours. */
  colour: number;
  values: (number | null)[];
  total: number | null;
}

export const COLOURS = 8;

/** Least distance of two labels at a time axis, in pixels. */
const LABEL_ROOM = 84;
/** About one line of the grid for so many pixels. */
const GRID_ROOM = 64;

/** Counts start at zero: an axis that does not makes every change look large. Only negative values go below. */
export function valueScale(series: Series[], height: number): ScaleLinear<number, number> {
  const values = series.flatMap((one) => one.values).filter((value) => value !== null);
  const top = Math.max(0, max(values) ?? 0);
  const bottom = Math.min(0, min(values) ?? 0);
  const domain = top === bottom ? [0, 1] : [bottom, top];
  return scaleLinear(domain, [height, 0]).nice(gridLines(height));
}

export function gridLines(height: number): number {
  return Math.max(2, Math.round(height / GRID_ROOM));
}

/** Ticks of a value axis; fractions are left out where all values are whole, for there is no half event. */
export function valueTicks(scale: ScaleLinear<number, number>, series: Series[], height: number): number[] {
  const whole = series.every((one) => one.values.every((value) => value === null || Number.isInteger(value)));
  return scale.ticks(gridLines(height)).filter((tick) => !whole || Number.isInteger(tick));
}

/** Bucket → pixel: equal steps, whatever the calendar says; one bucket alone stands in the middle. */
export function bucketScale(count: number, width: number): (index: number) => number {
  return (index) => (count < 2 ? width / 2 : (index / (count - 1)) * width);
}

/** The bucket nearest to a pixel. */
export function bucketAt(x: number, count: number, width: number): number {
  if (count < 2) return 0;
  return Math.min(count - 1, Math.max(0, Math.round((x / width) * (count - 1))));
}

/** Which buckets get a label: at even steps, as many as there is room for, never fewer than the first. */
export function labelled(count: number, width: number): number[] {
  const room = Math.max(1, Math.floor(width / LABEL_ROOM));
  const step = Math.max(1, Math.ceil(count / room));
  return Array.from({ length: Math.ceil(count / step) }, (_, at) => at * step);
}

/** Where the dotted part of a line begins: at the last complete bucket before the incomplete tail. */
export function solidUntil(complete: boolean[]): number {
  const last = complete.lastIndexOf(true);
  return last === -1 ? 0 : last;
}
