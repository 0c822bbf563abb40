/** Lab: the same network looks sharp or flat, as its slice is drawn. */

import { spanish } from "../../plot/numbers";
import { linear, logarithmic } from "../../plot/scale";
import { contours } from "../kernel/contours";
import { Stage } from "../kernel/stage";
import { Work } from "../kernel/work";
import { REACH, SIDE, type Answer, type First, type Length, type Question } from "./slice";

const LEVELS = [0.02, 0.1, 0.5, 2, 8, 30, 120, 500, 2000];
/** Contours drawn in the colours of the text: the low ones dark, the high ones light. */
const LOW = 0.5;
/** The task: so much sharper by rescaling alone, the same again once normalised, so much stiffer than chance. */
const SHARPER = 20;
const SAME = 1.05;
const STIFFER = 8;

interface Seen {
  /** Loss one length away, by what was asked. */
  away: Map<string, number>;
  seed: number;
}

export function mount(section: HTMLElement): void {
  const stage = new Stage(section);
  const plane = stage.plot("La pérdida en un plano que pasa por los pesos entrenados", "view--square");
  const line = stage.plot("La misma pérdida a lo largo de la primera dirección (eje log)");
  const first = stage.choice<First>(
    "primera",
    "Primera dirección",
    [
      ["azar", "al azar"],
      ["rigida", "la más rígida"],
    ],
    "azar",
  );
  const length = stage.choice<Length>(
    "longitud",
    "Longitud",
    [
      ["igual", "una para todos los pesos"],
      ["filtro", "la de los pesos de cada unidad"],
    ],
    "igual",
  );
  const rescale = stage.dial("reparto", { label: "1.ª capa ×", min: 0.1, max: 10, value: stage.number("rescale", 1), log: true, digits: 2 });
  const seed = stage.dial("semilla", { label: "Semilla", min: 0, max: 99, value: 0, whole: true });
  const seen: Seen = { away: new Map(), seed: 0 };

  const work = new Work<Question, Answer>(new URL("./lab-explorador-de-paisaje-worker.js", import.meta.url), (answer) => {
    const { grid, loss, away } = answer;
    plane.draw({
      lines: contours(grid, SIDE, REACH, LEVELS).map(({ level, xs, ys }) => ({
        label: "",
        xs,
        ys,
        colour: level <= LOW ? "--c1" : "--control",
        width: level <= LOW ? 2 : 1,
      })),
      dots: [{ x: 0, y: 0, colour: "--text", radius: 4 }],
      x: linear(-REACH, REACH, 3),
      y: linear(-REACH, REACH, 3),
      xName: "primera dirección",
      yName: "segunda, al azar",
      right: 16,
    });
    const places = Array.from({ length: SIDE }, (_, i) => -REACH + (2 * REACH * i) / (SIDE - 1));
    const middle = ((SIDE - 1) / 2) * SIDE;
    line.draw({
      lines: [{ label: "", xs: places, ys: grid.slice(middle, middle + SIDE), colour: "--text", width: 2.5 }],
      x: linear(-REACH, REACH, 6),
      y: logarithmic(1e-3, 1e4, 7),
      xName: "longitudes desde los pesos",
      right: 20,
    });
    const layers = answer.rescale === 1 ? "" : `, con la primera capa ×${spanish(answer.rescale)} y la segunda ÷${spanish(answer.rescale)} (la misma función)`;
    stage.say(`Ahora: en los pesos la pérdida es ${spanish(loss, 2)}; a una longitud, ${spanish(away)}${layers}.`);
    stage.numbers({
      head: ["Longitudes", "pérdida"],
      rows: places.map((at, i) => [spanish(at), spanish(grid[middle + i] ?? NaN)]).filter((_, i) => i % 3 === 0),
    });
    report(stage, seen, answer);
  });
  stage.run(() => work.ask({ first: first.get(), length: length.get(), rescale: rescale.get(), seed: seed.get() }));
}

const named = (first: First, length: Length, rescale: number) => `${first} ${length} ${rescale}`;

/** Three comparisons on one network: what rescaling does to a slice, what is left of it once normalised, and what chance hides. */
function report(stage: Stage, seen: Seen, { first, length, rescale, seed, away }: Answer): void {
  if (seen.seed !== seed) Object.assign(seen, { away: new Map(), seed });
  seen.away.set(named(first, length, rescale), away);
  const ratio = (a: string, b: string) => (seen.away.get(a) ?? NaN) / (seen.away.get(b) ?? NaN);
  const rescales = [...seen.away.keys()].map((key) => Number(key.split(" ")[2])).filter((one) => one !== 1);
  const sharp = rescales.map((one) => ratio(named("azar", "igual", one), named("azar", "igual", 1))).find((one) => one >= SHARPER);
  const same = rescales.map((one) => ratio(named("azar", "filtro", one), named("azar", "filtro", 1))).find((one) => one <= SAME && one >= 1 / SAME);
  const stiff = ratio(named("rigida", "filtro", 1), named("azar", "filtro", 1));
  const parts = [
    sharp === undefined
      ? `Con una longitud para todos, mira ×1 y busca el reparto que sube la pérdida ${SHARPER} veces.`
      : `Repartir la escala de otro modo ha subido la pérdida ×${spanish(sharp, 2)} sin cambiar la función.`,
    same === undefined ? "Repítelo, también desde ×1, con la longitud de cada unidad." : "Con la longitud de cada unidad, el reparto ya no se nota.",
    stiff >= STIFFER
      ? `La dirección más rígida sube ×${spanish(stiff, 2)} lo que una al azar: el corte al azar no la enseña.`
      : "Y con esa longitud y ×1, compara la dirección al azar con la más rígida.",
  ];
  const done = sharp !== undefined && same !== undefined && stiff >= STIFFER;
  stage.progress(`${parts.join(" ")}${done ? " Tarea hecha." : ""}`, done);
}
