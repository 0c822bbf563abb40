/** Lab: what Adam keeps of the gradients, and the step that comes of it, one coordinate at a time. */

import { spanish } from "../../plot/numbers";
import { fit, linear } from "../../plot/scale";
import { Stage } from "../kernel/stage";
import { stream, trace, type Settings, type Stream, type Trace, type Variant } from "./adam";

const SHOWN = 120;
const LONG = 3000;
/** The task: a first step so many times η; then an end so near to a border. */
const TOO_LONG = 10;
const END = 0.9;

export function mount(section: HTMLElement): void {
  const stage = new Stage(section);
  const kept = stage.plot("Lo que llega y lo que guarda");
  const steps = stage.plot("El paso, en veces η");
  const kind = stage.choice<Stream>(
    "gradiente",
    "Gradientes",
    [
      ["constante", "constantes"],
      ["ruido", "con ruido"],
      ["raro", "uno de cada 20"],
      ["reddi", "3, −1, −1"],
    ],
    "constante",
  );
  const variant = stage.choice<Variant>(
    "variante",
    "Variante",
    [
      ["adam", "Adam"],
      ["cruda", "sin corregir el sesgo"],
      ["amsgrad", "AMSGrad"],
    ],
    "adam",
  );
  const beta1 = stage.dial("b1", { label: "β₁", min: 0, max: 0.999, value: stage.number("beta1", 0.9) });
  const memory = stage.dial("b2", { label: "1 − β₂", min: 1e-5, max: 1, value: stage.number("forgets", 0.001), log: true, digits: 3 });
  const epsilon = stage.dial("eps", { label: "ε", min: 1e-8, max: 10, value: stage.number("epsilon", 1e-8), log: true, digits: 3 });
  const size = stage.dial("escala", { label: "Tamaño de g", min: 1e-4, max: 1e4, value: stage.number("size", 1), log: true, digits: 3 });
  const found: Found = { first: null, wrong: null, right: null };

  stage.run(() => {
    const settings: Settings = { beta1: beta1.get(), beta2: 1 - memory.get(), epsilon: epsilon.get(), variant: variant.get() };
    const gradients = stream(kind.get(), size.get(), LONG);
    const traced = trace(gradients, settings);
    const ts = Float64Array.from({ length: SHOWN }, (_, i) => i + 1);
    const root = traced.v.slice(0, SHOWN).map(Math.sqrt);
    const heights = [...gradients.slice(0, SHOWN), ...root, ...traced.m.slice(0, SHOWN)];
    kept.draw({
      lines: [
        { label: "g", xs: ts, ys: gradients.slice(0, SHOWN), colour: "--c3", width: 1 },
        { label: settings.variant === "cruda" ? "m" : "m̂", xs: ts, ys: traced.m.slice(0, SHOWN), colour: "--c1", width: 2 },
        { label: settings.variant === "cruda" ? "√v" : "√v̂", xs: ts, ys: root, colour: "--c2", width: 2, dash: [6, 4] },
      ],
      x: linear(0, SHOWN, 6),
      y: fit(heights, { log: false }),
      xName: "paso t",
      right: 56,
    });
    steps.draw({
      lines: [{ label: "paso", xs: ts, ys: traced.step.slice(0, SHOWN), colour: "--text", width: 2 }],
      marks: [
        { axis: "y", value: 1, label: "η" },
        { axis: "y", value: -1, label: "−η" },
      ],
      x: linear(0, SHOWN, 6),
      y: fit([...traced.step.slice(0, SHOWN), 1.2, -1.2], { log: false }),
      xName: "paso t",
      right: 56,
    });
    stage.say(sentence(traced, kind.get()));
    stage.numbers({
      head: ["t", "g", "m̂", "v̂", "paso ÷ η"],
      rows: [1, 2, 3, 5, 10, 20, 21, 40, 80, 120].map((t) => [
        String(t),
        spanish(gradients[t - 1] ?? NaN),
        spanish(traced.m[t - 1] ?? NaN),
        spanish(traced.v[t - 1] ?? NaN),
        spanish(traced.step[t - 1] ?? NaN),
      ]),
    });
    report(stage, found, settings, kind.get(), traced);
  });
}

interface Found {
  first: number | null;
  /** β₂ with which Adam ends at the wrong border, and with which AMSGrad ends at the right one. */
  wrong: number | null;
  right: number | null;
}

function report(stage: Stage, found: Found, { beta2, variant }: Settings, kind: Stream, traced: Trace): void {
  const [first, end] = [Math.abs(traced.step[0] ?? 0), traced.x.at(-1) ?? 0];
  if (variant === "cruda" && first >= TOO_LONG) found.first = first;
  if (kind === "reddi" && variant === "adam" && end > END) found.wrong = beta2;
  if (kind === "reddi" && variant === "amsgrad" && beta2 === found.wrong && end < -END) found.right = beta2;
  const parts = [
    found.first === null
      ? `Sin corregir el sesgo, busca un primer paso de ${TOO_LONG} veces η o más.`
      : `Sin corregir, el primer paso fue ${spanish(found.first)} veces η: (1 − β₁)/√(1 − β₂).`,
    found.wrong === null
      ? "Con gradientes 3, −1, −1 (el mínimo está en −1), busca la memoria con la que Adam acaba en +1."
      : `Con β₂ = ${spanish(found.wrong)} Adam acabó en el extremo contrario.`,
    found.right === null ? "Y cambia a AMSGrad sin tocar nada más." : "AMSGrad, con la misma memoria, acabó en el bueno.",
  ];
  const done = found.first !== null && found.right !== null;
  stage.progress(`${parts.join(" ")}${done ? " Tarea hecha." : ""}`, done);
}

function sentence(traced: Trace, kind: Stream): string {
  const steps = traced.step.slice(0, SHOWN);
  const most = steps.reduce((top, step) => Math.max(top, Math.abs(step)), 0);
  const told = `Ahora: el primer paso mide ${spanish(steps[0] ?? NaN)} η; el mayor de los ${SHOWN}, ${spanish(most)} η; el último, ${spanish(steps.at(-1) ?? NaN)} η.`;
  return kind === "reddi" ? `${told} Tras ${LONG} pasos, x = ${spanish(traced.x.at(-1) ?? NaN)}.` : told;
}
