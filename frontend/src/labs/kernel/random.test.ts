import { expect, test } from "vitest";
import { Random } from "./random";

test("a seed repeats its numbers and another gives others", () => {
  const draw = (seed: number) => Array.from(new Random(seed).normals(5));
  expect(draw(4)).toEqual(draw(4));
  expect(draw(4)).not.toEqual(draw(5));
});

test("normals have mean 0, deviation 1 and the tails of a normal", () => {
  const values = new Random(1).normals(100_000);
  const mean = values.reduce((a, b) => a + b) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  const beyond = values.filter((v) => Math.abs(v) > 1.96).length / values.length;
  expect(mean).toBeCloseTo(0, 1.5);
  expect(variance).toBeCloseTo(1, 1);
  expect(beyond).toBeGreaterThan(0.047);
  expect(beyond).toBeLessThan(0.053);
});

test("uniform numbers fill their interval evenly", () => {
  const random = new Random(2);
  const cells = new Array<number>(10).fill(0);
  for (let i = 0; i < 50_000; i++) cells[random.below(10)]! += 1;
  for (const count of cells) expect(Math.abs(count - 5000)).toBeLessThan(300);
});
