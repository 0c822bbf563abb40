/**
 * Critical points whose Hessian is a random symmetric matrix plus a multiple of the identity: how many are minima.
 *
 * The entries are normal with variance 1/n off the diagonal and 2/n on it, so the eigenvalues fill the semicircle
 * from −2 to 2 (E. P. Wigner, 1958, doi:10.2307/1970008). The shift stands for how low the point lies: in random
 * landscapes it moves the whole semicircle to the right (A. J. Bray and D. S. Dean, 2007,
 * doi:10.1103/PhysRevLett.98.150201).
 */

import { Random } from "../kernel/random";

export interface Landscape {
  dimension: number;
  shift: number;
  seed: number;
}

export interface Surveyed {
  /** Share of the eigenvalues in each of the bins between `EDGES`. */
  density: number[];
  /** Share of negative eigenvalues. */
  index: number;
  /** Share of minima among the points drawn, at this dimension. */
  minima: number;
  /** The same for dimensions 1, 2, …: `SMALL` of them. */
  small: number[];
}

/** From −4.2 to 4.2, so that every shift of the lab stays inside. */
export const EDGES = Array.from({ length: 85 }, (_, i) => (i - 42) / 10);
export const SMALL = 10;
export const POINTS = 400;
const SMALL_POINTS = 4000;
const EIGENVALUES = 3000;

/** A symmetric matrix by rows, drawn as above. */
export function draw(n: number, shift: number, random: Random): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    matrix[i * n + i] = random.normal() * Math.sqrt(2 / n) + shift;
    for (let j = 0; j < i; j++) matrix[i * n + j] = matrix[j * n + i] = random.normal() / Math.sqrt(n);
  }
  return matrix;
}

/** Whether all eigenvalues are positive: whether Cholesky's factorisation gets through. Changes the matrix. */
export function isMinimum(matrix: Float64Array, n: number): boolean {
  for (let k = 0; k < n; k++) {
    const pivot = matrix[k * n + k] as number;
    if (pivot <= 0) return false;
    for (let i = k + 1; i < n; i++) {
      const factor = (matrix[i * n + k] as number) / pivot;
      for (let j = k + 1; j <= i; j++) (matrix[i * n + j] as number) -= factor * (matrix[j * n + k] as number);
    }
  }
  return true;
}

export interface Tridiagonal {
  diagonal: Float64Array;
  beside: Float64Array;
}

/** Householder's reduction: the same eigenvalues in three diagonals. Changes the matrix. */
export function reduce(a: Float64Array, n: number): Tridiagonal {
  const at = (i: number, j: number) => a[i * n + j] as number;
  const beside = new Float64Array(Math.max(0, n - 1));
  for (let k = 0; k < n - 2; k++) {
    let norm = 0;
    for (let i = k + 1; i < n; i++) norm = Math.hypot(norm, at(i, k));
    const size = at(k + 1, k) > 0 ? -norm : norm;
    beside[k] = size;
    if (norm === 0) continue;
    const v = Float64Array.from({ length: n }, (_, i) => (i > k ? at(i, k) : 0));
    (v[k + 1] as number) -= size;
    const half = v.reduce((sum, x) => sum + x * x, 0) / 2;
    if (half === 0) continue;
    const p = new Float64Array(n);
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += at(i, j) * (v[j] as number);
      p[i] = sum / half;
    }
    const share = p.reduce((sum, x, i) => sum + x * (v[i] as number), 0) / (2 * half);
    for (let i = k + 1; i < n; i++) (p[i] as number) -= share * (v[i] as number);
    for (let i = k + 1; i < n; i++) {
      for (let j = k + 1; j < n; j++) (a[i * n + j] as number) -= (v[i] as number) * (p[j] as number) + (p[i] as number) * (v[j] as number);
    }
  }
  if (n > 1) beside[n - 2] = at(n - 1, n - 2);
  return { diagonal: Float64Array.from({ length: n }, (_, i) => at(i, i)), beside };
}

/** How many eigenvalues lie below `x`: the negative pivots of the factorisation of T − x (Sylvester's inertia). */
export function below({ diagonal, beside }: Tridiagonal, x: number): number {
  let count = 0;
  let pivot = 1;
  for (let i = 0; i < diagonal.length; i++) {
    const off = i ? (beside[i - 1] as number) : 0;
    pivot = (diagonal[i] as number) - x - (off * off) / pivot;
    if (pivot === 0) pivot = 1e-300;
    if (pivot < 0) count++;
  }
  return count;
}

export function survey({ dimension, shift, seed }: Landscape): Surveyed {
  const random = new Random(seed);
  const matrices = Math.max(1, Math.round(EIGENVALUES / dimension));
  const counts = new Float64Array(EDGES.length);
  let negative = 0;
  for (let m = 0; m < matrices; m++) {
    const reduced = reduce(draw(dimension, shift, random), dimension);
    EDGES.forEach((edge, i) => (counts[i] = (counts[i] as number) + below(reduced, edge)));
    negative += below(reduced, 0);
  }
  const total = matrices * dimension;
  return {
    density: EDGES.slice(1).map((_, i) => ((counts[i + 1] as number) - (counts[i] as number)) / total),
    index: negative / total,
    minima: shareOfMinima(dimension, shift, POINTS, random),
    small: Array.from({ length: SMALL }, (_, i) => shareOfMinima(i + 1, shift, SMALL_POINTS, random)),
  };
}

function shareOfMinima(n: number, shift: number, points: number, random: Random): number {
  let minima = 0;
  for (let i = 0; i < points; i++) if (isMinimum(draw(n, shift, random), n)) minima++;
  return minima / points;
}
