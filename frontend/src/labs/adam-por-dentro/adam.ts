/**
 * Adam in one coordinate, with all that it keeps (D. P. Kingma and J. Ba, 2015, arXiv:1412.6980), and AMSGrad,
 * which never forgets the largest v (S. J. Reddi, S. Kale and S. Kumar, 2018, arXiv:1904.09237).
 */

import { Random } from "../kernel/random";

export const VARIANTS = ["adam", "cruda", "amsgrad"] as const;
export type Variant = (typeof VARIANTS)[number];
export const STREAMS = ["constante", "ruido", "raro", "reddi"] as const;
export type Stream = (typeof STREAMS)[number];

export interface Settings {
  beta1: number;
  beta2: number;
  epsilon: number;
  variant: Variant;
}

/** What Adam holds after each gradient; `step` in units of η, `x` where it has come to. */
export interface Trace {
  m: Float64Array;
  v: Float64Array;
  step: Float64Array;
  x: Float64Array;
}

/** One gradient in so many of the rare stream is not zero. */
export const RARE = 20;
const NOISE = 1;
const ETA = 0.5;

/** Gradients of size one, or as often and as large as the stream says, times `size`. */
export function stream(kind: Stream, size: number, count: number, seed = 0): Float64Array {
  const random = new Random(seed);
  return Float64Array.from({ length: count }, (_, t) => {
    switch (kind) {
      case "constante":
        return size;
      case "ruido":
        return size * (0.2 + NOISE * random.normal());
      case "raro":
        return t % RARE === RARE - 1 ? size : 0;
      case "reddi":
        return size * (t % 3 === 0 ? 3 : -1);
    }
  });
}

/**
 * Runs over the gradients. The position starts at 0 and moves by η_t = 0.5/√t times the step, kept within [−1, 1]:
 * the setting in which Reddi's losses, 3x once in three and −x otherwise, have their minimum at −1.
 */
export function trace(gradients: ArrayLike<number>, { beta1, beta2, epsilon, variant }: Settings): Trace {
  const count = gradients.length;
  const found: Trace = { m: new Float64Array(count), v: new Float64Array(count), step: new Float64Array(count), x: new Float64Array(count) };
  let [m, v, most, x] = [0, 0, 0, 0];
  for (let t = 1; t <= count; t++) {
    const g = gradients[t - 1] as number;
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    const corrected = variant === "cruda" ? m : m / (1 - beta1 ** t);
    const spread = variant === "cruda" ? v : v / (1 - beta2 ** t);
    most = Math.max(most, spread);
    const step = corrected / (Math.sqrt(variant === "amsgrad" ? most : spread) + epsilon);
    x = Math.min(1, Math.max(-1, x - (ETA / Math.sqrt(t)) * step));
    found.m[t - 1] = corrected;
    found.v[t - 1] = variant === "amsgrad" ? most : spread;
    found.step[t - 1] = step;
    found.x[t - 1] = x;
  }
  return found;
}
