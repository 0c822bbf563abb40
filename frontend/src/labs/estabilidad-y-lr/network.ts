/** A small tanh network that learns a curve from twenty points by full-batch descent, and the curvature it meets. */

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

const LAYERS = SIZES.slice(1).map((to, i) => ({ from: SIZES[i] as number, to: to as number }));
export const PARAMETERS = LAYERS.reduce((sum, { from, to }) => sum + (from + 1) * to, 0);

/** Weights normal with variance 1 ÷ inputs, biases 0; each layer's weights by rows, then its biases. */
export function start(random: Random): Float64Array {
  const weights: number[] = [];
  for (const { from, to } of LAYERS) {
    for (const z of random.normals(from * to)) weights.push(z / Math.sqrt(from));
    for (let j = 0; j < to; j++) weights.push(0);
  }
  return Float64Array.from(weights);
}

/** Writes the gradient of ½ mean (f(x) − y)² into `gradient`; returns the loss. */
export function differentiate(weights: Float64Array, gradient: Float64Array): number {
  gradient.fill(0);
  let loss = 0;
  for (let n = 0; n < POINTS; n++) {
    const hidden = forward(weights, INPUTS[n] as number);
    const error = (hidden.at(-1)?.[0] ?? NaN) - (TARGETS[n] as number);
    loss += (0.5 * error * error) / POINTS;
    backward(weights, hidden, error / POINTS, gradient);
  }
  return loss;
}

/** The value of every unit, the input's first. */
function forward(weights: Float64Array, input: number): Float64Array[] {
  const hidden = [Float64Array.of(input)];
  let at = 0;
  LAYERS.forEach(({ from, to }, layer) => {
    const below = hidden[layer] as Float64Array;
    const above = weights.slice(at + from * to, at + (from + 1) * to);
    for (let i = 0; i < from; i++) {
      for (let j = 0; j < to; j++) (above[j] as number) += (below[i] as number) * (weights[at + i * to + j] as number);
    }
    hidden.push(layer < LAYERS.length - 1 ? above.map(Math.tanh) : above);
    at += (from + 1) * to;
  });
  return hidden;
}

/** Adds one example's share of the gradient; `error` is the loss's derivative by the output. */
function backward(weights: Float64Array, hidden: Float64Array[], error: number, gradient: Float64Array): void {
  let back = Float64Array.of(error);
  let at = weights.length;
  for (let layer = LAYERS.length - 1; layer >= 0; layer--) {
    const { from, to } = LAYERS[layer] as { from: number; to: number };
    at -= (from + 1) * to;
    const below = hidden[layer] as Float64Array;
    const next = new Float64Array(from);
    for (let j = 0; j < to; j++) (gradient[at + from * to + j] as number) += back[j] as number;
    for (let i = 0; i < from; i++) {
      const value = below[i] as number;
      let sum = 0;
      for (let j = 0; j < to; j++) {
        (gradient[at + i * to + j] as number) += value * (back[j] as number);
        sum += (weights[at + i * to + j] as number) * (back[j] as number);
      }
      next[i] = sum * (1 - value * value);
    }
    back = next;
  }
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
