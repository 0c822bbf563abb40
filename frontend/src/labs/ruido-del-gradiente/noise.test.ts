import { describe, expect, test } from "vitest";
import { BATCHES, measure } from "./noise";

describe("the gradient's noise", () => {
  const start = measure({ steps: 0, seed: 0 });

  test("falls as 1/B", () => {
    start.errors.forEach((error, i) => expect((error * BATCHES[i]!) / start.spread).toBeCloseTo(1, 0));
    const slope = Math.log(start.errors.at(-1)! / start.errors[0]!) / Math.log(BATCHES.at(-1)! / BATCHES[0]!);
    expect(slope).toBeCloseTo(-1, 1);
  });

  test("equals the signal at the batch that the noise scale names", () => {
    const scale = start.spread / start.signal;
    const nearest = BATCHES.reduce((best, size) => (Math.abs(Math.log(size / scale)) < Math.abs(Math.log(best / scale)) ? size : best));
    expect(start.errors[BATCHES.indexOf(nearest)]! / start.signal).toBeCloseTo(scale / nearest, 0);
  });

  test("grows by more than ten against the signal while the network learns", () => {
    for (const seed of [0, 1, 2]) {
      const { history, loss } = measure({ steps: 800, seed });
      expect(loss).toBeLessThan(0.5);
      expect(Math.max(...history) / history[0]!).toBeGreaterThan(10);
    }
  });
});
