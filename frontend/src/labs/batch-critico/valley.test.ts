import { describe, expect, test } from "vitest";
import { Random } from "../kernel/random";
import { BATCHES, course, lossAfter, stepsTo } from "./valley";

const VALLEY = { kappa: 100, noise: 1 };

describe("the noisy valley", () => {
  test("has the losses of a simulation", () => {
    const random = new Random(1);
    const [eta, batch, steps, runs] = [0.01, 4, 50, 400];
    let total = 0;
    for (let run = 0; run < runs; run++) {
      for (let i = 0; i < 20; i++) {
        const lambda = 100 ** (i / 19);
        let x = Math.sqrt(2 / lambda);
        for (let k = 0; k < steps; k++) x -= eta * (lambda * x + Math.sqrt(lambda / batch) * random.normal());
        total += (lambda * x * x) / 2 / runs;
      }
    }
    expect(lossAfter(VALLEY, eta, batch, steps) / total).toBeCloseTo(1, 1);
  });

  test("counts the first step below the target", () => {
    const steps = stepsTo(VALLEY, 0.01, 64);
    expect(lossAfter(VALLEY, 0.01, 64, steps)).toBeLessThanOrEqual(0.2);
    expect(lossAfter(VALLEY, 0.01, 64, steps - 1)).toBeGreaterThan(0.2);
  });

  test("small batches halve the steps when doubled, large ones do not", () => {
    const { steps } = course({ kappa: 100, noise: 10 });
    expect(steps[0]! / steps[1]!).toBeGreaterThan(1.8);
    expect(steps.at(-2)! / steps.at(-1)!).toBeLessThan(1.1);
  });

  test("follows the hyperbola of steps and examples within a third", () => {
    const { steps, fewestSteps, critical } = course({ kappa: 100, noise: 10 });
    steps.forEach((count, i) => expect(Math.abs(Math.log(count / (fewestSteps * (1 + critical / BATCHES[i]!))))).toBeLessThan(Math.log(1.34)));
  });

  test("ten times the noise makes the critical batch ten times larger", () => {
    const ratio = course({ kappa: 100, noise: 10 }).critical / course({ kappa: 100, noise: 1 }).critical;
    expect(ratio).toBeGreaterThan(7);
    expect(ratio).toBeLessThan(13);
  });
});
