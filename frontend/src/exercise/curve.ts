/** The live curve of a run, drawn over the figure's place while the grading goes on. */

import { lessMotion } from "../page/motion";
import { Plot, type Line, type Mark } from "../plot/plot";
import { spanish } from "../plot/numbers";
import { fit, linear, type Scale } from "../plot/scale";
import type { PageData, Say } from "./page";

const CALM_MS = 1000;
/** Axes before anything is known of their values. */
const NOTHING: Scale = { ...linear(0, 1), ticks: [] };

export class LiveCurve {
  private readonly plot: Plot;
  private readonly host: HTMLElement;
  private series = new Map<string, { xs: number[]; ys: number[] }>();
  private stale = false;
  private paused = false;
  private drawn = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Covers what `figure` shows; the student's best attempt is drawn in grey. */
  constructor(
    figure: HTMLElement,
    private readonly data: Pick<PageData, "best" | "axes">,
    private readonly say: Say,
  ) {
    this.host = document.createElement("div");
    this.host.className = "chart-box chart-box--live";
    figure.append(this.host);
    this.plot = new Plot(this.host);
    this.draw();
  }

  /** The next points that come belong to another group. */
  nextGroup(): void {
    this.stale = true;
  }

  add(label: string, points: [number, number | null][]): void {
    if (this.stale) this.series.clear();
    this.stale = false;
    let series = this.series.get(label);
    if (!series) this.series.set(label, (series = { xs: [], ys: [] }));
    for (const [x, y] of points) {
      series.xs.push(x);
      series.ys.push(y ?? NaN);
    }
    this.drawSoon();
  }

  /** The newest point in words, as «pérdida = 0,034 · paso 412»; empty before the first. */
  get numbers(): string {
    const [label, newest] = [...this.series].at(-1) ?? [];
    if (!newest) return "";
    const last = newest.ys.reduce((found, value, i) => (Number.isFinite(value) ? i : found), -1);
    if (last < 0) return "";
    const { x, y } = this.data.axes;
    return `${y || label} = ${spanish(newest.ys[last] ?? NaN)} · ${x || this.say("step")} ${spanish(newest.xs[last] ?? NaN, 6)}`;
  }

  /** Stops or continues the drawing; points go on being collected. */
  togglePause(): boolean {
    this.paused = !this.paused;
    this.drawSoon();
    return this.paused;
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.plot.destroy();
    this.host.remove();
  }

  private drawSoon(): void {
    if (this.paused) return;
    const pause = lessMotion() ? CALM_MS : 0;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.draw(), Math.max(0, this.drawn + pause - performance.now()));
  }

  private draw(): void {
    this.drawn = performance.now();
    const lines: Line[] = [];
    const marks: Mark[] = [];
    for (const curve of this.data.best) {
      if (curve.role === "target") marks.push({ axis: "y", value: curve.y ?? NaN, label: curve.label || this.say("target") });
      else lines.push({ label: this.say("yourBest"), ...columns(curve.points ?? []), colour: "--reference", dash: [7, 5] });
    }
    for (const [label, series] of this.series) lines.push({ label, ...series, colour: "--text", width: 3 });
    const blank = lines.length || marks.length ? {} : { x: NOTHING, y: NOTHING };
    const { x, y, log } = this.data.axes;
    const height = log ? {} : { y: fit(heights(lines, marks), { log: false }) };
    this.plot.draw({ lines, marks, xName: x || this.say("step"), yName: y, ...height, ...blank });
  }
}

function columns(points: [number, number | null][]): { xs: number[]; ys: number[] } {
  return { xs: points.map(([x]) => x), ys: points.map(([, y]) => y ?? NaN) };
}

function heights(lines: readonly Line[], marks: readonly Mark[]): number[] {
  return [...lines.flatMap(({ ys }) => Array.from(ys)), ...marks.map(({ value }) => value)];
}
