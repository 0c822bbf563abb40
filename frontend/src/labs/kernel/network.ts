/** A small fully connected network with its gradient by hand; all its weights lie in one array. */

import type { Random } from "./random";

export type Activation = "tanh" | "relu";

interface Layer {
  from: number;
  to: number;
  /** Where its weights begin: by rows, then its biases. */
  at: number;
}

/** One example at a time: `forward`, then `backward` with the loss's derivative by the outputs. */
export class Network {
  /** How many weights there are, biases included. */
  readonly count: number;
  readonly layers: readonly Layer[];
  private readonly hidden: Float64Array[];
  private readonly back: Float64Array[];

  /** `sizes`: units of each layer, the inputs first. */
  constructor(
    readonly sizes: readonly number[],
    readonly activation: Activation = "tanh",
  ) {
    let at = 0;
    this.layers = sizes.slice(1).map((to, i) => {
      const layer = { from: sizes[i] as number, to, at };
      at += (layer.from + 1) * to;
      return layer;
    });
    this.count = at;
    this.hidden = sizes.map((size) => new Float64Array(size));
    this.back = sizes.map((size) => new Float64Array(size));
  }

  /** Normal weights of variance 1 ÷ inputs (2 ÷ inputs for ReLU, but for the last layer), times `scale`²; biases 0. */
  start(random: Random, scale = 1): Float64Array {
    const weights = new Float64Array(this.count);
    this.layers.forEach(({ from, to, at }, i) => {
      const gain = this.activation === "relu" && i < this.layers.length - 1 ? 2 : 1;
      random.normals(from * to).forEach((z, k) => (weights[at + k] = z * scale * Math.sqrt(gain / from)));
    });
    return weights;
  }

  /** The outputs for one input; they are overwritten by the next call. */
  forward(weights: Float64Array, input: ArrayLike<number>): Float64Array {
    (this.hidden[0] as Float64Array).set(input);
    this.layers.forEach(({ from, to, at }, i) => {
      const below = this.hidden[i] as Float64Array;
      const above = this.hidden[i + 1] as Float64Array;
      for (let j = 0; j < to; j++) above[j] = weights[at + from * to + j] as number;
      for (let k = 0; k < from; k++) {
        const value = below[k] as number;
        const row = at + k * to;
        if (value !== 0) for (let j = 0; j < to; j++) (above[j] as number) += value * (weights[row + j] as number);
      }
      if (i < this.layers.length - 1) this.bend(above);
    });
    return this.hidden.at(-1) as Float64Array;
  }

  /** Adds to `gradient` what the last `forward` owes, `error` being the loss's derivative by the outputs. */
  backward(weights: Float64Array, error: ArrayLike<number>, gradient: Float64Array): void {
    (this.back.at(-1) as Float64Array).set(error);
    for (let i = this.layers.length - 1; i >= 0; i--) {
      const { from, to, at } = this.layers[i] as Layer;
      const above = this.back[i + 1] as Float64Array;
      const below = this.hidden[i] as Float64Array;
      const next = this.back[i] as Float64Array;
      for (let j = 0; j < to; j++) (gradient[at + from * to + j] as number) += above[j] as number;
      for (let k = 0; k < from; k++) {
        const value = below[k] as number;
        const row = at + k * to;
        let sum = 0;
        for (let j = 0; j < to; j++) {
          (gradient[row + j] as number) += value * (above[j] as number);
          sum += (weights[row + j] as number) * (above[j] as number);
        }
        next[k] = sum * this.slope(value);
      }
    }
  }

  private bend(values: Float64Array): void {
    for (let j = 0; j < values.length; j++) {
      const z = values[j] as number;
      values[j] = this.activation === "tanh" ? Math.tanh(z) : Math.max(z, 0);
    }
  }

  /** The activation's derivative, from its value. */
  private slope(value: number): number {
    if (this.activation === "tanh") return 1 - value * value;
    return value > 0 ? 1 : 0;
  }
}

/** Cross-entropy of softmax for one example; writes its derivative by the outputs, times `share`, into `error`. */
export function crossEntropy(outputs: Float64Array, label: number, error: Float64Array, share = 1): number {
  const top = Math.max(...outputs);
  let total = 0;
  for (let j = 0; j < outputs.length; j++) total += error[j] = Math.exp((outputs[j] as number) - top);
  const loss = Math.log(total) - ((outputs[label] as number) - top);
  for (let j = 0; j < outputs.length; j++) error[j] = (((error[j] as number) / total) - (j === label ? 1 : 0)) * share;
  return loss;
}
