/**
 * Lab: in a valley with two curvatures, the η that is fastest and the one that escapes lie close together;
 * and a small network, whose curvature rises by itself to the limit of the η that trains it.
 */

import { spanish } from "../../plot/numbers";
import type { Line } from "../../plot/plot";
import { linear, logarithmic } from "../../plot/scale";
import { Stage } from "../kernel/stage";
import { Work } from "../kernel/work";
import { show } from "./learning";
import type { Question, Trained } from "./network";
import { behaviour, descend, factor, fewestSteps, limit, type Valley } from "./valley";

const REACH = 1e-6;
const STEPS = 400;
const SHOWN = 60;
const FLOOR = 1e-12;
const CEILING = 1e6;
/** How near to the limit counts as having found it. */
const NEAR = 0.98;

export function mount(section: HTMLElement): void {
  const stage = new Stage(section);
  const what = stage.choice(
    "que",
    "Qué se entrena",
    [
      ["valle", "El valle"],
      ["red", "Una red pequeña"],
    ],
    "valle",
  );
  const map = stage.plot("El camino, visto desde arriba", "view--square");
  const chart = stage.plot("La pérdida, paso a paso (eje log)");
  const eta = stage.dial("eta", { label: "η", min: 0.01, max: 1, value: stage.number("eta", 0.05), log: true });
  const stiff = stage.dial("curvatura", {
    label: "λ rígida",
    min: 1,
    max: 100,
    value: stage.number("stiff", 10),
    log: true,
    digits: 3,
  });
  const angle = stage.dial("partida", {
    label: "Partida (grados)",
    min: 5,
    max: 85,
    value: stage.number("start", 30),
    whole: true,
  });
  const seed = stage.dial("semilla", { label: "Semilla", min: 0, max: 99, value: 0, whole: true });
  const curvature = stage.plot("La mayor curvatura de la red", "view--square");
  const loss = stage.plot("Su pérdida, paso a paso (eje log)");
  const flat = stage.number("flat", 1);
  const found: Found = { fastest: null, largest: null, key: "" };
  const settled = new Set<number>();
  const parts = new Set<Part>();
  let work: Work<Question, Trained> | null = null;

  const learn = () => {
    work ??= new Work(new URL("./lab-estabilidad-y-lr-worker.js", import.meta.url), (trained) => {
      if (what.get() !== "red") return;
      if (show(stage, curvature, loss, trained).settled) settled.add(trained.eta);
      reportEdges(stage, settled, parts);
    });
    work.ask({ eta: eta.get(), seed: seed.get() });
  };
  stage.run(() => {
    const isNetwork = what.get() === "red";
    stage.reveal([map, chart, stiff, angle], !isNetwork);
    stage.reveal([curvature, loss, seed], isNetwork);
    if (isNetwork) {
      learn();
      return;
    }
    const valley: Valley = { flat, stiff: stiff.get() };
    const run = descend(valley, eta.get(), angle.get(), STEPS, REACH);
    map.draw({
      lines: [...contours(valley), { label: "", xs: run.xs.slice(0, SHOWN), ys: run.ys.slice(0, SHOWN), colour: "--c1", width: 2 }],
      dots: [
        { x: 0, y: 0, colour: "--text", open: true },
        ...Array.from({ length: SHOWN }, (_, k) => ({ x: run.xs[k] ?? 0, y: run.ys[k] ?? 0, colour: "--c1", radius: 3 })),
        { x: run.xs[0] ?? 0, y: run.ys[0] ?? 0, colour: "--c1", label: "salida" },
      ],
      x: linear(-1.3, 1.3, 4),
      y: linear(-1.3, 1.3, 4),
      xName: `dirección plana, λ = ${spanish(flat)}`,
      yName: `dirección rígida, λ = ${spanish(valley.stiff)}`,
      right: 16,
    });
    chart.draw({
      lines: lossLines(valley, run, eta.get()),
      marks: [{ axis: "y", value: (run.losses[0] ?? 1) * REACH, label: "llegada" }],
      x: linear(0, SHOWN, 6),
      y: logarithmic(FLOOR, CEILING, 6),
      xName: "paso",
      right: 76,
    });
    const [slow, fast] = [factor(eta.get(), flat), factor(eta.get(), valley.stiff)];
    stage.say(sentence(run.steps, slow, fast));
    stage.numbers({
      head: ["Dirección", "λ", "1 − ηλ", "En cada paso"],
      rows: [
        ["plana", spanish(flat), spanish(slow), behaviour(slow)],
        ["rígida", spanish(valley.stiff), spanish(fast), behaviour(fast)],
        ["Pérdida", "", "", ""],
        ...[0, 1, 2, 5, 10, 20, 50, 100, 200, 400].map((k) => [`paso ${k}`, "", "", spanish(run.losses[k] ?? NaN)]),
      ],
    });
    report(stage, found, valley, angle.get(), eta.get(), run.steps, parts);
  });
}

