/** Scales of an axis: from values to the unit interval, with the ticks that a reader expects. */

import { ticks } from "d3-array";
import { spanish, superscript } from "./numbers";

export interface Scale {
  readonly log: boolean;
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  at(value: number): number;
  name(tick: number): string;
}

/** Positive values that span more than this are shown by their logarithm. */
export const LOG_FROM_RATIO = 30;
/** In decades: a curve from 1.01 down needs no decade above 1. */
const SLACK = 0.02;
/** Relative: what differs by less is one value and its rounding. */
const ROUNDING = 1e-9;

export function linear(low: number, high: number, count = 5): Scale {
  if (high - low <= ROUNDING * Math.max(Math.abs(low), Math.abs(high))) {
    const margin = Math.abs(low) / 2 || 0.5;
    low -= margin;
    high += margin;
  }
  const shown = ticks(low, high, count);
  return {
    log: false,
    low,
    high,
    ticks: shown,
    at: (value) => (value - low) / (high - low),
    name: (tick) => spanish(tick),
  };
}

/** `low` and `high` must be positive; whole powers of ten are ticks, at most about `count`. */
export function logarithmic(low: number, high: number, count = 6): Scale {
  const from = Math.log10(low);
  const to = Math.log10(high) > from ? Math.log10(high) : from + 1;
  const first = Math.ceil(from - 1e-9);
  const last = Math.floor(to + 1e-9);
  const step = Math.max(1, Math.ceil((last - first) / count));
  const powers: number[] = [];
  for (let power = first; power <= last; power += step) powers.push(10 ** power);
  return {
    log: true,
    low: 10 ** from,
    high: 10 ** to,
    ticks: powers,
    at: (value) => (Math.log10(Math.max(value, Number.MIN_VALUE)) - from) / (to - from),
    name: (tick) => `10${superscript(Math.round(Math.log10(tick)))}`,
  };
}

/** A scale that holds all finite values: round ends, log where the values are positive and span decades. */
export function fit(values: Iterable<number>, options: { log?: boolean; count?: number } = {}): Scale {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (options.log === true && value <= 0) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return options.log ? logarithmic(1e-3, 1) : linear(0, 1, options.count);
  const log = options.log ?? (low > 0 && high / low > LOG_FROM_RATIO);
  if (log) return logarithmic(10 ** Math.floor(Math.log10(low) + SLACK), 10 ** Math.ceil(Math.log10(high) - SLACK), options.count);
  return linear(low, high, options.count);
}
