import { describe, expect, test } from "vitest";
import rolls from "../fixtures/heavy-ball.json";
import { best, bestWithout, rate, roll, roots, settled, type Ball, type Form } from "./ball";

describe("the heavy ball", () => {
  test.each(rolls)("has NumPy's distances and roots with α = $alpha, β = $beta, $form", ({ alpha, beta, kappa, form, distances, moduli }) => {
    const ball = { alpha, beta, form: form as Form };
    const rolled = roll(ball, kappa, distances.length - 1).distances;
    distances.forEach((distance, k) => expect(rolled[k]! / distance).toBeCloseTo(1, 8));
    expect(roots(ball, 1).modulus).toBeCloseTo(moduli[0]!, 10);
    expect(roots(ball, kappa).modulus).toBeCloseTo(moduli[1]!, 10);
  });

  test("damps every direction alike, by √β, while the roots are complex", () => {
    for (const lambda of [2, 10, 50]) {
      const found = roots({ alpha: 0.01, beta: 0.9, form: "clasica" }, lambda);
      expect(found.complex).toBe(true);
      expect(found.modulus).toBeCloseTo(Math.sqrt(0.9), 12);
    }
  });

  test("escapes beyond λ = 2(1 + β)/α and not before", () => {
    const ball = { alpha: 0.01, beta: 0.9, form: "clasica" as const };
    expect(roots(ball, 379.9).modulus).toBeLessThan(1);
    expect(roots(ball, 380.1).modulus).toBeGreaterThan(1);
  });

  test("has its best rate, (√κ − 1)/(√κ + 1), at Polyak's choice", () => {
    const ball = best(100);
    expect(rate(ball, 100)).toBeCloseTo(9 / 11, 6);
    for (const factor of [0.97, 1.03]) {
      expect(rate({ ...ball, alpha: ball.alpha * factor }, 100)).toBeGreaterThan(9 / 11);
      expect(rate({ ...ball, beta: ball.beta * factor }, 100)).toBeGreaterThan(9 / 11);
    }
  });

  test("is the same roll in both forms when α grows by 1/(1 − β)", () => {
    const classic = roll({ alpha: 0.02, beta: 0.8, form: "clasica" }, 50, 40).distances;
    const average = roll({ alpha: 0.1, beta: 0.8, form: "media" }, 50, 40).distances;
    classic.forEach((distance, k) => expect(average[k]! / distance).toBeCloseTo(1, 9));
  });

  test("has arrived when it stays, not when it passes by", () => {
    expect(settled(Float64Array.of(1, 0.01, 0.5, 0.01, 0.02), 0.1)).toBe(3);
    expect(settled(Float64Array.of(1, 0.5), 0.1)).toBeNull();
  });

  test("needs twice the steps for four times the condition number, and four times without momentum", () => {
    const steps = (of: (kappa: number) => Ball, kappa: number) => settled(roll(of(kappa), kappa, 4000).distances, 1e-4)!;
    expect(steps(best, 400) / steps(best, 100)).toBeCloseTo(2, 0);
    expect(steps(bestWithout, 400) / steps(bestWithout, 100)).toBeCloseTo(4, 1);
  });
});
