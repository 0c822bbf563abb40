import { describe, expect, test } from "vitest";
import { parseNumber, spanish } from "./numbers";
import { spread, twoRows } from "./plot";
import { fit, logarithmic } from "./scale";

describe("numbers", () => {
  test("are written as in Spanish", () => {
    expect([0.001, 12500, 1234.5, 0.1 + 0.2, 1e-6, 3.14e-9, -2, 0].map((n) => spanish(n))).toEqual([
      "0,001",
      "12\u202f500",
      "1235",
      "0,3",
      "10⁻⁶",
      "3,14·10⁻⁹",
      "−2",
      "0",
    ]);
  });
  test("are read with comma or point, and words are not numbers", () => {
    expect(["0,1", "0.1", "1e-1", "−3", "12 500"].map(parseNumber)).toEqual([0.1, 0.1, 0.1, -3, 12500]);
    expect(["", "uno", "1,2,3", "0x10", "1e999"].map(parseNumber)).toEqual([null, null, null, null, null]);
  });
});

describe("scales", () => {
  test("are logarithmic where positive values span decades", () => {
    const scale = fit([1e-4, 1, 0.3]);
    expect(scale.log).toBe(true);
    expect(scale.at(1e-2)).toBeCloseTo(0.5);
    expect(scale.ticks.map((t) => scale.name(t))).toContain("10⁻⁴");
  });
  test("stay linear for negative values and for few", () => {
    expect(fit([-1, 1000]).log).toBe(false);
    expect(fit([1, 2, NaN, Infinity]).high).toBe(2);
    expect(fit([]).ticks.length).toBeGreaterThan(1);
    expect(Number.isFinite(fit([5]).at(5))).toBe(true);
  });
  test("show what differs by rounding as a level line", () => {
    const scale = fit([1, 1 + 2e-16, 1 - 1e-12]);
    expect([scale.low, scale.high].map((end) => Math.round(10 * end))).toEqual([5, 15]);
    expect(fit([1, 1.001]).high).toBe(1.001);
  });
  test("keep few ticks over many decades", () => {
    expect(logarithmic(1e-12, 1e12, 8).ticks.length).toBeLessThanOrEqual(9);
  });
});

test("labels at the ends of the lines never lie on each other, nor under the axis", () => {
  const placed = spread([{ at: 100 }, { at: 99 }, { at: 98 }, { at: 10 }], 0, 100);
  const heights = placed.map((one) => one.at);
  expect(Math.max(...heights)).toBeLessThanOrEqual(100);
  heights.slice(1).forEach((height, i) => expect(height - heights[i]!).toBeGreaterThanOrEqual(16));
});

test("a long name takes two lines, and keeps its distance to the next", () => {
  const fits = (text: string) => text.length <= 12;
  expect(twoRows("momentum", fits)).toEqual(["momentum"]);
  expect(twoRows("momentum, η afinada", fits)).toEqual(["momentum, η", "afinada"]);
  expect(twoRows("el mejor rival de cada uno", fits)).toEqual(["el mejor", "rival de ca…"]);
  expect(twoRows("desbordamiento", fits)).toEqual(["desbordamie…"]);
  const placed = spread([{ at: 90, rows: ["a", "b"] }, { at: 91, rows: ["c"] }], 0, 100);
  expect(placed.map((one) => one.at)).toEqual([68, 100]);
});
