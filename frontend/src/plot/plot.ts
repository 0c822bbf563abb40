/**
 * A small line plot on a canvas of fixed size, for live curves and labs.
 *
 * Its rules are those of the drawn figures: log axes where values span decades, names at the ends of
 * the lines, "tú" solid and thick, every other line dashed, the target dotted. Colours are custom
 * properties read at each drawing, so a change of theme only draws again. The canvas is hidden from
 * assistive technology: whoever draws gives the numbers as a sentence and a table too.
 */

import { fit, type Scale } from "./scale";

export interface Line {
  label: string;
  xs: ArrayLike<number>;
  ys: ArrayLike<number>;
  /** A custom property, as "--c1". */
  colour: string;
  width?: number;
  dash?: number[];
}

export interface Mark {
  /** Which axis the value lies on: "x" draws a vertical line. */
  axis: "x" | "y";
  value: number;
  label: string;
  colour?: string;
  dash?: number[];
}

export interface Dot {
  x: number;
  y: number;
  colour: string;
  label?: string;
  open?: boolean;
  /** In pixels; 5 when left out. */
  radius?: number;
}

export interface View {
  lines: Line[];
  marks?: Mark[];
  dots?: Dot[];
  x?: Scale;
  y?: Scale;
  xName?: string;
  yName?: string;
  /** Space kept on the right for the names of the lines. */
  right?: number;
}

const FONT = 13;
const LINE_HEIGHT = 16;

interface Area {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export class Plot {
  readonly canvas: HTMLCanvasElement;
  private view: View = { lines: [] };
  private asked = 0;
  private readonly undo: (() => void)[] = [];

  /** Fills `host`, whose size is set by the style sheet and never by the plot. */
  constructor(private readonly host: HTMLElement) {
    this.canvas = document.createElement("canvas");
    this.canvas.className = "plot";
    this.canvas.setAttribute("aria-hidden", "true");
    host.append(this.canvas);
    const again = () => this.schedule();
    const sizes = new ResizeObserver(again);
    sizes.observe(host);
    const theme = new MutationObserver(again);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", again);
    document.fonts?.ready.then(again);
    this.undo.push(
      () => sizes.disconnect(),
      () => theme.disconnect(),
      () => dark.removeEventListener("change", again),
    );
  }

  draw(view: View): void {
    this.view = view;
    this.schedule();
  }

  destroy(): void {
    cancelAnimationFrame(this.asked);
    for (const step of this.undo) step();
    this.canvas.remove();
  }

  private schedule(): void {
    if (this.asked) return;
    this.asked = requestAnimationFrame(() => {
      this.asked = 0;
      this.paint();
    });
  }

