/**
 * Steps to a target against the batch, in a valley whose gradient is noisy: computed, not simulated.
 *
 * Direction i has curvature λᵢ and gradient noise of variance σ²λᵢ/B, so its expected square obeys
 * e ← (1 − ηλ)²e + η²σ²λ/B, which has a closed form (G. Zhang et al., 2019, arXiv:1907.04164). The steps with
 * the best η follow S = Smin(1 + Bc/B) closely (S. McCandlish et al., 2018, arXiv:1812.06162).
 */

export const BATCHES = Array.from({ length: 17 }, (_, i) => 2 ** i);
/** The loss to be reached, as a share of the first one. */
export const TARGET = 0.01;
const DIRECTIONS = 20;
const ETAS = 60;
const MOST_STEPS = 2 ** 20;

export interface Valley {
  kappa: number;
  /** σ², in units in which every direction begins with a loss of one. */
  noise: number;
}

export interface Course {
  valley: Valley;
  /** With the best η for each of BATCHES; infinite where none arrives. */
  steps: number[];
  etas: number[];
  /** The hyperbola through the largest batch and the least work. */
  fewestSteps: number;
  fewestExamples: number;
  critical: number;
}

export interface Question extends Valley {
  batch: number;
}

export interface Answer extends Course {
  chosen: { batch: number; steps: number; eta: number };
}

const curvatures = (kappa: number) => Array.from({ length: DIRECTIONS }, (_, i) => kappa ** (i / (DIRECTIONS - 1)));

/** The expected loss after `t` steps, the first being DIRECTIONS: each direction begins with ½λe = 1. */
export function lossAfter({ kappa, noise }: Valley, eta: number, batch: number, t: number): number {
  let loss = 0;
  for (const lambda of curvatures(kappa)) {
    const shrink = (1 - eta * lambda) ** 2;
    const left = shrink ** t;
    const settled = ((eta * eta * noise * lambda) / batch / (1 - shrink)) * (lambda / 2);
    loss += left + (1 - left) * settled;
  }
  return loss;
}

/** The fewest steps after which the loss is below the target; infinite if it never is. */
export function stepsTo(valley: Valley, eta: number, batch: number): number {
  const target = TARGET * DIRECTIONS;
  let high = 1;
  while (lossAfter(valley, eta, batch, high) > target) if ((high *= 2) > MOST_STEPS) return Infinity;
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (lossAfter(valley, eta, batch, middle) > target) low = middle;
    else high = middle;
  }
  return high;
}

/** The fewest steps that any constant η needs with this batch, and that η. */
export function best(valley: Valley, batch: number): { steps: number; eta: number } {
  const top = 1.99 / valley.kappa;
  const etas = Array.from({ length: ETAS }, (_, i) => top * 10 ** ((-6 * i) / (ETAS - 1)));
  const found = etas.map((eta) => ({ eta, steps: stepsTo(valley, eta, batch) }));
  return found.reduce((least, one) => (one.steps < least.steps ? one : least));
}

export function course(valley: Valley): Course {
  const bests = BATCHES.map((batch) => best(valley, batch));
  const [steps, etas] = [bests.map((one) => one.steps), bests.map((one) => one.eta)];
  const fewestSteps = Math.min(...steps);
  const fewestExamples = Math.min(...steps.map((count, i) => count * (BATCHES[i] as number)));
  return { valley, steps, etas, fewestSteps, fewestExamples, critical: fewestExamples / fewestSteps };
}

export function answer({ batch, ...valley }: Question): Answer {
  return { ...course(valley), chosen: { batch, ...best(valley, batch) } };
}
