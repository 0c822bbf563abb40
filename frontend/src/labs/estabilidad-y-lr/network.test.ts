import { describe, expect, test } from "vitest";
import { Random } from "../kernel/random";
import reference from "../fixtures/small-network.json";
import { measure, sentence } from "./learning";
import { differentiate, PARAMETERS, sharpen, start, STEPS, train } from "./network";

const weights = () => Float64Array.from(reference.weights);
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("the small network", () => {
  test("has NumPy's loss and gradient", () => {
    const gradient = new Float64Array(PARAMETERS);
    expect(differentiate(weights(), gradient)).toBeCloseTo(reference.losses[0]!, 12);
    reference.gradient.forEach((g, i) => expect(gradient[i]).toBeCloseTo(g, 12));
  });

  test("descends as NumPy does", () => {
    const [at, gradient] = [weights(), new Float64Array(PARAMETERS)];
    for (const loss of reference.losses) {
      expect(differentiate(at, gradient)).toBeCloseTo(loss, 10);
      gradient.forEach((g, i) => (at[i]! -= reference.eta * g));
    }
  });

  test("finds the largest eigenvalue of NumPy's whole Hessian", () => {
    const direction = new Random(1).normals(PARAMETERS);
    const size = Math.hypot(...direction);
    const found = sharpen(weights(), direction.map((d) => d / size), 200);
    expect(found).toBeCloseTo(reference.sharpness, 3);
  });

  test("starts with the same weights for the same seed", () => {
    expect(start(new Random(3))).toEqual(start(new Random(3)));
    expect(start(new Random(3))).not.toEqual(start(new Random(4)));
  });
});

describe("the edge of stability", () => {
  test.each([
    [0.1, 0],
    [0.1, 1],
    [0.2, 0],
    [0.2, 1],
    [0.2, 2],
    [0.3, 0],
    [0.3, 1],
  ])("with η = %d and seed %d the curvature rises to 2/η and stays, and the loss falls though not at each step", (eta, seed) => {
    const trained = train({ eta, seed });
    const { losses, sharpness } = trained;
    expect(losses).toHaveLength(STEPS + 1);
    expect(Math.abs(mean(sharpness.slice(-20)) / (2 / eta) - 1)).toBeLessThan(0.1);
    expect(losses.at(-1)!).toBeLessThan(losses[0]! / 10);
    const measured = measure(trained);
    expect(measured).toMatchObject({ settled: true, escaped: false });
    expect(measured.rises).toBeGreaterThan(100);
    expect(sentence(trained, measured)).toContain("hasta ahí y se queda");
  }, 20_000);

  test("with a small η the curvature has not arrived", () => {
    const trained = train({ eta: 0.03, seed: 0 });
    expect(Math.max(...trained.sharpness)).toBeLessThan(0.6 * (2 / 0.03));
    expect(sentence(trained, measure(trained))).toContain("aún no ha llegado");
  }, 20_000);

  test("with an η far above the first limit the loss escapes, and the training ends there", () => {
    const trained = train({ eta: 2, seed: 0 });
    expect(trained.losses.length).toBeLessThan(STEPS);
    expect(sentence(trained, measure(trained))).toContain("se escapa");
  });
});
