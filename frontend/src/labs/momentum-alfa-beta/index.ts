/** Lab: α and β move two pairs of roots; the best pair makes both directions die at the same rate. */

import { spanish } from "../../plot/numbers";
import { linear, logarithmic } from "../../plot/scale";
import { Stage } from "../kernel/stage";
import { best, effective, bestWithout, rate, roll, roots, settled, type Ball, type Form, type Roots } from "./ball";

/** Arrived: the distance stays at this share of the first one. */
const REACH = 1e-4;
const STEPS = 4000;
/** Shown of the distance: as long as plain descent takes for the κ of the task. */
const SHOWN = 500;
const FLOOR = 1e-8;
const CEILING = 1e3;
/** How near to the fewest steps counts as having found them. */
const NEAR = 1.12;
const NEAR_PLAIN = 1.03;
const CURVATURES = 25;

/** What the task asks for, κ by κ: the fewest steps seen with β = 0 and with any β. */
interface Found {
  plain: Map<number, number>;
  heavy: Map<number, number>;
}

export function mount(section: HTMLElement): void {
  const stage = new Stage(section);
  const plane = stage.plot("Las raíces, en el plano complejo", "view--square");
  const chart = stage.plot("La distancia al fondo, paso a paso (eje log)");
  const alpha = stage.dial("alfa", { label: "α", min: 1e-4, max: 4, value: stage.number("alpha", 0.005), log: true });
  const beta = stage.dial("beta", { label: "β", min: 0, max: 0.999, value: stage.number("beta", 0) });
  const condition = stage.dial("kappa", { label: "κ", min: 4, max: 1600, value: stage.number("kappa", 100), log: true, digits: 3 });
  const form = stage.choice<Form>(
    "forma",
    "Forma",
    [
      ["clasica", "clásica, v ← βv + g"],
      ["media", "media, v ← βv + (1 − β)g"],
    ],
    "clasica",
  );
  const found: Found = { plain: new Map(), heavy: new Map() };

  stage.run(() => {
    const [ball, kappa] = [{ alpha: alpha.get(), beta: beta.get(), form: form.get() }, condition.get()];
    const rolled = roll(ball, kappa, STEPS);
    const steps = settled(rolled.distances, REACH);
    const [flat, stiff] = [roots(ball, 1), roots(ball, kappa)];
    plane.draw({
      lines: [circle(1, "--control", []), circle(Math.sqrt(ball.beta), "--c3", [4, 4])],
      dots: [
        ...between(kappa).flatMap((lambda) => places(roots(ball, lambda)).map((at) => ({ ...at, colour: "--c3", radius: 2 }))),
        ...places(flat).map((at, i) => ({ ...at, colour: "--c2", label: i ? "" : "λ = 1" })),
        ...places(stiff).map((at, i) => ({ ...at, colour: "--c1", label: i ? "" : `λ = ${spanish(kappa)}` })),
      ],
      x: linear(-1.5, 1.5, 5),
      y: linear(-1.5, 1.5, 5),
      xName: "parte real",
      yName: "parte imaginaria",
      right: 16,
    });
    const ks = Float64Array.from({ length: SHOWN + 1 }, (_, k) => k);
    const within = (sizes: Float64Array) => sizes.slice(0, SHOWN + 1).map((size) => (size >= FLOOR && size <= CEILING ? size : NaN));
    const worst = rate(ball, kappa);
    const first = rolled.distances[0] ?? 1;
    chart.draw({
      lines: [
        { label: "plana", xs: ks, ys: within(rolled.xs.map(Math.abs)), colour: "--c2", dash: [6, 4] },
        { label: "rígida", xs: ks, ys: within(rolled.ys.map(Math.abs)), colour: "--c1", dash: [2, 3] },
        { label: "distancia", xs: ks, ys: within(rolled.distances), colour: "--text", width: 2.5 },
      ],
      marks: [{ axis: "y", value: first * REACH, label: "llegada" }],
      x: linear(0, SHOWN, 5),
      y: logarithmic(FLOOR, CEILING, 6),
      xName: "paso",
      right: 76,
    });
    stage.say(sentence(worst, flat, stiff, steps));
    stage.numbers({
      head: ["Dirección", "λ", "raíces", "módulo"],
      rows: [
        ["plana", "1", written(flat), spanish(flat.modulus, 4)],
        ["rígida", spanish(kappa), written(stiff), spanish(stiff.modulus, 4)],
        ["α efectiva", "", "", spanish(effective(ball), 4)],
        ["Distancia", "", "", ""],
        ...[0, 5, 10, 20, 50, 100, 200, 400, 1000].map((k) => [`paso ${k}`, "", "", spanish(rolled.distances[k] ?? NaN)]),
      ],
    });
    report(stage, found, ball, kappa, steps);
  });
}

