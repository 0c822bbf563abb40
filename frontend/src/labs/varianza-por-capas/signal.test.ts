import { expect, test } from "vitest";
import networks from "../fixtures/networks.json";
import { measure, propagate, type Activation, type Matrix } from "./signal";

const matrix = (plain: { rows: number; columns: number; values: number[] }): Matrix => ({
  ...plain,
  values: Float64Array.from(plain.values),
});

test.each(networks)("a $activation network has NumPy's signals, gradients and loss", (network) => {
  const found = propagate(network.weights.map(matrix), matrix(network.inputs), network.labels, network.activation as Activation);
  network.signal.forEach((size, layer) => expect(found.signal[layer]).toBeCloseTo(size, 10));
  network.gradient.forEach((size, layer) => expect(found.gradient[layer]).toBeCloseTo(size, 10));
  expect(found.loss).toBeCloseTo(network.loss, 10);
});

test("a scale s multiplies the signal of ReLU by s at each layer, exactly", () => {
  const plain = { layers: 12, width: 32, activation: "relu", seed: 3 } as const;
  const [one, half] = [measure({ ...plain, scale: 1 }), measure({ ...plain, scale: 0.5 })];
  one.signal.forEach((size, layer) => expect(half.signal[layer]! / size).toBeCloseTo(0.5 ** layer, 12));
});

test("the same seed gives the same network, another seed another", () => {
  const network = { layers: 3, width: 16, scale: 1, activation: "tanh", seed: 7 } as const;
  expect(measure(network)).toEqual(measure(network));
  expect(measure(network).loss).not.toBe(measure({ ...network, seed: 8 }).loss);
});

test("what never arrives leaves the loss at ln 10", () => {
  expect(measure({ layers: 10, width: 64, scale: 0.1, activation: "relu", seed: 0 }).loss).toBeCloseTo(Math.log(10), 6);
});
