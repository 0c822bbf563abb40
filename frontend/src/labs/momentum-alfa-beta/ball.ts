/**
 * The heavy ball in a quadratic valley: w ← w − αv, v ← βv + g (classic) or v ← βv + (1 − β)g (average).
 *
 * Along a direction of curvature λ the iterates obey w_{k+1} = (1 + β − aλ)·w_k − β·w_{k−1} with a = α or
 * α(1 − β), so the roots of r² − (1 + β − aλ)r + β decide everything (B. T. Polyak, 1964,
 * doi:10.1016/0041-5553(64)90137-5).
 */

export type Form = "clasica" | "media";

/** A pair of roots, `imaginary` ≥ 0 being that of the first; real ones are `high` ≥ `low`. */
export interface Roots {
  complex: boolean;
  real: [number, number];
  imaginary: number;
  /** The larger modulus. */
  modulus: number;
}

export interface Ball {
  alpha: number;
  beta: number;
  form: Form;
}

export interface Roll {
  xs: Float64Array;
  ys: Float64Array;
  /** From the bottom. */
  distances: Float64Array;
}

/** What multiplies the gradient in the classic form. */
export const effective = ({ alpha, beta, form }: Ball) => (form === "media" ? alpha * (1 - beta) : alpha);

export function roots(ball: Ball, lambda: number): Roots {
  const half = (1 + ball.beta - effective(ball) * lambda) / 2;
  const inside = half * half - ball.beta;
  if (inside < 0) {
    return { complex: true, real: [half, half], imaginary: Math.sqrt(-inside), modulus: Math.sqrt(ball.beta) };
  }
  const [high, low] = [half + Math.sqrt(inside), half - Math.sqrt(inside)];
  return { complex: false, real: [high, low], imaginary: 0, modulus: Math.max(Math.abs(high), Math.abs(low)) };
}

/** The worst modulus among curvatures from 1 to `kappa`: it is at one of the ends. */
export const rate = (ball: Ball, kappa: number) => Math.max(roots(ball, 1).modulus, roots(ball, kappa).modulus);

/** Polyak's choice for curvatures from 1 to `kappa`, classic form. */
export function best(kappa: number): Ball {
  const root = Math.sqrt(kappa);
  return { alpha: (2 / (root + 1)) ** 2, beta: ((root - 1) / (root + 1)) ** 2, form: "clasica" };
}

/** Rolls `count` steps from (1, 1)/√2 with no speed; the second direction is the stiff one. */
export function roll(ball: Ball, kappa: number, count: number): Roll {
  const [xs, ys, distances] = [new Float64Array(count + 1), new Float64Array(count + 1), new Float64Array(count + 1)];
  const gain = ball.form === "media" ? 1 - ball.beta : 1;
  let [x, y, vx, vy] = [Math.SQRT1_2, Math.SQRT1_2, 0, 0];
  for (let k = 0; k <= count; k++) {
    [xs[k], ys[k]] = [x, y];
    distances[k] = Math.hypot(x, y);
    vx = ball.beta * vx + gain * x;
    vy = ball.beta * vy + gain * kappa * y;
    x -= ball.alpha * vx;
    y -= ball.alpha * vy;
  }
  return { xs, ys, distances };
}

/** The first step from which the distance stays at `reach` times the first one or less; null if it never does. */
export function settled(distances: Float64Array, reach: number): number | null {
  let k = distances.length;
  while (k > 0 && (distances[k - 1] as number) <= reach * (distances[0] as number)) k--;
  return k < distances.length ? k : null;
}

/** The α with the best rate when β = 0. */
export const bestWithout = (kappa: number): Ball => ({ alpha: 2 / (1 + kappa), beta: 0, form: "clasica" });
