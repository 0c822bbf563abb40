import { describe, expect, test } from "vitest";
import matrices from "../fixtures/symmetric.json";
import { Random } from "../kernel/random";
import { below, draw, isMinimum, reduce, survey } from "./hessians";

describe("random Hessians", () => {
  test.each(matrices)("have as many eigenvalues below each edge as NumPy counts, n = $n", ({ n, values, eigenvalues }) => {
    const reduced = reduce(Float64Array.from(values), n);
    for (const x of [-2, -0.7, 0, 0.3, 1.1, 2.5]) {
      expect(below(reduced, x)).toBe(eigenvalues.filter((one) => one < x).length);
    }
  });

  test.each(matrices)("are minima where NumPy finds no negative eigenvalue, n = $n", ({ n, values, eigenvalues }) => {
    const least = Math.min(...eigenvalues);
    for (const shift of [-least - 1e-6, -least + 1e-6]) {
      const moved = Float64Array.from(values, (value, i) => value + (i % (n + 1) ? 0 : shift));
      expect(isMinimum(moved, n)).toBe(shift > -least);
    }
  });

  test("fill the semicircle from −2 to 2", () => {
    const { density, index } = survey({ dimension: 60, shift: 0, seed: 1 });
    expect(index).toBeCloseTo(0.5, 1);
    expect(density.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    const middle = density[42]! * 10; // Wigner's law: 1/π at 0, for bins of 0.1
    expect(middle).toBeCloseTo(1 / Math.PI, 1);
  });

  test("are minima less often than coins would say: 1/2, 0.147, 0.025 for one, two, three directions", () => {
    const { small } = survey({ dimension: 2, shift: 0, seed: 3 });
    [0.5, 0.147, 0.025].forEach((share, i) => expect(Math.abs(small[i]! - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / 4000)));
    expect(small[3]!).toBeLessThan(0.01);
  });

  test("turn from saddles into minima within a narrow band of heights in fifty directions", () => {
    expect(survey({ dimension: 50, shift: 1.6, seed: 2 }).minima).toBe(0);
    expect(survey({ dimension: 50, shift: 2.2, seed: 2 }).minima).toBeGreaterThan(0.95);
  });

  test("are the same for the same seed", () => {
    expect(draw(4, 0.5, new Random(9))).toEqual(draw(4, 0.5, new Random(9)));
  });
});