/** The task has two parts, and its end is when both were done once, in either order. */
type Part = "valle" | "red";

function end(parts: ReadonlySet<Part>): string {
  if (parts.size === 2) return "Tarea hecha.";
  return parts.has("valle") ? "Falta la red pequeña." : "Falta el valle.";
}

interface Found {
  fastest: number | null;
  largest: number | null;
  /** The valley and start that they were found in. */
  key: string;
}

/** The valley's part has two halves; both must be found in the same valley. */
function report(stage: Stage, found: Found, valley: Valley, angle: number, eta: number, steps: number | null, parts: Set<Part>): void {
  const key = `${valley.flat} ${valley.stiff}`;
  if (found.key !== key) Object.assign(found, { fastest: null, largest: null, key });
  const edge = limit(valley);
  if (steps !== null && steps <= fewestSteps(valley, angle, STEPS, REACH) + 1) found.fastest ??= eta;
  if (eta < edge && eta >= NEAR * edge) found.largest = Math.max(found.largest ?? 0, eta);
  const halves = [
    found.fastest === null ? "Falta la η de menos pasos." : `La de menos pasos: η = ${spanish(found.fastest)}.`,
    found.largest === null ? "Falta la mayor que no se escapa." : `La mayor que no se escapa: η = ${spanish(found.largest, 4)}.`,
  ];
  const done = found.fastest !== null && found.largest !== null;
  if (done) {
    parts.add("valle");
    const ratio = (found.largest ?? 0) / (found.fastest ?? 1);
    halves.push(`La segunda es ${spanish(ratio, 2)} veces la primera; el límite exacto es 2/λ = ${spanish(edge)}. ${end(parts)}`);
  }
  stage.progress(halves.join(" "), done, parts.size === 2);
}

/** In the network there is no η to be found: the limit comes to wherever η puts it. */
function reportEdges(stage: Stage, settled: ReadonlySet<number>, parts: Set<Part>): void {
  const [least, most] = [Math.min(...settled), Math.max(...settled)];
  const done = settled.size > 1 && most >= 1.5 * least;
  if (done) {
    parts.add("red");
    const seen = `Con η = ${spanish(least)} y con η = ${spanish(most)} la curvatura acabó en su propio 2/η: la η no la encuentra, la pone.`;
    stage.progress(`${seen} ${end(parts)}`, true, parts.size === 2);
    return;
  }
  const first = settled.size ? `Con η = ${spanish(least)} la curvatura acabó en 2/η.` : "Prueba η entre 0,1 y 0,3 y mira dónde se posa la curvatura.";
  stage.progress(settled.size ? `${first} Prueba otra η, una vez y media mayor o menor.` : first, false);
}

function sentence(steps: number | null, slow: number, fast: number): string {
  const factors = `La dirección plana ${behaviour(slow)} (1 − ηλ = ${spanish(slow)}); la rígida ${behaviour(fast)} (${spanish(fast)}).`;
  if (Math.abs(fast) > 1 || Math.abs(slow) > 1) return `Ahora: se escapa. ${factors}`;
  const arrival = steps === null ? `no llega en ${STEPS} pasos` : `llega en ${steps} pasos`;
  return `Ahora: ${arrival}. ${factors}`;
}

function lossLines(valley: Valley, run: { xs: Float64Array; ys: Float64Array; losses: Float64Array }, eta: number): Line[] {
  const ks = Float64Array.from({ length: SHOWN + 1 }, (_, k) => k);
  const within = (losses: Float64Array) => losses.slice(0, SHOWN + 1).map((loss) => (loss >= FLOOR && loss <= CEILING ? loss : NaN));
  const alone = (coordinates: Float64Array, lambda: number) => within(coordinates.map((c) => 0.5 * lambda * c * c));
  return [
    { label: "plana", xs: ks, ys: alone(run.xs, valley.flat), colour: "--c3", dash: [6, 4] },
    { label: Math.abs(factor(eta, valley.stiff)) > 1 ? "rígida ↗" : "rígida", xs: ks, ys: alone(run.ys, valley.stiff), colour: "--c2", dash: [2, 3] },
    { label: "pérdida", xs: ks, ys: within(run.losses), colour: "--text", width: 3 },
  ];
}

/** Ellipses of equal loss. */
function contours(valley: Valley): Line[] {
  const top = 0.5 * Math.max(valley.flat, valley.stiff);
  return [1, 0.5, 0.2, 0.07, 0.02, 0.005].map((share) => {
    const [a, b] = [Math.sqrt((2 * share * top) / valley.flat), Math.sqrt((2 * share * top) / valley.stiff)];
    const turn = Float64Array.from({ length: 121 }, (_, i) => (2 * Math.PI * i) / 120);
    return { label: "", xs: turn.map((t) => a * Math.cos(t)), ys: turn.map((t) => b * Math.sin(t)), colour: "--control", width: 0.75 };
  });
}
