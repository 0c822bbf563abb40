/**
 * A plane through the weights of a trained network, and the loss on it.
 *
 * Random directions can be scaled unit by unit to the weights that they move (H. Li et al., 2018,
 * arXiv:1712.09913): then the picture does not depend on how the network's scale is shared among its layers.
 */

import { Network } from "../kernel/network";
import { Random } from "../kernel/random";
import { lossOf, spirals, type Examples } from "../kernel/spirals";

export type First = "azar" | "rigida";
export type Length = "igual" | "filtro";

export interface Question {
  first: First;
  length: Length;
  /** The first layer's weights and biases times this, the second layer's weights divided by it: the same function. */
  rescale: number;
  seed: number;
}

export interface Answer extends Question {
  /** Loss at the points of the grid, row by row, the second direction upwards. */
  grid: Float64Array;
  /** At the weights themselves. */
  loss: number;
  /** The loss one length away along the first direction, mean of both sides. */
  away: number;
  /** Its second difference at the centre, for a direction of length one. */
  curvature: number;
}

/** Points a side; both directions run from −REACH to REACH. */
export const SIDE = 31;
export const REACH = 1.5;
const POINTS = 120;
const STEPS = 900;
const ETA = 0.25;
const BATCH = 16;
const ITERATIONS = 60;
const PROBE = 1e-3;

const NET = new Network([2, 16, 16, 3], "relu");

/** Weights that have learnt the spiral, rescaled as asked. */
export function trained(seed: number, rescale: number): { weights: Float64Array; examples: Examples } {
  const random = new Random(500 + seed);
  const examples = spirals(POINTS, random);
  const weights = NET.start(random);
  const gradient = new Float64Array(NET.count);
  for (let k = 0; k < STEPS; k++) {
    lossOf(NET, weights, examples, gradient, Array.from({ length: BATCH }, () => random.below(POINTS)));
    for (let i = 0; i < weights.length; i++) (weights[i] as number) -= ETA * (gradient[i] as number);
  }
  const [one, two] = NET.layers as [(typeof NET.layers)[number], (typeof NET.layers)[number]];
  for (let i = one.at; i < two.at; i++) (weights[i] as number) *= rescale;
  for (let i = two.at; i < two.at + two.from * two.to; i++) (weights[i] as number) /= rescale;
  return { weights, examples };
}

const norm = (values: Float64Array) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));

/** As long as the weights, or unit by unit as long as each unit's incoming weights, biases left alone. */
export function scaled(direction: Float64Array, weights: Float64Array, length: Length): Float64Array {
  const out = direction.slice();
  if (length === "igual") {
    const times = norm(weights) / norm(direction) / Math.sqrt(2);
    return out.map((d) => d * times);
  }
  for (const { from, to, at } of NET.layers) {
    for (let j = 0; j < to; j++) {
      let [ours, theirs] = [0, 0];
      for (let k = 0; k < from; k++) {
        ours += (direction[at + k * to + j] as number) ** 2;
        theirs += (weights[at + k * to + j] as number) ** 2;
      }
      const times = ours > 0 ? Math.sqrt(theirs / ours) : 0;
      for (let k = 0; k < from; k++) (out[at + k * to + j] as number) *= times;
      out[at + from * to + j] = 0;
    }
  }
  return out;
}

/** The stiffest direction, by power iteration on differences of gradients. */
export function stiffest(weights: Float64Array, examples: Examples, random: Random): Float64Array {
  let direction = random.normals(NET.count);
  const [ahead, behind] = [new Float64Array(NET.count), new Float64Array(NET.count)];
  for (let k = 0; k < ITERATIONS; k++) {
    const size = norm(direction);
    direction = direction.map((d) => d / size);
    lossOf(NET, weights.map((w, i) => w + PROBE * (direction[i] as number)), examples, ahead);
    lossOf(NET, weights.map((w, i) => w - PROBE * (direction[i] as number)), examples, behind);
    direction = ahead.map((g, i) => (g - (behind[i] as number)) / (2 * PROBE));
  }
  return direction;
}

export function explore(question: Question): Answer {
  const { first, length, rescale, seed } = question;
  const { weights, examples } = trained(seed, rescale);
  const random = new Random(600 + seed);
  const [some, other] = [random.normals(NET.count), random.normals(NET.count)];
  const chosen = first === "rigida" ? stiffest(weights, examples, random) : some;
  const [across, up] = [scaled(chosen, weights, length), scaled(other, weights, length)];
  const at = (a: number, b: number) => lossOf(NET, weights.map((w, i) => w + a * (across[i] as number) + b * (up[i] as number)), examples);
  const step = (2 * REACH) / (SIDE - 1);
  const grid = new Float64Array(SIDE * SIDE);
  for (let row = 0; row < SIDE; row++) for (let column = 0; column < SIDE; column++) grid[row * SIDE + column] = at(-REACH + column * step, -REACH + row * step);
  const loss = at(0, 0);
  const near = 0.02 / norm(across);
  const curvature = (at(near, 0) - 2 * loss + at(-near, 0)) / (near * norm(across)) ** 2;
  return { ...question, grid, loss, away: (at(1, 0) + at(-1, 0)) / 2, curvature };
}
