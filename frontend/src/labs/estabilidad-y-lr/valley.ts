/** Gradient descent in a quadratic valley f(x, y) = ½(λ₁x² + λ₂y²), where everything is exact. */

export interface Descent {
  /** Where each step stood, the start first. */
  xs: Float64Array;
  ys: Float64Array;
  losses: Float64Array;
  /** The first step at which the loss is `reach` times the first one or less; null if none is. */
  steps: number | null;
}

export interface Valley {
  flat: number;
  stiff: number;
}

/** Follows `count` steps from (cos a, sin a), the angle in degrees. Stops where a number is no longer finite. */
export function descend(valley: Valley, eta: number, angle: number, count: number, reach: number): Descent {
  const xs = new Float64Array(count + 1);
  const ys = new Float64Array(count + 1);
  const losses = new Float64Array(count + 1);
  let x = Math.cos((angle * Math.PI) / 180);
  let y = Math.sin((angle * Math.PI) / 180);
  let steps: number | null = null;
  for (let k = 0; k <= count; k++) {
    xs[k] = x;
    ys[k] = y;
    const loss = 0.5 * (valley.flat * x * x + valley.stiff * y * y);
    losses[k] = loss;
    if (steps === null && loss <= reach * (losses[0] as number)) steps = k;
    x -= eta * valley.flat * x;
    y -= eta * valley.stiff * y;
  }
  return { xs, ys, losses, steps };
}

/** What multiplies a direction of curvature `lambda` in each step. */
export const factor = (eta: number, lambda: number) => 1 - eta * lambda;

/** The largest η that still converges, 2/λmax. */
export const limit = (valley: Valley) => 2 / Math.max(valley.flat, valley.stiff);

/** The η with the least worst factor, 2/(λmin + λmax). */
export const best = (valley: Valley) => 2 / (valley.flat + valley.stiff);

/** What a factor does to its direction, in words. */
export function behaviour(times: number): "se escapa" | "ni se acerca ni se aleja" | "rebota y se acerca" | "se acerca" | "llega de un paso" {
  const size = Math.abs(times);
  if (Math.abs(size - 1) < 1e-9) return "ni se acerca ni se aleja";
  if (size > 1) return "se escapa";
  if (size < 1e-9) return "llega de un paso";
  return times < 0 ? "rebota y se acerca" : "se acerca";
}

/** The fewest steps that any η needs from this start, on a fine grid below the limit. */
export function fewestSteps(valley: Valley, angle: number, count: number, reach: number): number {
  let fewest = Infinity;
  for (let i = 1; i < 400; i++) {
    const { steps } = descend(valley, (limit(valley) * i) / 400, angle, count, reach);
    if (steps !== null && steps < fewest) fewest = steps;
  }
  return fewest;
}
