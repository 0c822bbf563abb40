/**
 * How far the gradient of a batch lies from the whole one, and the batch at which both weigh the same:
 * the noise scale tr Σ / ‖g‖² (S. McCandlish et al., 2018, arXiv:1812.06162).
 */

import { Network } from "../kernel/network";
import { Random } from "../kernel/random";
import { lossOf, spirals } from "../kernel/spirals";

export const BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
export const MOST_STEPS = 800;
/** The noise scale is measured each so many steps on the way. */
export const EVERY = 50;
const POINTS = 240;
const ETA = 0.4;
const TRAINING_BATCH = 16;
const DRAWS = 150;

export interface Question {
  steps: number;
  seed: number;
}

export interface Measured extends Question {
  loss: number;
  /** ‖g‖² of the whole set, and tr Σ of its examples. */
  signal: number;
  spread: number;
  /** Mean ‖g_B − g‖² over the draws, for each of BATCHES. */
  errors: number[];
  /** The noise scale at steps 0, EVERY, … up to the steps asked for. */
  history: number[];
}

interface Gradients {
  whole: Float64Array;
  single: Float64Array[];
  loss: number;
}

export const squared = (values: Float64Array) => values.reduce((sum, x) => sum + x * x, 0);

/** The mean of ‖g_i − g‖²: of the examples' gradients about their mean. */
export const spreadOf = ({ whole, single }: Gradients) => single.reduce((sum, one) => sum + squared(one), 0) / single.length - squared(whole);

export function measure({ steps, seed }: Question): Measured {
  const random = new Random(seed);
  const examples = spirals(POINTS, random, 0.05);
  const net = new Network([2, 16, 16, 3]);
  const weights = net.start(random);
  const gradient = new Float64Array(net.count);
  const gradients = (): Gradients => {
    const single = examples.inputs.map((_, i) => {
      const one = new Float64Array(net.count);
      lossOf(net, weights, examples, one, [i]);
      return one;
    });
    const whole = new Float64Array(net.count);
    return { single, loss: lossOf(net, weights, examples, whole), whole };
  };
  const history: number[] = [];
  for (let step = 0; step < steps; step++) {
    if (step % EVERY === 0) history.push(scale(gradients()));
    lossOf(net, weights, examples, gradient, Array.from({ length: TRAINING_BATCH }, () => random.below(POINTS)));
    for (let i = 0; i < weights.length; i++) (weights[i] as number) -= ETA * (gradient[i] as number);
  }
  const now = gradients();
  if (steps % EVERY === 0) history.push(scale(now));
  const draws = new Random(seed + 1);
  return { steps, seed, loss: now.loss, signal: squared(now.whole), spread: spreadOf(now), errors: BATCHES.map((size) => meanError(now, size, draws)), history };
}

const scale = (found: Gradients) => spreadOf(found) / squared(found.whole);

/** Mean of ‖g_B − g‖² over batches drawn with replacement. */
function meanError({ whole, single }: Gradients, size: number, random: Random): number {
  let total = 0;
  const mean = new Float64Array(whole.length);
  for (let draw = 0; draw < DRAWS; draw++) {
    mean.fill(0);
    for (let k = 0; k < size; k++) {
      const one = single[random.below(single.length)] as Float64Array;
      for (let i = 0; i < mean.length; i++) (mean[i] as number) += one[i] as number;
    }
    for (let i = 0; i < mean.length; i++) total += ((mean[i] as number) / size - (whole[i] as number)) ** 2;
  }
  return total / DRAWS;
}
