/** Lab: the textbook optimisers on one surface, each at its best, beside the reader's settings and the reader's own code. */

import { spanish } from "../../plot/numbers";
import { linear, logarithmic } from "../../plot/scale";
import { contours } from "../kernel/contours";
import { NAMES, TITLES, type Name } from "../kernel/optimisers";
import { Stage } from "../kernel/stage";
import { Work } from "../kernel/work";
import { STEPS, TARGET, arrivalOf, race, type Runner } from "./race";
import { replays, type Replay } from "./replays";
import { SURFACES, surfaces, type SurfaceName } from "./surfaces";
import type { Answer } from "./worker";

const SIDE = 61;
const FLOOR = 1e-6;
const COLOURS = ["--c2", "--c3", "--c4", "--c5", "--c6", "--reference"];

export function mount(section: HTMLElement): void {
  const stage = new Stage(section);
  const map = stage.plot("Los caminos, desde arriba", "view--square");
  const chart = stage.plot("Pérdida, paso a paso (eje log)");
  const where = stage.choice<SurfaceName>(
    "superficie",
    "Superficie",
    [
      ["valle", "valle, κ = 40"],
      ["rosenbrock", "Rosenbrock"],
      ["silla", "silla"],
    ],
    "valle",
  );
  const runner = stage.choice<Name>("corredor", "Tu corredor", NAMES.map((name) => [name, TITLES[name]] as const), "momentum");
  const eta = stage.dial("eta", { label: "η", min: 1e-4, max: 1, value: stage.number("eta", 0.01), log: true, digits: 3 });
  const beta = stage.dial("beta", { label: "β", min: 0, max: 0.99, value: stage.number("beta", 0.9), digits: 3 });
  const books = new Map<SurfaceName, Runner[]>();
  const heights = new Map<SurfaceName, Float64Array>();
  const beaten = new Set<SurfaceName>();
  let own: Replay[] = [];
  let shown: (one: Replay) => boolean = () => true;

  const draw = () => {
    const name = where.get();
    const surface = surfaces[name];
    const known = books.get(name);
    if (!known) {
      work.ask(name);
      return;
    }
    const grid = heights.get(name) ?? survey(name);
    heights.set(name, grid);
    const yours = race({ name: runner.get(), eta: eta.get(), beta: beta.get() }, surface);
    const handedIn = own.filter((one) => one.surface === name);
    const replayed = handedIn.filter(shown);
    const paths = [
      ...known.map((one, i) => ({ path: one.path, losses: one.losses, label: TITLES[one.settings.name], colour: COLOURS[i] ?? "--reference", width: 1.25, dash: [5, 4] })),
      ...replayed.map((one) => ({ path: one.path, losses: one.losses, label: "tu código", colour: "--c1", width: 3, dash: [] as number[] })),
      { path: yours.path, losses: yours.losses, label: "tú", colour: "--text", width: 2.5, dash: [] as number[] },
    ];
    const { reach } = surface;
    map.draw({
      lines: [
        ...contours(grid, SIDE, reach, surface.levels).map(({ xs, ys }) => ({ label: "", xs, ys, colour: "--control", width: 0.75 })),
        ...paths.map(({ path, colour, width, dash }) => ({ label: "", xs: path.map((at) => at[0] ?? NaN), ys: path.map((at) => at[1] ?? NaN), colour, width, dash })),
      ],
      dots: [{ x: surface.start[0], y: surface.start[1], colour: "--text", label: "salida" }],
      x: linear(-reach, reach, 4),
      y: linear(-reach, reach, 4),
      right: 16,
    });
    const first = yours.losses[0] ?? 1;
    chart.draw({
      lines: paths.map(({ losses, ...line }) => ({ ...line, xs: losses.map((_, k) => k), ys: losses.map((loss) => (loss >= FLOOR ? loss : NaN)) })),
      marks: [{ axis: "y", value: TARGET * first, label: "llegada" }],
      x: linear(0, STEPS, 5),
      y: logarithmic(FLOOR, 1e3, 5),
      xName: "paso",
      right: 84,
    });
    const best = winner(known);
    stage.say(sentence(yours, best, replayed));
    stage.numbers({
      head: ["Quién", "η", "β", "llega en el paso"],
      rows: [
        ...known.map((one) => [TITLES[one.settings.name], spanish(one.settings.eta, 2), one.settings.name === "sgd" ? "" : spanish(one.settings.beta), arrived(one.arrival)]),
        ...handedIn.map((one) => [one.label, "", "", arrived(arrivalOf(one.losses))]),
        [`tú (${TITLES[yours.settings.name]})`, spanish(yours.settings.eta), spanish(yours.settings.beta), arrived(yours.arrival)],
      ],
    });
    if (yours.arrival !== null && yours.arrival < (best.arrival ?? Infinity)) beaten.add(name);
    report(stage, beaten, best);
  };
  const work = new Work<SurfaceName, Answer>(new URL("./lab-carrera-de-optimizadores-worker.js", import.meta.url), ({ surface, runners }) => {
    books.set(surface, runners);
    draw();
  });
  stage.run(draw);
  void replays(section.dataset["replays"]).then((found) => {
    own = found;
    const titles = [...new Set(own.map((one) => one.exercise))];
    if (titles.length > 1) {
      const which = stage.choice("codigo", "Tu código", titles.map((title) => [title, title] as const), titles[0] ?? "");
      shown = (one) => one.exercise === which.get();
    }
    if (own.length) draw();
  });
}

const arrived = (step: number | null) => (step === null ? "no llega" : String(step));

const winner = (runners: readonly Runner[]) =>
  runners.reduce((first, one) => ((one.arrival ?? Infinity) < (first.arrival ?? Infinity) ? one : first));

/** The task: ahead of every textbook optimiser on two of the surfaces. */
function report(stage: Stage, beaten: ReadonlySet<SurfaceName>, best: Runner): void {
  const names: Record<SurfaceName, string> = { valle: "el valle", rosenbrock: "Rosenbrock", silla: "la silla" };
  const done = beaten.size >= 2;
  const won = SURFACES.filter((name) => beaten.has(name)).map((name) => names[name]);
  const told = won.length ? `Has llegado antes que todos en ${won.join(" y en ")}.` : `Aquí el primero es ${TITLES[best.settings.name]}, en el paso ${best.arrival ?? STEPS}.`;
  stage.progress(`${told} ${done ? "Tarea hecha." : `Falta ganar en ${won.length ? "otra superficie" : "dos superficies"}, con la β que quieras.`}`, done);
}

function sentence(yours: Runner, best: Runner, replayed: readonly Replay[]): string {
  const you = yours.arrival === null ? `Ahora: no llegas en ${STEPS} pasos.` : `Ahora: llegas en el paso ${yours.arrival}.`;
  const other = `El primero de los de libro es ${TITLES[best.settings.name]}, en el ${arrived(best.arrival)}.`;
  const own = replayed.map((one) => ` Tu código (${one.label}): ${arrived(arrivalOf(one.losses))}.`).join("");
  return `${you} ${other}${own}`;
}

function survey(name: SurfaceName): Float64Array {
  const { reach, value } = surfaces[name];
  const at = (i: number) => -reach + (2 * reach * i) / (SIDE - 1);
  return Float64Array.from({ length: SIDE * SIDE }, (_, i) => value([at(i % SIDE), at(Math.floor(i / SIDE))]));
}
