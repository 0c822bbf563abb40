/** Lab: with many directions, almost no critical point is a minimum, unless it lies low. */

import { spanish } from "../../plot/numbers";
import { linear, logarithmic } from "../../plot/scale";
import { Stage } from "../kernel/stage";
import { Work } from "../kernel/work";
import { EDGES, POINTS, SMALL, type Landscape } from "./hessians";
import type { Answer } from "./worker";

/** The task: less than one minimum in so many points. */
const RARE = 0.01;
/** Then, with at least so many directions, about half of the points. */
const MANY = 40;
const HALF = [0.35, 0.65] as const;
const FLOOR = 1e-4;

export function mount(section: HTMLElement): void {
  const stage = new Stage(section);
  const spectrum = stage.plot("Reparto de los valores propios del hessiano", "view--square");
  const minima = stage.plot("Cuántos puntos críticos son mínimos, según las direcciones (eje log)");
  const dimension = stage.dial("direcciones", { label: "Direcciones", min: 1, max: 60, value: stage.number("dimension", 2), whole: true });
  const shift = stage.dial("desplazamiento", { label: "Desplazamiento", min: -2, max: 2.5, value: stage.number("shift", 0), digits: 3 });
  const seed = stage.dial("semilla", { label: "Semilla", min: 0, max: 99, value: 0, whole: true });
  const found: { rare: number | null; low: number | null } = { rare: null, low: null };

  const work = new Work<Landscape, Answer>(new URL("./lab-sillas-en-alta-dimension-worker.js", import.meta.url), ({ landscape, surveyed }) => {
    const middles = EDGES.slice(1).map((edge) => edge - 0.05);
    spectrum.draw({
      lines: [{ label: "", xs: middles, ys: surveyed.density.map((share) => share * 10), colour: "--c1", width: 2 }],
      marks: [{ axis: "x", value: 0, label: "0" }],
      x: linear(-4, 4.5, 5),
      y: linear(0, Math.max(0.5, ...surveyed.density.map((share) => share * 10)), 4),
      xName: "valor propio",
      yName: "densidad",
      right: 16,
    });
    const ns = Array.from({ length: SMALL }, (_, i) => i + 1);
    minima.draw({
      lines: [
        { label: "½ⁿ", xs: ns, ys: ns.map((n) => 0.5 ** n), colour: "--c3", dash: [4, 4] },
        { label: "medido", xs: ns, ys: surveyed.small.map((share) => (share >= FLOOR ? share : NaN)), colour: "--text", width: 2.5 },
      ],
      dots: landscape.dimension <= SMALL ? [{ x: landscape.dimension, y: surveyed.small[landscape.dimension - 1] ?? NaN, colour: "--c1" }] : [],
      x: linear(1, SMALL, 9),
      y: logarithmic(FLOOR, 1, 4),
      xName: "direcciones",
      right: 76,
    });
    const share = landscape.dimension <= SMALL ? (surveyed.small[landscape.dimension - 1] ?? 0) : surveyed.minima;
    stage.say(sentence(landscape, surveyed.index, share));
    stage.numbers({
      head: ["Direcciones", "Mínimos (de cada 100)", "½ⁿ (de cada 100)"],
      rows: [
        ...surveyed.small.map((one, i) => [String(i + 1), spanish(100 * one), spanish(100 * 0.5 ** (i + 1))]),
        [String(landscape.dimension), spanish(100 * share), spanish(100 * 0.5 ** landscape.dimension)],
        ["Valores propios negativos (%)", spanish(100 * surveyed.index), ""],
      ],
    });
    report(stage, found, landscape, surveyed.small, share);
  });
  stage.run(() => work.ask({ dimension: dimension.get(), shift: shift.get(), seed: seed.get() }));
}

/** First the fewest directions that make a minimum rare, unshifted; then the height at which many directions are minima again. */
function report(stage: Stage, found: { rare: number | null; low: number | null }, landscape: Landscape, small: number[], share: number): void {
  const { dimension, shift } = landscape;
  if (shift === 0 && share < RARE && (small[dimension - 2] ?? 0) >= RARE) found.rare = dimension;
  if (dimension >= MANY && share >= HALF[0] && share <= HALF[1]) found.low = shift;
  const first =
    found.rare === null
      ? "Faltan las direcciones con las que, sin desplazar, no llega a mínimo ni uno de cada cien."
      : `Bastan ${found.rare} direcciones para que no llegue a mínimo ni uno de cada cien.`;
  const second =
    found.low === null
      ? `Falta el desplazamiento que, con ${MANY} direcciones o más, hace mínimos a la mitad.`
      : `Con desplazamiento ${spanish(found.low)} la mitad son mínimos: el semicírculo, que llega hasta −2, acaba de pasar entero al otro lado del cero.`;
  const done = found.rare !== null && found.low !== null;
  stage.progress(`${first} ${second}${done ? " Tarea hecha." : ""}`, done);
}

function sentence(landscape: Landscape, index: number, share: number): string {
  const points = landscape.dimension <= SMALL ? "" : ` (de ${POINTS})`;
  const of100 = share === 0 ? `ninguno${points} es un mínimo` : `de cada 100 puntos críticos, ${spanish(100 * share, 2)} son mínimos`;
  return `Ahora: ${of100}. De media bajan el ${spanish(100 * index, 2)} % de las ${landscape.dimension} direcciones.`;
}