  private paint(): void {
    const { clientWidth: width, clientHeight: height } = this.host;
    const pen = this.canvas.getContext("2d");
    if (!pen || !width || !height) return;
    const ratio = devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const style = getComputedStyle(this.host);
    paintView(pen, this.view, { width, height }, (name) => style.getPropertyValue(name).trim() || "#888", style.fontFamily);
  }
}

/** Draw the view on a context; apart from the class so that nothing else decides how a plot looks. */
export function paintView(
  pen: CanvasRenderingContext2D,
  view: View,
  size: { width: number; height: number },
  colour: (property: string) => string,
  family: string,
): void {
  const narrow = size.width < 440;
  const area: Area = {
    left: narrow ? 44 : 54,
    right: size.width - (view.right ?? (narrow ? 78 : 104)),
    top: view.yName ? 26 : 14,
    bottom: size.height - (view.xName ? 42 : 26),
  };
  const x = view.x ?? fit(values(view, "xs"), { log: false });
  const y = view.y ?? fit(values(view, "ys"));
  const px = (value: number) => area.left + x.at(value) * (area.right - area.left);
  const py = (value: number) => area.bottom - y.at(value) * (area.bottom - area.top);
  pen.font = `${FONT}px ${family}`;
  pen.textBaseline = "middle";
  drawGrid(pen, area, x, y, px, py, colour, view);
  const ends: { at: number; label: string }[] = [];
  pen.save();
  pen.beginPath();
  pen.rect(area.left, area.top - 2, area.right - area.left + 6, area.bottom - area.top + 4);
  pen.clip();
  for (const mark of view.marks ?? []) drawMark(pen, mark, area, px, py, colour);
  for (const line of view.lines) {
    const last = drawLine(pen, line, px, py, colour);
    if (last !== null && line.label) ends.push({ at: clamp(last, area.top, area.bottom), label: line.label });
  }
  for (const dot of view.dots ?? []) drawDot(pen, dot, px, py, colour);
  pen.restore();
  for (const mark of view.marks ?? []) {
    if (mark.axis === "y") ends.push({ at: clamp(py(mark.value), area.top, area.bottom), label: mark.label });
    else nameVertical(pen, mark, area, px, colour);
  }
  drawEnds(pen, ends, area, size.width, colour);
}

function values(view: View, which: "xs" | "ys"): number[] {
  const all: number[] = [];
  for (const line of view.lines) for (let i = 0; i < line[which].length; i++) all.push(line[which][i] ?? NaN);
  for (const mark of view.marks ?? []) if (mark.axis === (which === "xs" ? "x" : "y")) all.push(mark.value);
  return all;
}

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);

function drawGrid(
  pen: CanvasRenderingContext2D,
  area: Area,
  x: Scale,
  y: Scale,
  px: (value: number) => number,
  py: (value: number) => number,
  colour: (property: string) => string,
  view: View,
): void {
  pen.lineWidth = 1;
  pen.strokeStyle = colour("--line");
  pen.fillStyle = colour("--muted");
  pen.textAlign = "right";
  for (const tick of y.ticks) {
    const at = Math.round(py(tick)) + 0.5;
    stroke(pen, area.left, at, area.right, at);
    pen.fillText(y.name(tick), area.left - 6, at);
  }
  pen.textAlign = "center";
  pen.strokeStyle = colour("--control");
  stroke(pen, area.left, area.bottom + 0.5, area.right, area.bottom + 0.5);
  for (const tick of x.ticks) {
    const at = Math.round(px(tick)) + 0.5;
    stroke(pen, at, area.bottom, at, area.bottom + 4);
    pen.fillText(x.name(tick), at, area.bottom + 14);
  }
  if (view.xName) pen.fillText(view.xName, (area.left + area.right) / 2, area.bottom + 32);
  pen.textAlign = "left";
  if (view.yName) pen.fillText(view.yName, 4, 10);
}

function stroke(pen: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}

/** Strokes the finite stretches of a line; returns where the last one ended. */
function drawLine(
  pen: CanvasRenderingContext2D,
  line: Line,
  px: (value: number) => number,
  py: (value: number) => number,
  colour: (property: string) => string,
): number | null {
  pen.strokeStyle = colour(line.colour);
  pen.lineWidth = line.width ?? 2;
  pen.lineJoin = "round";
  pen.setLineDash(line.dash ?? []);
  pen.beginPath();
  let last: number | null = null;
  let down = false;
  for (let i = 0; i < line.xs.length; i++) {
    const at = py(line.ys[i] ?? NaN);
    if (!Number.isFinite(at)) {
      down = false;
      continue;
    }
    const across = px(line.xs[i] ?? NaN);
    if (down) pen.lineTo(across, at);
    else pen.moveTo(across, at);
    down = true;
    last = at;
  }
  pen.stroke();
  pen.setLineDash([]);
  return last;
}

function drawMark(
  pen: CanvasRenderingContext2D,
  mark: Mark,
  area: Area,
  px: (value: number) => number,
  py: (value: number) => number,
  colour: (property: string) => string,
): void {
  pen.strokeStyle = colour(mark.colour ?? "--reference");
  pen.lineWidth = 2;
  pen.setLineDash(mark.dash ?? [2, 4]);
  if (mark.axis === "x") stroke(pen, px(mark.value), area.top, px(mark.value), area.bottom);
  else stroke(pen, area.left, py(mark.value), area.right, py(mark.value));
  pen.setLineDash([]);
}

