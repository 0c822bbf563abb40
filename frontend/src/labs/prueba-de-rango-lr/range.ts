/**
 * A range test on networks whose scales nobody knows: η grows at each step of one short run, and the loss tells
 * where it helps and where it breaks (L. N. Smith, 2017, arXiv:1506.01186).
 */

import { Network } from "../kernel/network";
import { Random } from "../kernel/random";
import { lossOf, spirals, type Examples } from "../kernel/spirals";

export const LEAST = 1e-6;
export const MOST = 1e4;
/** A final loss of at most so many times the best one is as good. */
export const NEAR = 1.25;
const TEST_STEPS = 100;
const TRAIN_STEPS = 200;
const BATCH = 32;
const POINTS = 240;
/** Share of wrong labels: with none, the loss has no floor and a little less of it no meaning. */
const WRONG = 0.2;
const SMOOTHING = 0.9;
/** The test ends where the smoothed loss is so many times the first one. */
const BROKEN = 4;
/** Of the sweep that says what the best η was. */
const SWEEP = 21;

export interface Question {
  seed: number;
  /** The η to train with; null: only the range test. */
  eta: number | null;
}

export interface Answer extends Question {
  etas: number[];
  raw: number[];
  smooth: number[];
  /** Where the smoothed loss is least. */
  minimum: number;
  trained: Trained | null;
}

export interface Trained {
  /** Loss at the end with the η that was asked for, and with those of the sweep; infinite where it broke. */
  loss: number;
  sweep: { eta: number; loss: number }[];
  best: { eta: number; loss: number };
}

/** A network, its examples and the scales that move its best η: of the loss, of the inputs, of the start. */
interface Model {
  net: Network;
  examples: Examples;
  lossScale: number;
  start: Float64Array;
}

function model(seed: number): Model {
  const random = new Random(1000 + seed);
  const spread = (decades: number) => 10 ** (decades * (2 * random.uniform() - 1));
  const depth = 1 + random.below(3);
  const width = [8, 16, 24][random.below(3)] as number;
  const net = new Network([2, ...Array.from({ length: depth }, () => width), 3], random.uniform() < 0.5 ? "tanh" : "relu");
  const [lossScale, inputScale, startScale] = [spread(2), spread(0.5), spread(0.2)];
  const examples = spirals(POINTS, random, WRONG);
  for (const input of examples.inputs) input.forEach((x, i) => (input[i] = x * inputScale * 3));
  return { net, examples, lossScale, start: net.start(random, startScale) };
}

/** One step of plain descent on a fresh batch; gives the loss before it, on the same batch. */
function step({ net, examples, lossScale }: Model, weights: Float64Array, gradient: Float64Array, eta: number, random: Random): number {
  const chosen = Array.from({ length: BATCH }, () => random.below(POINTS));
  const loss = lossOf(net, weights, examples, gradient, chosen);
  const times = eta * lossScale;
  for (let i = 0; i < weights.length; i++) (weights[i] as number) -= times * (gradient[i] as number);
  return loss * lossScale;
}

/** The η of the test, its losses, and their exponential mean, corrected for its start. */
export function rangeTest(seed: number): Pick<Answer, "etas" | "raw" | "smooth" | "minimum"> {
  const tested = model(seed);
  const random = new Random(2000 + seed);
  const [weights, gradient] = [tested.start.slice(), new Float64Array(tested.net.count)];
  const [etas, raw, smooth]: [number[], number[], number[]] = [[], [], []];
  let mean = 0;
  for (let k = 0; k < TEST_STEPS; k++) {
    const eta = LEAST * (MOST / LEAST) ** (k / (TEST_STEPS - 1));
    const loss = step(tested, weights, gradient, eta, random);
    mean = SMOOTHING * mean + (1 - SMOOTHING) * loss;
    const smoothed = mean / (1 - SMOOTHING ** (k + 1));
    if (!Number.isFinite(smoothed) || (k > 0 && smoothed > BROKEN * (smooth[0] as number))) break;
    etas.push(eta);
    raw.push(loss);
    smooth.push(smoothed);
  }
  return { etas, raw, smooth, minimum: etas[smooth.indexOf(Math.min(...smooth))] as number };
}

/** The whole loss after a fresh run with constant η; infinite if it broke. */
export function train(seed: number, eta: number): number {
  const fresh = model(seed);
  const random = new Random(3000 + seed);
  const [weights, gradient] = [fresh.start.slice(), new Float64Array(fresh.net.count)];
  for (let k = 0; k < TRAIN_STEPS; k++) {
    if (!Number.isFinite(step(fresh, weights, gradient, eta, random))) return Infinity;
  }
  const loss = lossOf(fresh.net, weights, fresh.examples) * fresh.lossScale;
  return Number.isFinite(loss) ? loss : Infinity;
}

/** Trains with every η of a sweep, two a decade, to know what the best would have been. */
export function compare(seed: number, eta: number): Trained {
  const sweep = Array.from({ length: SWEEP }, (_, i) => LEAST * (MOST / LEAST) ** (i / (SWEEP - 1))).map((one) => ({ eta: one, loss: train(seed, one) }));
  const loss = train(seed, eta);
  const best = [...sweep, { eta, loss }].reduce((least, one) => (one.loss < least.loss ? one : least));
  return { loss, sweep, best };
}

export function answer({ seed, eta }: Question): Answer {
  return { seed, eta, ...rangeTest(seed), trained: eta === null ? null : compare(seed, eta) };
}
