/** Lab: how much a batch's gradient errs, and from which batch on it errs less than it tells. */

import { spanish } from "../../plot/numbers";
import { linear, logarithmic } from "../../plot/scale";
import { Stage } from "../kernel/stage";
import { Work } from "../kernel/work";
import { BATCHES, EVERY, MOST_STEPS, type Measured, type Question } from "./noise";

/** How near the batch of the task must be to the one where noise and signal weigh the same. */
const NEAR = 1.25;
const TIMES = 10;

export function mount(section: HTMLElement): void {
  const stage = new Stage(section);
  const errors = stage.plot("Error del gradiente de un batch, al cuadrado (ejes log)");
  const scale = stage.plot("El batch en que ruido y señal se igualan, según se entrena (eje log)");
  const batch = stage.dial("batch", { label: "B", min: 1, max: 4096, value: stage.number("batch", 4), log: true, whole: true });
  const steps = stage.dial("pasos", { label: "Pasos entrenados", min: 0, max: MOST_STEPS, value: stage.number("steps", 0), whole: true });
  const seed = stage.dial("semilla", { label: "Semilla", min: 0, max: 99, value: 0, whole: true });
  /** The batches found, and after how many steps, for the seed on the dial. */
  const found: { early: number | null; late: number | null; seed: number } = { early: null, late: null, seed: 0 };
  let shown: Measured | null = null;

  const draw = () => {
    if (shown === null) return;
    const { signal, spread, errors: measured, history } = shown;
    const equal = spread / signal;
    const levels = [signal, ...measured];
    errors.draw({
      lines: [
        { label: "tr Σ / B", xs: BATCHES, ys: BATCHES.map((size) => spread / size), colour: "--c3", dash: [4, 4] },
        { label: "", xs: [1, 4096], ys: [signal, signal], colour: "--c2", width: 2 },
      ],
      dots: [
        ...BATCHES.map((size, i) => ({ x: size, y: measured[i] ?? NaN, colour: "--text", radius: 4 })),
        { x: batch.get(), y: spread / batch.get(), colour: "--c1", label: "tu B" },
      ],
      marks: [{ axis: "y", value: signal, label: "señal ‖g‖²", colour: "--c2", dash: [] }],
      x: logarithmic(1, 4096, 5),
      y: logarithmic(10 ** Math.floor(Math.log10(Math.min(...levels) / 2)), 10 ** Math.ceil(Math.log10(Math.max(...levels))), 5),
      xName: "batch B",
      right: 92,
    });
    scale.draw({
      lines: [{ label: "", xs: history.map((_, i) => i * EVERY), ys: history, colour: "--text", width: 2.5 }],
      dots: [{ x: shown.steps, y: equal, colour: "--c1" }],
      x: linear(0, MOST_STEPS, 5),
      y: logarithmic(1, 1e5, 5),
      xName: "pasos entrenados",
      right: 20,
    });
    const ratio = equal / batch.get();
    const says = ratio >= 1 ? `el ruido pesa ${spanish(ratio, 2)} veces lo que la señal` : `la señal pesa ${spanish(1 / ratio, 2)} veces lo que el ruido`;
    stage.say(`Ahora: tras ${shown.steps} pasos la pérdida es ${spanish(shown.loss, 2)}; con B = ${batch.get()}, ${says}.`);
    stage.numbers({
      head: ["B", "error medio al cuadrado", "tr Σ / B", "veces la señal"],
      rows: BATCHES.map((size, i) => [String(size), spanish(measured[i] ?? NaN), spanish(spread / size), spanish((measured[i] ?? NaN) / signal)]),
    });
    report(stage, found, shown, batch.get(), equal);
  };
  const work = new Work<Question, Measured>(new URL("./lab-ruido-del-gradiente-worker.js", import.meta.url), (measured) => {
    shown = measured;
    draw();
  });
  stage.run(() => {
    if (shown?.steps === steps.get() && shown.seed === seed.get()) draw();
    else work.ask({ steps: steps.get(), seed: seed.get() });
  });
}

/** The batch where noise and signal are equal: before any training, and again where it has grown tenfold. */
function report(stage: Stage, found: { early: number | null; late: number | null; seed: number }, shown: Measured, batch: number, equal: number): void {
  if (found.seed !== shown.seed) Object.assign(found, { early: null, late: null, seed: shown.seed });
  const isNear = batch <= equal * NEAR && batch >= equal / NEAR;
  if (isNear && shown.steps === 0) found.early = batch;
  if (isNear && found.early !== null && batch >= TIMES * found.early) found.late = batch;
  const first = found.early === null ? "Falta el B en que ruido y señal pesan lo mismo, sin entrenar nada." : `Sin entrenar se igualan en B = ${found.early}.`;
  const second =
    found.late === null
      ? `Falta el mismo B cuando, entrenando, se ha hecho ${TIMES} veces mayor.`
      : `Entrenada, en B = ${found.late}: el ruido apenas ha cambiado, la señal se ha ido apagando. Tarea hecha.`;
  stage.progress(`${first} ${second}`, found.early !== null && found.late !== null);
}
