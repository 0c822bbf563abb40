import { describe, expect, test } from "vitest";
import runs from "../fixtures/valley.json";
import { behaviour, best, descend, factor, fewestSteps, limit } from "./valley";

describe("descent in the valley", () => {
  test.each(runs)("has NumPy's losses with η = $eta from $angle degrees", (run) => {
    const { losses } = descend({ flat: run.flat, stiff: run.stiff }, run.eta, run.angle, run.losses.length - 1, 1e-6);
    run.losses.forEach((loss, k) => expect(losses[k]! / loss).toBeCloseTo(1, 9));
  });

  test("escapes above 2/λ and not below, from any start", () => {
    const valley = { flat: 1, stiff: 10 };
    expect(limit(valley)).toBeCloseTo(0.2, 12);
    for (const angle of [5, 30, 85]) {
      expect(descend(valley, 0.1999, angle, 40000, 0).losses[40000]!).toBeLessThan(1e-9);
      expect(descend(valley, 0.2001, angle, 40000, 0).losses[40000]!).toBeGreaterThan(1);
    }
  });

  test("has its best worst factor at 2/(λmin + λmax), where both factors are equal", () => {
    const valley = { flat: 1, stiff: 10 };
    expect(factor(best(valley), 1)).toBeCloseTo(-factor(best(valley), 10), 12);
  });

  test("knows the fewest steps that the task asks for", () => {
    const valley = { flat: 1, stiff: 10 };
    expect(fewestSteps(valley, 30, 400, 1e-6)).toBe(32);
    expect(descend(valley, 0.178, 30, 400, 1e-6).steps).toBe(32);
  });

  test("says of each factor what it does", () => {
    expect([0.5, -0.5, 1, -1, -1.2, 0].map(behaviour)).toEqual([
      "se acerca",
      "rebota y se acerca",
      "ni se acerca ni se aleja",
      "ni se acerca ni se aleja",
      "se escapa",
      "llega de un paso",
    ]);
  });
});
