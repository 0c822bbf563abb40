/** A small task that a line cannot solve: arms of a spiral, some of them with the wrong label. */

import { Network, crossEntropy } from "./network";
import type { Random } from "./random";

export interface Examples {
  inputs: Float64Array[];
  labels: number[];
}

export const ARMS = 3;

/** `count` points on three arms, with a little noise; the share `wrong` of the labels is drawn anew. */
export function spirals(count: number, random: Random, wrong = 0): Examples {
  const inputs: Float64Array[] = [];
  const labels: number[] = [];
  for (let i = 0; i < count; i++) {
    const arm = i % ARMS;
    const along = random.uniform();
    const angle = 2 * Math.PI * (arm / ARMS) + 3.2 * along + 0.15 * random.normal();
    const radius = 0.1 + 0.9 * along;
    inputs.push(Float64Array.of(radius * Math.cos(angle), radius * Math.sin(angle)));
    labels.push(random.uniform() < wrong ? random.below(ARMS) : arm);
  }
  return { inputs, labels };
}

const error = new Float64Array(ARMS);

/** Mean loss of the examples chosen (all, if none are named); writes its gradient into `gradient` when given one. */
export function lossOf(net: Network, weights: Float64Array, examples: Examples, gradient?: Float64Array, chosen?: ArrayLike<number>): number {
  const count = chosen ? chosen.length : examples.labels.length;
  gradient?.fill(0);
  let loss = 0;
  for (let k = 0; k < count; k++) {
    const i = chosen ? (chosen[k] as number) : k;
    const outputs = net.forward(weights, examples.inputs[i] as Float64Array);
    loss += crossEntropy(outputs, examples.labels[i] as number, error, 1 / count) / count;
    if (gradient) net.backward(weights, error, gradient);
  }
  return loss;
}

/** Share of the examples whose largest output is not their label's. */
export function errorOf(net: Network, weights: Float64Array, examples: Examples): number {
  const missed = examples.inputs.filter((input, i) => {
    const outputs = net.forward(weights, input);
    return outputs.indexOf(Math.max(...outputs)) !== examples.labels[i];
  });
  return missed.length / examples.labels.length;
}
