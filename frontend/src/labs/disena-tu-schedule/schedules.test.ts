import { describe, expect, test } from "vitest";
import { SHAPES, STEPS, answer, eta, run, type Schedule } from "./schedules";

const plain: Schedule = { peak: 1, warmup: 0, shape: "coseno", floor: 0 };

describe("schedules", () => {
  test("rise in a straight line to their peak, which they reach once, and end at their floor", () => {
    for (const shape of SHAPES) {
      const schedule = { ...plain, shape, warmup: 0.1, floor: 0.05 };
      expect(eta(schedule, 0)).toBeCloseTo(1 / 61, 10);
      expect(eta(schedule, 29)).toBeCloseTo(30 / 61, 10);
      expect(eta(schedule, 60)).toBeCloseTo(1, 10);
      const all = Array.from({ length: STEPS }, (_, k) => eta(schedule, k));
      expect(Math.max(...all)).toBeLessThanOrEqual(1);
    }
    expect(eta({ ...plain, floor: 0.05 }, STEPS - 1)).toBeCloseTo(0.05, 10);
    expect(eta({ ...plain, shape: "lineal" }, STEPS - 1)).toBeCloseTo(0, 10);
  });

  test("have the cosine's half way at half time", () => {
    expect(eta(plain, 300, 601)).toBeCloseTo(0.5, 10);
  });

  test("stay on their plateau for three quarters of it", () => {
    const plateau: Schedule = { ...plain, shape: "meseta" };
    expect(eta(plateau, 449)).toBe(1);
    expect(eta(plateau, 525)).toBeLessThan(0.52);
  });
});

describe("runs under a schedule", () => {
  test("a decay beats the best constant by a tenth where labels are noisy", () => {
    for (const seed of [0, 1]) {
      const { final, best } = answer({ schedule: { ...plain, shape: "lineal", peak: 1.5 }, kind: "llana", seed });
      expect(final).toBeLessThan(0.9 * best.run.final);
    }
  }, 60_000);

  test("warm-up lets a deep network with a wide start use an η that breaks it otherwise", () => {
    for (const seed of [0, 1]) {
      const schedule: Schedule = { peak: 0.2, warmup: 0.2, shape: "lineal", floor: 0 };
      expect(run(schedule, "profunda", seed).final).toBeLessThan(0.5);
      expect(run({ ...schedule, warmup: 0 }, "profunda", seed).final).toBeGreaterThan(0.6);
    }
  }, 60_000);
});
