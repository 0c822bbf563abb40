/**
 * The surfaces of the race. grading/judge/races.py has the same ones: on them the judge records the path of a
 * student's own optimiser, and a fixture made from that file holds both to the same numbers.
 */

export const SURFACES = ["valle", "rosenbrock", "silla"] as const;
export type SurfaceName = (typeof SURFACES)[number];

export interface Surface {
  start: readonly [number, number];
  /** Half the side of the square that is drawn, around the origin. */
  reach: number;
  levels: readonly number[];
  value(at: readonly number[]): number;
  gradient(at: readonly number[]): number[];
}

const KAPPA = 40;
const [COS, SIN] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
const BANANA = 20;

const turned = ([x = 0, y = 0]: readonly number[]): [number, number] => [COS * x + SIN * y, -SIN * x + COS * y];

export const surfaces: Record<SurfaceName, Surface> = {
  /** ½(u² + 40v²), turned by 30°. */
  valle: {
    start: [-1.6, 0.4],
    reach: 2,
    levels: [0.01, 0.1, 0.5, 2, 8, 30],
    value: (at) => {
      const [u, v] = turned(at);
      return 0.5 * (u * u + KAPPA * v * v);
    },
    gradient: (at) => {
      const [u, v] = turned(at);
      return [COS * u - SIN * KAPPA * v, SIN * u + COS * KAPPA * v];
    },
  },
  /** (1 − x)² + 20(y − x²)². */
  rosenbrock: {
    start: [-1.2, 1],
    reach: 2,
    levels: [0.05, 0.3, 1, 4, 15, 60],
    value: ([x = 0, y = 0]) => (1 - x) ** 2 + BANANA * (y - x * x) ** 2,
    gradient: ([x = 0, y = 0]) => [-2 * (1 - x) - 4 * BANANA * x * (y - x * x), 2 * BANANA * (y - x * x)],
  },
  /** ½x² − ½y² + ¼y⁴ + ¼: a saddle at the origin, which the start almost looks at, and minima at y = ±1. */
  silla: {
    start: [-1.4, 1e-3],
    reach: 2,
    levels: [0.02, 0.1, 0.2, 0.25, 0.5, 1.2],
    value: ([x = 0, y = 0]) => 0.5 * x * x - 0.5 * y * y + 0.25 * y ** 4 + 0.25,
    gradient: ([x = 0, y = 0]) => [x, -y + y ** 3],
  },
};
