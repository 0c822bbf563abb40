import { describe, expect, test } from "vitest";
import { contours } from "../kernel/contours";
import { lossOf } from "../kernel/spirals";
import { Network } from "../kernel/network";
import { SIDE, explore, trained } from "./slice";

const ask = { first: "azar", length: "filtro", rescale: 1, seed: 0 } as const;

describe("a slice of the landscape", () => {
  test("does not know how the scale is shared among the layers, if its directions are scaled unit by unit", () => {
    const net = new Network([2, 16, 16, 3], "relu");
    const [one, eight] = [trained(0, 1), trained(0, 8)];
    expect(lossOf(net, eight.weights, eight.examples)).toBeCloseTo(lossOf(net, one.weights, one.examples), 10);
    expect(explore({ ...ask, rescale: 8 }).away / explore(ask).away).toBeCloseTo(1, 2);
    expect(explore({ ...ask, length: "igual", rescale: 8 }).away / explore({ ...ask, length: "igual" }).away).toBeGreaterThan(20);
  }, 60_000);

  test("hides the stiff direction, along which the same length costs ten times more", () => {
    for (const seed of [0, 1]) {
      expect(explore({ ...ask, seed, first: "rigida" }).away / explore({ ...ask, seed }).away).toBeGreaterThan(8);
    }
  }, 60_000);

  test("has the trained loss in its middle", () => {
    const { grid, loss } = explore(ask);
    expect(grid[(SIDE * SIDE - 1) / 2]!).toBeCloseTo(loss, 12);
    expect(loss).toBeLessThan(0.1);
  }, 60_000);
});

describe("contours", () => {
  test("lie on the circle where the height is the square of the radius", () => {
    const side = 41;
    const heights = Float64Array.from({ length: side * side }, (_, i) => (-1 + (i % side) / 20) ** 2 + (-1 + Math.floor(i / side) / 20) ** 2);
    const [found] = contours(heights, side, 1, [0.5]);
    expect(found!.xs.length).toBeGreaterThan(100);
    found!.xs.forEach((x, i) => {
      if (!Number.isNaN(x)) expect(Math.hypot(x, found!.ys[i]!)).toBeCloseTo(Math.SQRT1_2, 2);
    });
  });
});
