import { describe, expect, test } from "vitest";
import traces from "../fixtures/adam.json";
import { stream, trace, type Variant } from "./adam";

const usual = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, variant: "adam" } as const;

describe("Adam from within", () => {
  test.each(traces)("takes NumPy's steps, $variant with β1 = $beta1 and β2 = $beta2", ({ gradients, steps, beta1, beta2, epsilon, variant }) => {
    const found = trace(gradients, { beta1, beta2, epsilon, variant: variant as Variant });
    steps.forEach((step, t) => expect(found.step[t]!).toBeCloseTo(step, 10));
  });

  test("begins with a step of η whatever the gradient's size, and without correction with (1 − β1)/√(1 − β2) of it", () => {
    for (const size of [1e-2, 1, 1e4]) {
      expect(trace(stream("constante", size, 3), usual).step[0]!).toBeCloseTo(1, 3);
      expect(trace(stream("constante", size, 3), { ...usual, variant: "cruda" }).step[0]!).toBeCloseTo(0.1 / Math.sqrt(0.001), 2);
    }
  });

  test("halves its step where ε is as large as the gradient", () => {
    expect(trace(stream("constante", 1e-3, 10), { ...usual, epsilon: 1e-3 }).step[9]!).toBeCloseTo(0.5, 6);
  });

  test("goes to the wrong end on Reddi's losses when it forgets fast, and AMSGrad does not", () => {
    const gradients = stream("reddi", 1, 3000);
    const forgetful = { ...usual, beta1: 0, beta2: 0.1 };
    expect(trace(gradients, forgetful).x.at(-1)!).toBeGreaterThan(0.9);
    expect(trace(gradients, { ...forgetful, variant: "amsgrad" }).x.at(-1)!).toBeLessThan(-0.9);
    expect(trace(gradients, { ...forgetful, beta2: 0.999 }).x.at(-1)!).toBeLessThan(-0.9);
  });
});