function nameVertical(
  pen: CanvasRenderingContext2D,
  mark: Mark,
  area: Area,
  px: (value: number) => number,
  colour: (property: string) => string,
): void {
  const at = px(mark.value);
  if (!mark.label || at < area.left || at > area.right + 1) return;
  const wide = pen.measureText(mark.label).width;
  pen.fillStyle = colour("--text");
  pen.textAlign = at + wide + 8 > area.right ? "right" : "left";
  pen.fillText(mark.label, at + (pen.textAlign === "right" ? -6 : 6), area.top + 8);
}

function drawDot(
  pen: CanvasRenderingContext2D,
  dot: Dot,
  px: (value: number) => number,
  py: (value: number) => number,
  colour: (property: string) => string,
): void {
  const at = py(dot.y);
  if (!Number.isFinite(at)) return;
  pen.beginPath();
  pen.arc(px(dot.x), at, dot.radius ?? 5, 0, 2 * Math.PI);
  pen.lineWidth = dot.radius ? 1 : 2;
  pen.fillStyle = dot.open ? colour("--surface") : colour(dot.colour);
  pen.strokeStyle = dot.open ? colour(dot.colour) : colour("--surface");
  pen.fill();
  pen.stroke();
  if (dot.label) {
    pen.fillStyle = colour("--text");
    pen.textAlign = "left";
    pen.fillText(dot.label, px(dot.x) + 9, at - 9);
  }
}

/** Names at the ends of the lines, pushed apart so that none lies on another. */
function drawEnds(
  pen: CanvasRenderingContext2D,
  ends: { at: number; label: string }[],
  area: Area,
  width: number,
  colour: (property: string) => string,
): void {
  const room = width - area.right - 10;
  const named = ends.map(({ at, label }) => ({ at, rows: twoRows(label, (text) => pen.measureText(text).width <= room) }));
  pen.fillStyle = colour("--text");
  pen.textAlign = "left";
  for (const { at, rows } of spread(named, area.top + 4, area.bottom))
    rows.forEach((row, i) => pen.fillText(row, area.right + 8, at + i * LINE_HEIGHT));
}

/** Moves labels down until each has its lines, then all up if the last fell out. Exported for its test. */
export function spread<T extends { at: number; rows?: readonly string[] }>(ends: readonly T[], top: number, bottom: number): T[] {
  const placed: T[] = [];
  const height = (one: T) => LINE_HEIGHT * (one.rows?.length ?? 1);
  for (const end of [...ends].sort((a, b) => a.at - b.at)) {
    const before = placed.at(-1);
    placed.push({ ...end, at: Math.max(end.at, before ? before.at + height(before) : top) });
  }
  let limit = bottom + LINE_HEIGHT;
  for (let i = placed.length - 1; i >= 0; i--) {
    const one = placed[i] as T;
    limit -= height(one);
    if (one.at <= limit) break;
    placed[i] = { ...one, at: limit };
  }
  return placed;
}

/** A name on one line or two, at its spaces; what `fits` on neither ends in "…". Exported for its test. */
export function twoRows(text: string, fits: (text: string) => boolean): string[] {
  if (fits(text)) return [text];
  const words = text.split(" ");
  let first = words.length;
  while (first > 1 && !fits(words.slice(0, first).join(" "))) first -= 1;
  const rows = [words.slice(0, first).join(" "), words.slice(first).join(" ")];
  return rows.filter(Boolean).map((row) => shorten(row, fits));
}

function shorten(text: string, fits: (text: string) => boolean): string {
  if (fits(text)) return text;
  let kept = text;
  while (kept.length > 1 && !fits(`${kept}…`)) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}
