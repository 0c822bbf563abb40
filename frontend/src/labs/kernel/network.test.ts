import { describe, expect, test } from "vitest";
import classifiers from "../fixtures/classifiers.json";
import { Network, crossEntropy, type Activation } from "./network";
import { Random } from "./random";
import { errorOf, lossOf, spirals } from "./spirals";

describe("the small network", () => {
  test.each(classifiers)("has NumPy's loss and gradient, $activation", ({ activation, sizes, label, inputs, weights, loss, gradient }) => {
    const net = new Network(sizes, activation as Activation);
    const [flat, found, error] = [Float64Array.from(weights), new Float64Array(weights.length), new Float64Array(3)];
    expect(crossEntropy(net.forward(flat, inputs), label, error)).toBeCloseTo(loss, 10);
    net.backward(flat, error, found);
    gradient.forEach((due, i) => expect(found[i]!).toBeCloseTo(due, 7));
  });

  test("learns the spiral by plain descent on mini-batches", () => {
    const random = new Random(4);
    const examples = spirals(150, random);
    const net = new Network([2, 16, 16, 3]);
    const [weights, gradient] = [net.start(random), new Float64Array(net.count)];
    for (let step = 0; step < 1500; step++) {
      const chosen = Array.from({ length: 16 }, () => random.below(150));
      lossOf(net, weights, examples, gradient, chosen);
      gradient.forEach((g, i) => ((weights[i] as number) -= 0.5 * g));
    }
    expect(lossOf(net, weights, examples)).toBeLessThan(0.1);
    expect(errorOf(net, weights, examples)).toBeLessThan(0.05);
  });
});
