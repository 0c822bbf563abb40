import { describe, expect, test } from "vitest";
import recorded from "../fixtures/races.json";
import { run, type Name } from "../kernel/optimisers";
import { arrivalOf, race, textbook } from "./race";
import { SURFACES, surfaces, type SurfaceName } from "./surfaces";

describe("the race", () => {
  test.each(recorded)("runs on the judge's $surface as NumPy does, $name", ({ surface, name, eta, beta, path, losses }) => {
    const ours = surfaces[surface as SurfaceName];
    const ran = run({ name: name as Name, eta, beta }, ours.gradient, ours.start, path.length - 1);
    path.forEach((at, k) => {
      at.forEach((x, i) => expect(ran[k]![i]!).toBeCloseTo(x, 8));
      expect(ours.value(ran[k]!)).toBeCloseTo(losses[k]!, 8);
    });
  });

  test("somebody arrives on every surface, and the first is not everywhere the same", () => {
    const winners = SURFACES.map((name) => {
      const runners = textbook(surfaces[name]);
      return runners.reduce((first, one) => ((one.arrival ?? Infinity) < (first.arrival ?? Infinity) ? one : first));
    });
    for (const winner of winners) expect(winner.arrival).not.toBeNull();
    expect(new Set(winners.map((winner) => winner.settings.name)).size).toBeGreaterThan(1);
  });

  test("a better β beats every textbook optimiser in the valley", () => {
    const first = Math.min(...textbook(surfaces.valle).map((one) => one.arrival ?? Infinity));
    expect(race({ name: "momentum", eta: 0.06, beta: 0.55 }, surfaces.valle).arrival!).toBeLessThanOrEqual(first);
  });

  test("has arrived when it stays", () => {
    expect(arrivalOf([1, 1e-4, 0.5, 1e-4])).toBe(3);
    expect(arrivalOf([1, 0.5])).toBeNull();
  });
});