/** Three finds: β = 0 and any β in the valley of the lesson, then any β where κ is four times that or more. */
function report(stage: Stage, found: Found, ball: Ball, kappa: number, steps: number | null): void {
  const near = (fewest: number, slack: number) => steps !== null && steps <= fewest * slack + 1;
  const fewest = (of: Ball) => settled(roll(of, kappa, STEPS).distances, REACH) ?? Infinity;
  if (ball.beta === 0 && near(fewest(bestWithout(kappa)), NEAR_PLAIN)) found.plain.set(kappa, Math.min(steps ?? Infinity, found.plain.get(kappa) ?? Infinity));
  if (ball.beta > 0 && near(fewest(best(kappa)), NEAR)) found.heavy.set(kappa, Math.min(steps ?? Infinity, found.heavy.get(kappa) ?? Infinity));
  const both = [...found.heavy.keys()].find((one) => found.plain.has(one));
  if (both === undefined) {
    const plain = [...found.plain].at(-1);
    const heavy = [...found.heavy].at(-1);
    const first = plain ? `Sin momentum, con κ = ${spanish(plain[0])}: ${plain[1]} pasos.` : "Falta la α de menos pasos con β = 0.";
    const second = heavy ? `Con momentum, con κ = ${spanish(heavy[0])}: ${heavy[1]} pasos.` : "Faltan la α y la β de menos pasos.";
    stage.progress(`${first} ${second}`, false);
    return;
  }
  const gained = `Con κ = ${spanish(both)}: ${found.plain.get(both)} pasos sin momentum, ${found.heavy.get(both)} con él.`;
  const wider = [...found.heavy.keys()].find((one) => one >= 4 * both * 0.999);
  if (wider === undefined) {
    stage.progress(`${gained} Ahora multiplica κ por cuatro y vuelve a buscar.`, false);
    return;
  }
  const times = (found.heavy.get(wider) ?? 0) / (found.heavy.get(both) ?? 1);
  const told = `κ ha crecido ×${spanish(wider / both, 2)} y los pasos ×${spanish(times, 2)}, que va con √κ = ×${spanish(Math.sqrt(wider / both), 2)}.`;
  stage.progress(`${gained} ${told} Tarea hecha.`, true);
}

function sentence(worst: number, flat: Roots, stiff: Roots, steps: number | null): string {
  const how = (found: Roots) => {
    if (found.modulus > 1) return "se escapa";
    if (found.complex) return "oscila y se apaga";
    return found.real[1] < 0 ? "rebota y se apaga" : "se apaga sin oscilar";
  };
  const arrival = steps === null ? `no llega en ${STEPS} pasos` : `llega en ${steps} pasos`;
  return `Ahora: ρ = ${spanish(worst, 4)}, ${worst > 1 ? "se escapa" : arrival}. La dirección plana ${how(flat)}; la rígida ${how(stiff)}.`;
}

function written(found: Roots): string {
  if (found.complex) return `${spanish(found.real[0])} ± ${spanish(found.imaginary)} i`;
  return `${spanish(found.real[0])} y ${spanish(found.real[1])}`;
}

function places(found: Roots): { x: number; y: number }[] {
  return [
    { x: found.real[0], y: found.imaginary },
    { x: found.real[1], y: -found.imaginary },
  ];
}

/** Curvatures between the two of the valley, at equal ratios. */
const between = (kappa: number) => Array.from({ length: CURVATURES }, (_, i) => kappa ** ((i + 1) / (CURVATURES + 1)));

function circle(radius: number, colour: string, dash: number[]) {
  const turn = Float64Array.from({ length: 121 }, (_, i) => (2 * Math.PI * i) / 120);
  return { label: "", xs: turn.map((t) => radius * Math.cos(t)), ys: turn.map((t) => radius * Math.sin(t)), colour, dash, width: 1 };
}
