/** Lab: up to some batch doubling it halves the steps; beyond it, it doubles the bill. */

import { spanish } from "../../plot/numbers";
import { logarithmic } from "../../plot/scale";
import { Stage } from "../kernel/stage";
import { Work } from "../kernel/work";
import { BATCHES, TARGET, type Answer, type Question } from "./valley";

/** The critical batch takes twice the fewest steps: between these. */
const TWICE = [1.75, 2.3] as const;
const NOISIER = 10;

interface Found {
  noise: number;
  kappa: number;
  batch: number;
}

export function mount(section: HTMLElement): void {
  const stage = new Stage(section);
  const steps = stage.plot("Pasos hasta la meta, cada batch con su mejor η (ejes log)");
  const bill = stage.plot("Lo que cuesta ir deprisa: ejemplos contra pasos (ejes log)");
  const batch = stage.dial("batch", { label: "B", min: 1, max: 65536, value: stage.number("batch", 1), log: true, whole: true });
  const noise = stage.dial("ruido", { label: "Ruido σ²", min: 0.1, max: 1000, value: stage.number("noise", 10), log: true, digits: 3 });
  const kappa = stage.dial("kappa", { label: "κ", min: 10, max: 1000, value: stage.number("kappa", 100), log: true, digits: 3 });
  const found: Found[] = [];
  let shown: Answer | null = null;

  const draw = (course: Answer) => {
    const { chosen, fewestSteps, fewestExamples, critical } = course;
    const smooth = Array.from({ length: 65 }, (_, i) => 2 ** (i / 4));
    const hyperbola = smooth.map((size) => fewestSteps * (1 + critical / size));
    const top = 10 ** Math.ceil(Math.log10(Math.max(...course.steps)));
    const least = 10 ** Math.floor(Math.log10(fewestSteps));
    steps.draw({
      lines: [
        { label: "1/B", xs: smooth, ys: smooth.map((size) => fewestExamples / size), colour: "--c3", dash: [4, 4], width: 1 },
        { label: "S(1+Bc/B)", xs: smooth, ys: hyperbola, colour: "--c2", width: 2 },
      ],
      dots: [
        ...course.steps.map((count, i) => ({ x: BATCHES[i] ?? NaN, y: count, colour: "--text", radius: 3.5 })),
        { x: chosen.batch, y: chosen.steps, colour: "--c1", label: "tu B" },
      ],
      x: logarithmic(1, 65536, 5),
      y: logarithmic(least, top, 4),
      xName: "batch B",
      right: 92,
    });
    const examples = course.steps.map((count, i) => count * (BATCHES[i] ?? NaN));
    bill.draw({
      lines: [{ label: "", xs: course.steps, ys: examples, colour: "--c2", width: 2 }],
      dots: [
        ...course.steps.map((count, i) => ({ x: count, y: examples[i] ?? NaN, colour: "--text", radius: 3.5 })),
        { x: chosen.steps, y: chosen.steps * chosen.batch, colour: "--c1", label: "tu B" },
      ],
      x: logarithmic(least, top, 4),
      y: logarithmic(10 ** Math.floor(Math.log10(fewestExamples)), 10 ** Math.ceil(Math.log10(Math.max(...examples))), 5),
      xName: "pasos",
      yName: "ejemplos",
      right: 20,
    });
    const [slower, dearer] = [chosen.steps / fewestSteps, (chosen.steps * chosen.batch) / fewestExamples];
    stage.say(
      `Ahora: con B = ${chosen.batch}, ${spanish(chosen.steps)} pasos (${spanish(slower, 2)} veces el mínimo) y ${spanish(chosen.steps * chosen.batch)} ejemplos ` +
        `(${spanish(dearer, 2)} veces el mínimo), con η = ${spanish(chosen.eta, 2)}.`,
    );
    stage.numbers({
      head: ["B", "pasos", "ejemplos", "mejor η"],
      rows: BATCHES.map((size, i) => [String(size), spanish(course.steps[i] ?? NaN), spanish(examples[i] ?? NaN), spanish(course.etas[i] ?? NaN, 2)]),
    });
    report(stage, found, course);
  };
  const work = new Work<Question, Answer>(new URL("./lab-batch-critico-worker.js", import.meta.url), (answer) => {
    shown = answer;
    draw(answer);
  });
  stage.run(() => {
    const asked = { kappa: kappa.get(), noise: noise.get(), batch: batch.get() };
    if (shown === null) stage.say(`La meta: una centésima (${spanish(TARGET)}) de la pérdida inicial.`);
    work.ask(asked);
  });
}

/** The batch with twice the fewest steps, in two valleys that differ only by ten times the noise or more. */
function report(stage: Stage, found: Found[], { chosen, fewestSteps, valley }: Answer): void {
  const slower = chosen.steps / fewestSteps;
  const isCritical = slower >= TWICE[0] && slower <= TWICE[1];
  if (isCritical && !found.some((one) => one.noise === valley.noise && one.kappa === valley.kappa)) found.push({ ...valley, batch: chosen.batch });
  const pair = found.flatMap((one) => found.filter((other) => other.kappa === one.kappa && other.noise >= NOISIER * one.noise * 0.999).map((other) => [one, other] as const))[0];
  if (pair) {
    const [quiet, loud] = pair;
    const times = `El ruido ha crecido ×${spanish(loud.noise / quiet.noise, 2)} y el batch crítico ×${spanish(loud.batch / quiet.batch, 2)}: de ${quiet.batch} a ${loud.batch}.`;
    stage.progress(`${times} Tarea hecha.`, true);
    return;
  }
  const last = found.at(-1);
  stage.progress(
    last
      ? `Con σ² = ${spanish(last.noise)} el batch crítico está cerca de ${last.batch}. Ahora sube el ruido diez veces, con la misma κ, y búscalo otra vez.`
      : "Busca el B que cuesta el doble del mínimo de pasos: ahí se paga también el doble del mínimo de ejemplos.",
    false,
  );
}
