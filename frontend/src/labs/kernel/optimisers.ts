/** The textbook optimisers, as one step on a point; each keeps its own memory. */

export const NAMES = ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"] as const;
export type Name = (typeof NAMES)[number];

export const TITLES: Record<Name, string> = {
  sgd: "SGD",
  momentum: "momentum",
  nesterov: "Nesterov",
  adagrad: "AdaGrad",
  rmsprop: "RMSProp",
  adam: "Adam",
};

/** `beta` is the memory of the gradient; that of the squares is 0.99 for RMSProp and 0.999 for Adam. */
export interface Settings {
  name: Name;
  eta: number;
  beta: number;
}

export type Gradient = (at: readonly number[]) => number[];

const SQUARES = { rmsprop: 0.99, adam: 0.999 };
const EPSILON = 1e-8;

/** Every point of a run, the start first; ends early where a number is no longer finite or beyond 1e6. */
export function run({ name, eta, beta }: Settings, gradient: Gradient, start: readonly number[], steps: number): number[][] {
  const path = [[...start]];
  const [speed, squares] = [start.map(() => 0), start.map(() => 0)];
  let at = [...start];
  for (let t = 1; t <= steps; t++) {
    const ahead = name === "nesterov" ? at.map((x, i) => x - eta * beta * (speed[i] as number)) : at;
    const g = gradient(ahead);
    at = at.map((x, i) => x - eta * stride(name, beta, t, i, g[i] as number, speed, squares));
    if (!at.every((x) => Math.abs(x) < 1e6)) break;
    path.push(at);
  }
  return path;
}

function stride(name: Name, beta: number, t: number, i: number, g: number, speed: number[], squares: number[]): number {
  const [m, s] = [speed[i] as number, squares[i] as number];
  switch (name) {
    case "sgd":
      return g;
    case "momentum":
    case "nesterov":
      return (speed[i] = beta * m + g);
    case "adagrad":
      squares[i] = s + g * g;
      return g / (Math.sqrt(squares[i] as number) + EPSILON);
    case "rmsprop":
      squares[i] = SQUARES.rmsprop * s + (1 - SQUARES.rmsprop) * g * g;
      return g / (Math.sqrt(squares[i] as number) + EPSILON);
    case "adam":
      speed[i] = beta * m + (1 - beta) * g;
      squares[i] = SQUARES.adam * s + (1 - SQUARES.adam) * g * g;
      return (speed[i] as number) / (1 - beta ** t) / (Math.sqrt((squares[i] as number) / (1 - SQUARES.adam ** t)) + EPSILON);
  }
}
