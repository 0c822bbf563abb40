/** The lab's second half on the stage: a network whose curvature is not given, but grows until η can just bear it. */

import { spanish } from "../../plot/numbers";
import type { Line, Plot } from "../../plot/plot";
import { linear, logarithmic } from "../../plot/scale";
import type { Stage } from "../kernel/stage";
import { EVERY, STEPS, type Trained } from "./network";

/** How near to 2/η the last readings must lie to have settled there. */
const SETTLED = 0.1;
const LAST = 20;
/** Losses are drawn each so many steps, and the rises counted over all. */
const DRAWN = 5;
const ROWS = [0, 100, 300, 600, 1000, 1500, 2000, 2500, 3000];

export interface Measured {
  limit: number;
  /** The mean of the last readings of the curvature. */
  end: number;
  rises: number;
  settled: boolean;
  escaped: boolean;
}

export function measure({ eta, losses, sharpness }: Trained): Measured {
  const limit = 2 / eta;
  const last = sharpness.slice(-LAST);
  const end = last.reduce((sum, value) => sum + value, 0) / last.length;
  const rises = losses.filter((loss, k) => k > 0 && loss > (losses[k - 1] ?? Infinity)).length;
  const escaped = losses.length <= STEPS;
  return { limit, end, rises, escaped, settled: !escaped && Math.abs(end / limit - 1) < SETTLED };
}

/** One sentence for what the training showed. */
export function sentence({ sharpness, losses }: Trained, { limit, end, rises, settled, escaped }: Measured): string {
  const began = `λmax empieza en ${spanish(sharpness[0] ?? NaN, 2)} y 2/η = ${spanish(limit)}`;
  if (escaped) return `Ahora: ${began}. La pérdida se escapa en ${losses.length - 1} pasos: la red no encuentra ningún sitio tan plano.`;
  const fall = `de ${spanish(losses[0] ?? NaN, 2)} a ${spanish(losses.at(-1) ?? NaN, 2)}`;
  if (settled) {
    return `Ahora: ${began}. La curvatura sube hasta ahí y se queda, en ${spanish(end)}; la pérdida sube en ${rises} de los ${STEPS} pasos y aun así va ${fall}.`;
  }
  return `Ahora: ${began}. Tras ${STEPS} pasos va por ${spanish(end)} y aún no ha llegado; la pérdida va ${fall}.`;
}

/** Draws a training, its sentence and its numbers. */
export function show(stage: Stage, curvature: Plot, loss: Plot, trained: Trained): Measured {
  const { losses, sharpness } = trained;
  const measured = measure(trained);
  const drawn = Array.from({ length: Math.ceil(losses.length / DRAWN) }, (_, k) => k * DRAWN);
  const top = Math.max(measured.limit * 1.4, ...[...sharpness].filter((value) => value < 4 * measured.limit));
  const read: Line = { label: "λmax", xs: Array.from(sharpness, (_, k) => k * EVERY), ys: sharpness, colour: "--text", width: 3 };
  curvature.draw({
    lines: [read],
    marks: [{ axis: "y", value: measured.limit, label: "2/η" }],
    x: linear(0, STEPS, 3),
    y: linear(0, top, 5),
    xName: "paso",
    right: 52,
  });
  const floor = Math.min(...losses, 1e-2);
  loss.draw({
    lines: [{ label: "pérdida", xs: drawn, ys: drawn.map((k) => losses[k] ?? NaN), colour: "--text", width: 2 }],
    x: linear(0, STEPS, 3),
    y: logarithmic(10 ** Math.floor(Math.log10(floor)), 10, 6),
    xName: "paso",
    right: 76,
  });
  stage.say(sentence(trained, measured));
  stage.numbers({
    head: ["Paso", "λmax", "Pérdida"],
    rows: ROWS.filter((k) => k < losses.length).map((k) => [String(k), spanish(sharpness[k / EVERY] ?? NaN), spanish(losses[k] ?? NaN)]),
  });
  return measured;
}
