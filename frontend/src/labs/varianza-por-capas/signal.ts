/** How big the signal is after each layer of a random network, and the gradient before it. */

import { Random } from "../kernel/random";

export type Activation = "relu" | "tanh" | "lineal";

export interface Network {
  layers: number;
  width: number;
  /** Times the deviation that keeps the size: √(2/n) for ReLU, √(1/n) for the others. */
  scale: number;
  activation: Activation;
  seed: number;
}

export interface Measured {
  /** Root mean square of the hidden activations, the input's first. */
  signal: number[];
  /** Root mean square of the loss's derivative by each hidden activation, in the order of `signal`. */
  gradient: number[];
  loss: number;
}

export interface Answer {
  network: Network;
  measured: Measured;
}

export const CLASSES = 10;
export const EXAMPLES = 64;

/** A matrix by rows. */
export interface Matrix {
  rows: number;
  columns: number;
  values: Float64Array<ArrayBuffer>;
}

const matrix = (rows: number, columns: number, values = new Float64Array(rows * columns)): Matrix => ({ rows, columns, values });

/** a · b */
export function multiply(a: Matrix, b: Matrix): Matrix {
  const out = matrix(a.rows, b.columns);
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < a.columns; k++) {
      const left = a.values[i * a.columns + k] as number;
      if (left === 0) continue;
      const [row, from] = [i * b.columns, k * b.columns];
      for (let j = 0; j < b.columns; j++) (out.values[row + j] as number) += left * (b.values[from + j] as number);
    }
  }
  return out;
}

/** a · bᵀ */
export function multiplyTransposed(a: Matrix, b: Matrix): Matrix {
  const out = matrix(a.rows, b.rows);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.rows; j++) {
      let sum = 0;
      const [row, other] = [i * a.columns, j * b.columns];
      for (let k = 0; k < a.columns; k++) sum += (a.values[row + k] as number) * (b.values[other + k] as number);
      out.values[i * b.rows + j] = sum;
    }
  }
  return out;
}

const ACTIVATE: Record<Activation, (z: number) => number> = {
  relu: (z) => Math.max(z, 0),
  tanh: Math.tanh,
  lineal: (z) => z,
};

/** The activation's derivative, from its value. */
const SLOPE: Record<Activation, (h: number) => number> = {
  relu: (h) => (h > 0 ? 1 : 0),
  tanh: (h) => 1 - h * h,
  lineal: () => 1,
};

export function rootMeanSquare(values: ArrayLike<number> & Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum / values.length);
}

/** Forward and backward through the given matrices; the last one makes the scores, without activation. */
export function propagate(weights: readonly Matrix[], inputs: Matrix, labels: readonly number[], activation: Activation): Measured {
  const hidden = [inputs];
  for (const weight of weights.slice(0, -1)) {
    const next = multiply(hidden.at(-1) as Matrix, weight);
    next.values = next.values.map(ACTIVATE[activation]);
    hidden.push(next);
  }
  const scores = multiply(hidden.at(-1) as Matrix, weights.at(-1) as Matrix);
  const { loss, slope } = crossEntropy(scores, labels);
  const gradient: number[] = [];
  let back = slope;
  for (let layer = weights.length - 1; layer >= 0; layer--) {
    back = multiplyTransposed(back, weights[layer] as Matrix);
    gradient.unshift(rootMeanSquare(back.values));
    if (layer === 0) break;
    const values = (hidden[layer] as Matrix).values;
    back.values = back.values.map((g, i) => g * SLOPE[activation](values[i] as number));
  }
  return { signal: hidden.map((h) => rootMeanSquare(h.values)), gradient, loss };
}

/** Mean softmax cross-entropy, and its derivative by the scores. */
function crossEntropy(scores: Matrix, labels: readonly number[]): { loss: number; slope: Matrix } {
  const slope = matrix(scores.rows, scores.columns);
  let loss = 0;
  for (let i = 0; i < scores.rows; i++) {
    const row = scores.values.subarray(i * scores.columns, (i + 1) * scores.columns);
    const top = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const total = row.reduce((sum, z) => sum + Math.exp(z - top), 0);
    const label = labels[i] as number;
    loss += (Math.log(total) + top - (row[label] as number)) / scores.rows;
    for (let j = 0; j < scores.columns; j++) {
      const share = Math.exp((row[j] as number) - top) / total;
      slope.values[i * scores.columns + j] = (share - (j === label ? 1 : 0)) / scores.rows;
    }
  }
  return { loss, slope };
}

/** Draws the network and its data from the seed and measures it. The same seed gives the same directions at every scale. */
export function measure(network: Network): Measured {
  const random = new Random(network.seed);
  const inputs = matrix(EXAMPLES, network.width, random.normals(EXAMPLES * network.width));
  const labels = Array.from({ length: EXAMPLES }, () => random.below(CLASSES));
  const deviation = network.scale * Math.sqrt((network.activation === "relu" ? 2 : 1) / network.width);
  const draw = (columns: number) =>
    matrix(network.width, columns, random.normals(network.width * columns).map((value) => value * deviation));
  const weights = Array.from({ length: network.layers }, () => draw(network.width));
  weights.push(draw(CLASSES));
  return propagate(weights, inputs, labels, network.activation);
}
