import { describe, expect, test } from "vitest";
import { NEAR, compare, rangeTest, train } from "./range";

const SEEDS = Array.from({ length: 8 }, (_, i) => i);

describe("the range test", () => {
  test("ends soon after the loss breaks, and its mean hides the noise of a batch", () => {
    for (const seed of SEEDS) {
      const { raw, smooth, etas } = rangeTest(seed);
      expect(etas.length).toBeLessThan(100);
      const rough = (values: number[]) => values.slice(1, 40).reduce((sum, value, i) => sum + Math.abs(value - (values[i] as number)), 0);
      expect(rough(smooth)).toBeLessThan(rough(raw) / 2);
    }
  });

  test("a third of its minimum is near the best loss in most networks, its minimum itself is not", () => {
    const near = (factor: number) =>
      SEEDS.filter((seed) => {
        const { loss, best } = compare(seed, rangeTest(seed).minimum * factor);
        return loss <= NEAR * best.loss;
      }).length;
    expect(near(1 / 3)).toBeGreaterThanOrEqual(6);
    expect(near(1)).toBeLessThan(near(1 / 3));
  }, 120_000);

  test("no constant serves networks of different scales", () => {
    const bests = SEEDS.map((seed) => compare(seed, 0.1).best.eta);
    expect(Math.max(...bests) / Math.min(...bests)).toBeGreaterThan(100);
  }, 120_000);

  test("a far too large η breaks the run", () => {
    expect(train(0, 1e4)).toBeGreaterThan(10 * train(0, 1e-6));
  });
});
