/** Lab: one scale, multiplied once a layer, decides whether anything reaches the end of a deep network. */

import { spanish } from "../../plot/numbers";
import { linear, logarithmic } from "../../plot/scale";
import { Stage } from "../kernel/stage";
import { Work } from "../kernel/work";
import type { Activation, Answer, Measured, Network } from "./signal";

/** The axis shows so many decades on each side of 1: the first of these that holds the curves. */
const DECADES = [3, 6, 12];
/** The signal of the task: between a third and three times that of the input. */
const THIRD = 1 / 3;
/** How far above a third the smallest scale may leave the signal, on the ten layers of the task. */
const TIGHT = 1.15;
const TASK_LAYERS = 10;
const THEN_LAYERS = 30;

export function mount(section: HTMLElement): void {
  const stage = new Stage(section);
  const chart = stage.plot("Tamaño capa a capa (eje log): la señal hacia delante; el gradiente hacia atrás, 1 en la última");
  const layers = stage.dial("capas", { label: "Capas", min: 1, max: 50, value: stage.number("layers", 10), whole: true });
  const scale = stage.dial("escala", { label: "Escala", min: 0.1, max: 10, value: stage.number("scale", 1), log: true });
  const activation = stage.choice<Activation>(
    "activacion",
    "Activación",
    [
      ["relu", "ReLU"],
      ["tanh", "tanh"],
      ["lineal", "ninguna"],
    ],
    (["relu", "tanh", "lineal"] as const).find((name) => name === stage.settings["activation"]) ?? "relu",
  );
  const seed = stage.dial("semilla", { label: "Semilla", min: 0, max: 99, value: stage.number("seed", 0), whole: true });
  const width = stage.number("width", 64);
  let smallest: number | null = null;
  let deep = false;

  const work = new Work<Network, Answer>(new URL("./lab-varianza-por-capas-worker.js", import.meta.url), ({ network, measured }) => {
    show(stage, chart, network, measured);
    const ratio = (measured.signal.at(-1) ?? 0) / (measured.signal[0] ?? 1);
    if (network.activation === "relu" && network.layers === TASK_LAYERS && ratio >= THIRD && ratio <= THIRD * TIGHT) {
      smallest = network.scale;
    }
    if (smallest !== null && network.layers === THEN_LAYERS && network.scale === smallest) deep = true;
    const first = smallest === null ? `Falta la escala más pequeña con ${TASK_LAYERS} capas de ReLU.` : `Con ${TASK_LAYERS} capas basta ×${spanish(smallest)}.`;
    const second = deep ? `Con ${THEN_LAYERS} y la misma escala la señal queda en ${spanish(ratio, 2)}: un tercio al cubo. Tarea hecha.` : `Falta ver ${THEN_LAYERS} capas con esa escala.`;
    if (!deep || network.layers === THEN_LAYERS) stage.progress(`${first} ${second}`, deep);
  });

  stage.run(() => {
    work.ask({ layers: layers.get(), width, scale: scale.get(), activation: activation.get(), seed: seed.get() });
  });
}

function show(stage: Stage, chart: ReturnType<Stage["plot"]>, network: Network, { signal, gradient, loss }: Measured): void {
  const depth = Array.from(signal, (_, layer) => layer);
  const relative = gradient.map((g) => g / (gradient.at(-1) ?? 1));
  const farthest = Math.max(...[...signal, ...relative].map((size) => Math.abs(Math.log10(size))).filter(Number.isFinite), 0);
  const decades = DECADES.find((most) => farthest <= most) ?? 12;
  const inside = (values: number[]) => values.map((value) => (Math.abs(Math.log10(value)) <= decades ? value : NaN));
  chart.draw({
    lines: [
      { label: "gradiente", xs: depth, ys: inside(relative), colour: "--c1", dash: [7, 5] },
      { label: "señal", xs: depth, ys: inside(signal), colour: "--text", width: 3 },
    ],
    marks: [
      { axis: "y", value: 3, label: "triple" },
      { axis: "y", value: THIRD, label: "un tercio" },
    ],
    x: linear(0, Math.max(2, network.layers), Math.min(6, network.layers)),
    y: logarithmic(10 ** -decades, 10 ** decades, 8),
    xName: "capa (0 es la entrada)",
    right: 84,
  });
  const end = signal.at(-1) ?? 0;
  stage.say(
    `Ahora: la señal de la capa ${network.layers} es ${spanish(end / (signal[0] ?? 1))} veces la de la entrada; el gradiente llega a la entrada multiplicado por ${spanish(relative[0] ?? NaN)}. ` +
      `Pérdida inicial ${spanish(loss, 4)} (ln 10 = 2,303).`,
  );
  stage.numbers({
    head: ["Capa", "Señal", "Gradiente"],
    rows: depth.map((layer) => [String(layer), spanish(signal[layer] ?? NaN), spanish(gradient[layer] ?? NaN)]),
  });
}
