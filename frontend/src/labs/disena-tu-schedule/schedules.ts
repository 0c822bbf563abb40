/** Schedules of η as functions of the share of the run that is over, and short runs under them. */

import { Network } from "../kernel/network";
import { Random } from "../kernel/random";
import { lossOf, spirals } from "../kernel/spirals";

export const SHAPES = ["constante", "lineal", "coseno", "raiz", "meseta", "escalones"] as const;
export type Shape = (typeof SHAPES)[number];

/** A shallow tanh network, and a deep one of ReLU whose wide start makes the first steps the sharpest. */
export type Kind = "llana" | "profunda";
const KINDS = {
  llana: { sizes: [2, 16, 16, 3], activation: "tanh", start: 2.5 },
  profunda: { sizes: [2, 16, 16, 16, 16, 16, 3], activation: "relu", start: 2 },
} as const;

export interface Schedule {
  peak: number;
  /** Share of the steps in which η rises, in a straight line, to its peak. */
  warmup: number;
  shape: Shape;
  /** What is left of the peak at the end. */
  floor: number;
}

export const STEPS = 600;
/** Runs whose mean is shown: one alone says little. */
export const SEEDS = 3;
/** The whole loss is measured each so many steps. */
export const EVERY = 20;
/** The constants that a schedule is held against. */
export const CONSTANTS = [0.03, 0.06, 0.12, 0.25, 0.5, 1, 2];
const BATCH = 16;
const POINTS = 240;
/** Share of wrong labels: it leaves noise in the gradient for ever, which only a smaller η quietens. */
const WRONG = 0.15;
/** The share of the run, after warm-up, in which the plateau goes down. */
const DESCENT = 0.25;
const BROKEN = 1e3;

/** η at step `k` of `steps`, the first being 0. */
export function eta({ peak, warmup, shape, floor }: Schedule, k: number, steps = STEPS): number {
  const rising = Math.round(warmup * steps);
  if (k < rising) return (peak * (k + 1)) / (rising + 1);
  const over = (k - rising) / Math.max(1, steps - 1 - rising);
  return peak * (floor + (1 - floor) * left(shape, over, k - rising));
}

/** What a shape leaves of 1 when the share `over` of its stretch is over. */
function left(shape: Shape, over: number, k: number): number {
  switch (shape) {
    case "constante":
      return 1;
    case "lineal":
      return 1 - over;
    case "coseno":
      return (1 + Math.cos(Math.PI * over)) / 2;
    case "raiz":
      return 1 / Math.sqrt(1 + k / 20);
    case "meseta":
      return Math.min(1, (1 - over) / DESCENT);
    case "escalones":
      return 0.3 ** Math.floor(over * 3);
  }
}

export interface Run {
  losses: number[];
  final: number;
}

/** The whole training loss along a run, mean of SEEDS runs; infinite from where one broke. */
export function run(schedule: Schedule, kind: Kind, seed: number): Run {
  const runs = Array.from({ length: SEEDS }, (_, i) => once(schedule, kind, SEEDS * seed + i));
  const losses = runs[0]?.map((_, k) => runs.reduce((sum, one) => sum + (one[k] as number), 0) / SEEDS) ?? [];
  return { losses, final: losses.at(-1) as number };
}

function once(schedule: Schedule, kind: Kind, seed: number): number[] {
  const random = new Random(100 + seed);
  const examples = spirals(POINTS, random, WRONG);
  const { sizes, activation, start } = KINDS[kind];
  const net = new Network(sizes, activation);
  const weights = net.start(random, start);
  const gradient = new Float64Array(net.count);
  const losses: number[] = [];
  for (let k = 0; k < STEPS; k++) {
    if (k % EVERY === 0) losses.push(lossOf(net, weights, examples));
    lossOf(net, weights, examples, gradient, Array.from({ length: BATCH }, () => random.below(POINTS)));
    const now = eta(schedule, k);
    for (let i = 0; i < weights.length; i++) (weights[i] as number) -= now * (gradient[i] as number);
  }
  losses.push(lossOf(net, weights, examples));
  return losses.map((loss) => (loss < BROKEN ? loss : Infinity));
}

export interface Question {
  schedule: Schedule;
  kind: Kind;
  seed: number;
}

export interface Answer extends Question, Run {
  constants: { eta: number; run: Run }[];
  /** The constant with the least loss at the end. */
  best: { eta: number; run: Run };
}

export function answer(question: Question): Answer {
  const { kind, seed } = question;
  const constants = CONSTANTS.map((peak) => ({ eta: peak, run: run({ peak, warmup: 0, shape: "constante", floor: 1 }, kind, seed) }));
  const best = constants.reduce((least, one) => (one.run.final < least.run.final ? one : least));
  return { ...question, ...run(question.schedule, kind, seed), constants, best };
}
