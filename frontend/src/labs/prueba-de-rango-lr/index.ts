/** Lab: one short run in which η grows says which η to train with, on networks whose scales nobody knows. */

import { spanish } from "../../plot/numbers";
import { logarithmic } from "../../plot/scale";
import { Stage } from "../kernel/stage";
import { Work } from "../kernel/work";
import { LEAST, MOST, NEAR, type Answer, type Question } from "./range";

const NETWORKS = 3;

export function mount(section: HTMLElement): void {
  const stage = new Stage(section);
  const test = stage.plot("La prueba: 100 pasos, con η mayor en cada uno (ejes log)");
  const truth = stage.plot("Lo que da cada η constante en 200 pasos (ejes log)");
  const seed = stage.dial("red", { label: "Red", min: 1, max: 99, value: stage.number("seed", 1), whole: true });
  const eta = stage.dial("eta", { label: "η", min: LEAST, max: MOST, value: stage.number("eta", 0.01), log: true, digits: 3 });
  /** The first η that each network was trained with, and how far from the best it came: a second one knows the answer. */
  const firsts = new Map<number, number>();
  let shown: Answer | null = null;

  const work = new Work<Question, Answer>(new URL("./lab-prueba-de-rango-lr-worker.js", import.meta.url), (answer) => {
    if (answer.seed !== seed.get()) return;
    if (answer.trained && answer.eta !== null && !firsts.has(answer.seed)) {
      firsts.set(answer.seed, answer.trained.loss / answer.trained.best.loss);
    }
    if (answer.trained || shown?.seed !== answer.seed) shown = answer;
    draw();
    report(stage, firsts, answer.seed);
  });
  const draw = () => {
    if (shown === null) return;
    const { etas, raw, smooth, trained } = shown;
    const levels = [...smooth, ...(trained?.sweep.map((one) => one.loss) ?? [])].filter((loss) => loss > 0 && Number.isFinite(loss));
    const height = logarithmic(10 ** Math.floor(Math.log10(Math.min(...levels))), 10 ** Math.ceil(Math.log10(Math.max(...smooth) * 1.01)), 5);
    const across = { x: logarithmic(LEAST, MOST, 6), y: height, xName: "η", marks: [{ axis: "x" as const, value: eta.get(), label: "tu η" }] };
    test.draw({
      ...across,
      lines: [
        { label: "del batch", xs: etas, ys: raw, colour: "--c3", width: 1 },
        { label: "suavizada", xs: etas, ys: smooth, colour: "--text", width: 2.5 },
      ],
      right: 84,
    });
    stage.reveal([truth], trained !== null);
    if (trained) {
      truth.draw({
        ...across,
        lines: [{ label: "pérdida", xs: trained.sweep.map((one) => one.eta), ys: trained.sweep.map((one) => Math.min(one.loss, height.high * 10)), colour: "--c1", width: 2 }],
        dots: [{ x: shown.eta ?? NaN, y: trained.loss, colour: "--c2", label: "entrenada" }],
        right: 84,
      });
    }
    stage.say(sentence(shown));
    stage.numbers({
      head: ["η", "pérdida del batch", "suavizada"],
      rows: etas.map((one, i) => [spanish(one), spanish(raw[i] ?? NaN), spanish(smooth[i] ?? NaN)]).filter((_, i) => i % 5 === 0),
    });
  };
  stage.action("Entrenar con esta η", () => work.ask({ seed: seed.get(), eta: eta.get() }));
  stage.run(() => {
    if (shown?.seed === seed.get()) draw();
    else work.ask({ seed: seed.get(), eta: null });
  });
}

/** The task counts the first η that each network was trained with. */
function report(stage: Stage, firsts: ReadonlyMap<number, number>, seed: number): void {
  const good = [...firsts.values()].filter((times) => times <= NEAR).length;
  const done = good >= NETWORKS;
  const times = firsts.get(seed);
  const last = times === undefined ? "Elige η mirando la prueba y entrena." : `En esta red, tu primera η dejó la pérdida en ${spanish(times, 2)} veces la mejor.`;
  const rest = done ? "Tarea hecha." : `Llevas ${good} de ${NETWORKS} redes a menos de ${spanish(NEAR)} veces la mejor: cambia de red y repite.`;
  stage.progress(`${last} ${rest}`, done);
}

function sentence({ minimum, smooth, etas, trained, eta }: Answer): string {
  const tested = `Ahora: la pérdida suavizada es mínima en η = ${spanish(minimum, 2)} y la prueba acaba en ${spanish(etas.at(-1) ?? NaN, 2)}.`;
  if (!trained || eta === null) return tested;
  const reached = Number.isFinite(trained.loss) ? `acaba en ${spanish(trained.loss)}, desde ${spanish(smooth[0] ?? NaN)}` : "se rompe";
  return `${tested} Con η = ${spanish(eta)} constante la pérdida ${reached}; lo mejor, ${spanish(trained.best.loss)} con η = ${spanish(trained.best.eta, 2)}.`;
}
