/** Lab: a schedule is drawn and run at once, beside the best constant that the same network could have had. */

import { spanish } from "../../plot/numbers";
import { linear, logarithmic } from "../../plot/scale";
import { Stage } from "../kernel/stage";
import { Work } from "../kernel/work";
import { EVERY, SEEDS, STEPS, eta, type Answer, type Kind, type Question, type Schedule, type Shape } from "./schedules";

/** How much below the best constant the shallow network must end. */
const BELOW = 0.9;
/** What the deep one must reach, with a peak at least this high. */
const LEARNT = 0.5;
const HIGH = 0.2;

export function mount(section: HTMLElement): void {
  const stage = new Stage(section);
  const drawn = stage.plot("Tu schedule: η en cada paso");
  const losses = stage.plot(`Pérdida de entrenamiento, media de ${SEEDS} semillas (eje log)`);
  const kind = stage.choice<Kind>(
    "red",
    "Red",
    [
      ["llana", "2 capas, tanh"],
      ["profunda", "5 capas de ReLU, pesos iniciales ×2"],
    ],
    "llana",
  );
  const shape = stage.choice<Shape>(
    "forma",
    "Caída",
    [
      ["constante", "ninguna"],
      ["lineal", "lineal"],
      ["coseno", "coseno"],
      ["raiz", "1/√t"],
      ["meseta", "meseta (WSD)"],
      ["escalones", "escalones"],
    ],
    "constante",
  );
  const peak = stage.dial("pico", { label: "η máxima", min: 0.01, max: 4, value: stage.number("peak", 0.25), log: true, digits: 3 });
  const warmup = stage.dial("calentamiento", { label: "Calentamiento", min: 0, max: 0.5, value: stage.number("warmup", 0), digits: 2 });
  const floor = stage.dial("suelo", { label: "Suelo", min: 0, max: 1, value: stage.number("floor", 0), digits: 2 });
  const seed = stage.dial("semilla", { label: "Semilla", min: 0, max: 99, value: 0, whole: true });
  const done = new Set<Kind>();

  const work = new Work<Question, Answer>(new URL("./lab-disena-tu-schedule-worker.js", import.meta.url), (answer) => {
    const { best } = answer;
    const steps = answer.losses.map((_, i) => i * EVERY);
    losses.draw({
      lines: [
        { label: `η = ${spanish(best.eta)}`, xs: steps, ys: best.run.losses, colour: "--c3", dash: [6, 4] },
        { label: "tú", xs: steps, ys: answer.losses, colour: "--text", width: 2.5 },
      ],
      marks: [{ axis: "y", value: answer.kind === "llana" ? BELOW * best.run.final : LEARNT, label: "meta" }],
      x: linear(0, STEPS, 6),
      y: logarithmic(0.2, 5, 3),
      xName: "paso",
      right: 76,
    });
    const ends = Number.isFinite(answer.final) ? `acabas en ${spanish(answer.final)}` : "se rompe";
    stage.say(`Ahora: ${ends}; la mejor η constante, ${spanish(best.eta)}, acaba en ${spanish(best.run.final)}.`);
    stage.numbers({
      head: ["Paso", "η", "tu pérdida", "mejor constante"],
      rows: steps.filter((_, i) => i % 3 === 0).map((k, i) => [
        String(k),
        spanish(eta(answer.schedule, Math.min(k, STEPS - 1))),
        spanish(answer.losses[3 * i] ?? NaN),
        spanish(best.run.losses[3 * i] ?? NaN),
      ]),
    });
    report(stage, done, answer);
  });
  stage.run(() => {
    const schedule: Schedule = { peak: peak.get(), warmup: warmup.get(), shape: shape.get(), floor: floor.get() };
    const ks = Float64Array.from({ length: STEPS }, (_, k) => k);
    drawn.draw({
      lines: [{ label: "", xs: ks, ys: ks.map((k) => eta(schedule, k)), colour: "--c1", width: 2.5 }],
      x: linear(0, STEPS, 6),
      y: linear(0, schedule.peak * 1.05, 4),
      xName: "paso",
      right: 16,
    });
    work.ask({ schedule, kind: kind.get(), seed: seed.get() });
  });
}

function report(stage: Stage, done: Set<Kind>, { kind, schedule, final, best }: Answer): void {
  if (kind === "llana" && final <= BELOW * best.run.final) done.add("llana");
  if (kind === "profunda" && schedule.peak >= HIGH && final < LEARNT) done.add("profunda");
  const first = done.has("llana")
    ? "La red de tanh acaba un 10 % por debajo de la mejor constante: era ruido, y lo quita una η que se apaga."
    : "Falta bajar un 10 % de la mejor constante con la red de tanh.";
  const second = done.has("profunda")
    ? `La profunda aguanta η = ${spanish(HIGH)}.`
    : `Falta que la profunda baje de ${spanish(LEARNT)} con η máxima ${spanish(HIGH)} o mayor.`;
  stage.progress(`${first} ${second}${done.size === 2 ? " Tarea hecha." : ""}`, done.size === 2);
}
