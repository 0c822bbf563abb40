/** A small tanh network that learns a curve from twenty points by full-batch descent, and the curvature it meets. */

import { Network } from "../kernel/network";
import { Random } from "../kernel/random";

/** Units of each layer, the input's first. */
export const SIZES = [1, 16, 16, 1] as const;
export const STEPS = 3000;
/** The curvature is measured each so many steps. */
export const EVERY = 25;
const POINTS = 20;
const ITERATIONS = 10;
const PROBE = 1e-4;
/** A loss above this has escaped: nothing is followed any more. */
const ESCAPED = 1e6;

export interface Question {
  eta: number;
  seed: number;
}

export interface Trained extends Question {
  /** One more than the steps taken. */
  losses: Float64Array;
  /** The largest eigenvalue of the Hessian at steps 0, EVERY, 2 EVERY… */
  sharpness: Float64Array;
}

/** Chebyshev's points, and his fourth polynomial on them. */
export const INPUTS = Float64Array.from({ length: POINTS }, (_, i) => Math.cos(((2 * i + 1) / (2 * POINTS)) * Math.PI));
export const TARGETS = INPUTS.map((x) => 8 * x ** 4 - 8 * x ** 2 + 1);

const NET = new Network(SIZES);
export const PARAMETERS = NET.count;

/** Weights normal with variance 1 ÷ inputs, biases 0; each layer's weights by rows, then its biases. */
export const start = (random: Random): Float64Array => NET.start(random);

/** Writes the gradient of ½ mean (f(x) − y)² into `gradient`; returns the loss. */
export function differentiate(weights: Float64Array, gradient: Float64Array): number {
  gradient.fill(0);
  let loss = 0;
  for (let n = 0; n < POINTS; n++) {
    const error = (NET.forward(weights, [INPUTS[n] as number])[0] as number) - (TARGETS[n] as number);
    loss += (0.5 * error * error) / POINTS;
    NET.backward(weights, [error / POINTS], gradient);
  }
  return loss;
}

/** Turns `direction` (of length 1) towards the stiffest one by power iteration; returns its curvature. */
export function sharpen(weights: Float64Array, direction: Float64Array, iterations = ITERATIONS): number {
  const [ahead, behind] = [new Float64Array(PARAMETERS), new Float64Array(PARAMETERS)];
  let curvature = NaN;
  for (let k = 0; k < iterations; k++) {
    differentiate(weights.map((w, i) => w + PROBE * (direction[i] as number)), ahead);
    differentiate(weights.map((w, i) => w - PROBE * (direction[i] as number)), behind);
    const product = ahead.map((g, i) => (g - (behind[i] as number)) / (2 * PROBE));
    curvature = product.reduce((sum, p, i) => sum + p * (direction[i] as number), 0);
    const size = Math.hypot(...product);
    if (!(size > 0)) return curvature;
    direction.set(product.map((p) => p / size));
  }
  return curvature;
}

/** Trains for STEPS steps, or until the loss escapes. */
export function train({ eta, seed }: Question): Trained {
  const random = new Random(seed);
  const weights = start(random);
  const gradient = new Float64Array(PARAMETERS);
  const direction = random.normals(PARAMETERS);
  const size = Math.hypot(...direction);
  direction.forEach((d, i) => (direction[i] = d / size));
  const [losses, sharpness]: [number[], number[]] = [[], []];
  for (let step = 0; step <= STEPS; step++) {
    if (step % EVERY === 0) sharpness.push(sharpen(weights, direction));
    const loss = differentiate(weights, gradient);
    losses.push(loss);
    if (!(loss < ESCAPED)) break;
    for (let i = 0; i < PARAMETERS; i++) (weights[i] as number) -= eta * (gradient[i] as number);
  }
  return { eta, seed, losses: Float64Array.from(losses), sharpness: Float64Array.from(sharpness) };
}
