/** Who arrives first: each textbook optimiser with the best η of a grid, and the reader's own settings. */

import { NAMES, run, type Name, type Settings } from "../kernel/optimisers";
import type { Surface } from "./surfaces";

export const STEPS = 400;
/** Arrived: a thousandth of the first loss, and it stays there. */
export const TARGET = 1e-3;
/** The memory that the books give to those that have one. */
export const BETA = 0.9;
const ETAS = Array.from({ length: 29 }, (_, i) => 10 ** (-4 + i / 7));

export interface Runner {
  settings: Settings;
  path: number[][];
  losses: number[];
  /** The first step from which the loss stays at the target; null if it does not. */
  arrival: number | null;
}

/** The first step from which every loss is at most TARGET times the first. */
export function arrivalOf(losses: readonly number[]): number | null {
  const target = TARGET * (losses[0] as number);
  let k = losses.length;
  while (k > 0 && (losses[k - 1] as number) <= target) k--;
  return k < losses.length ? k : null;
}

export function race(settings: Settings, surface: Surface): Runner {
  const path = run(settings, surface.gradient, surface.start, STEPS);
  const losses = path.map(surface.value);
  return { settings, path, losses, arrival: path.length > STEPS ? arrivalOf(losses) : null };
}

/** The run that arrives first, or, if none does, the one that ends lowest. */
function best(name: Name, surface: Surface): Runner {
  const runners = ETAS.map((eta) => race({ name, eta, beta: BETA }, surface));
  const rank = ({ arrival, losses }: Runner) => arrival ?? STEPS + 1 + (losses.length > STEPS ? Math.min(1, losses.at(-1) as number) : 1);
  return runners.reduce((least, one) => (rank(one) < rank(least) ? one : least));
}

export const textbook = (surface: Surface): Runner[] => NAMES.map((name) => best(name, surface));
