/**
 * The stage of a lab: canvases of fixed size, dials, a sentence that says what is seen, the numbers as a
 * table, and what the task still asks. It takes the place of the figure that stands in `.lab__stage`
 * while scripts are off. The dials live in the address, so a link shows the same thing.
 */

import { Plot } from "../../plot/plot";
import { choice, dial, type Control, type DialOptions } from "./dial";
import { TASK_DONE } from "./task";

/** How long after the last change the sentence is said. */
export const SENTENCE_MS = 700;

export interface TableContent {
  head: string[];
  rows: string[][];
}

export class Stage {
  readonly settings: Readonly<Record<string, unknown>>;
  private readonly name: string;
  private readonly controls = new Map<string, { control: Control<number> | Control<string>; initial: number | string }>();
  private readonly views = part("div", "stage__views");
  private readonly dials = part("div", "stage__dials");
  private readonly sentence = part("output", "stage__sentence");
  private readonly task = part("p", "stage__task");
  private readonly table = part("div", "stage__table");
  private readonly actions = part("div", "stage__actions");
  private speaking: ReturnType<typeof setTimeout> | undefined;
  private shown: TableContent | null = null;
  private fold = part("details", "stage__numbers");
  private changed: () => void = () => {};

  constructor(section: HTMLElement) {
    this.name = section.dataset["lab"] ?? "";
    this.settings = JSON.parse(section.dataset["settings"] || "{}") as Record<string, unknown>;
    this.sentence.setAttribute("aria-live", "polite");
    this.task.setAttribute("role", "status");
    const summary = document.createElement("summary");
    summary.textContent = "Tabla";
    this.fold.append(summary, this.table);
    this.fold.addEventListener("toggle", () => this.fillTable());
    this.actions.append(this.button("Reiniciar", () => this.reset()), this.copyButton());
    const root = part("div", "stage");
    root.append(this.views, this.dials, this.sentence, this.task, this.actions, this.fold);
    const place = section.querySelector(".lab__stage");
    if (!place) throw new Error("the lab has no stage");
    place.replaceChildren(root);
  }

  /** A number from the settings of the lesson, or what the lab has by itself. */
  number(key: string, otherwise: number): number {
    const found = this.settings[key];
    return typeof found === "number" && Number.isFinite(found) ? found : otherwise;
  }

  /** A canvas with a caption; `shape` is a class that gives its proportions. */
  plot(caption: string, shape = "view--wide"): Plot {
    const figure = part("figure", `view ${shape}`);
    const host = part("div", "view__canvas");
    const title = document.createElement("figcaption");
    title.textContent = caption;
    figure.append(title, host);
    this.views.append(figure);
    return new Plot(host);
  }

  dial(key: string, options: DialOptions): Control<number> {
    const control = dial(options, () => this.moved());
    this.keep(key, control, options.value);
    const wanted = Number(this.fromAddress(key) ?? NaN);
    if (Number.isFinite(wanted)) control.set(wanted);
    return control;
  }

  choice<T extends string>(key: string, legend: string, options: readonly (readonly [T, string])[], initial: T): Control<T> {
    const control = choice(legend, options, initial, () => this.moved());
    this.keep(key, control as Control<string>, initial);
    const wanted = this.fromAddress(key);
    if (wanted !== null) control.set(wanted as T);
    return control;
  }

  /** A button before those that every lab has. */
  action(label: string, press: () => void): HTMLButtonElement {
    const button = this.button(label, press);
    button.classList.add("button--primary");
    this.actions.prepend(button);
    return button;
  }

  private button(label: string, press: () => void): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = label;
    button.addEventListener("click", press);
    return button;
  }

  /** Shows or hides views and dials that only a part of the lab uses. */
  reveal(parts: readonly (Plot | Control<number>)[], shown: boolean): void {
    for (const one of parts) {
      const element = one instanceof Plot ? one.canvas.closest<HTMLElement>(".view") : one.element;
      if (element) element.hidden = !shown;
    }
  }

  /** Calls `draw` now and after each change of a dial. */
  run(draw: () => void): void {
    this.changed = draw;
    draw();
  }

  /** Says what is seen, a moment after the last change. */
  say(sentence: string): void {
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => (this.sentence.textContent = sentence), this.sentence.textContent ? SENTENCE_MS : 0);
  }

  /** How far the task is; `done` marks what is shown as finished, `whole` tells the lesson that nothing is left. */
  progress(text: string, done: boolean, whole = done): void {
    this.task.classList.toggle("stage__task--done", done);
    if (this.task.textContent !== text) this.task.textContent = text;
    if (whole) this.task.dispatchEvent(new CustomEvent(TASK_DONE, { bubbles: true }));
  }

  /** The numbers behind the picture; written into the page only while the fold is open. */
  numbers(content: TableContent): void {
    this.shown = content;
    this.fillTable();
  }

  private fillTable(): void {
    if (!(this.fold as HTMLDetailsElement).open || !this.shown) return;
    const table = document.createElement("table");
    const row = (cells: string[], tag: "th" | "td") => {
      const line = document.createElement("tr");
      for (const text of cells) {
        const cell = document.createElement(tag);
        if (tag === "th") cell.scope = "col";
        cell.textContent = text;
        line.append(cell);
      }
      return line;
    };
    table.createTHead().append(row(this.shown.head, "th"));
    const body = table.createTBody();
    for (const cells of this.shown.rows) body.append(row(cells, "td"));
    this.table.replaceChildren(table);
  }

  private keep(key: string, control: Control<number> | Control<string>, initial: number | string): void {
    this.controls.set(key, { control, initial });
    this.dials.append(control.element);
  }

  private moved(): void {
    this.toAddress();
    this.changed();
  }

  private reset(): void {
    for (const { control, initial } of this.controls.values()) (control as Control<number | string>).set(initial);
    this.moved();
  }

  private fromAddress(key: string): string | null {
    return new URLSearchParams(location.search).get(`${this.name}.${key}`);
  }

  private toAddress(): void {
    const address = new URL(location.href);
    for (const [key, { control, initial }] of this.controls) {
      const value = control.get();
      if (value === initial) address.searchParams.delete(`${this.name}.${key}`);
      else address.searchParams.set(`${this.name}.${key}`, String(value));
    }
    history.replaceState(history.state, "", address);
  }

  private copyButton(): HTMLButtonElement {
    const button = this.button("Copiar enlace", () => {
      const address = new URL(location.href);
      address.hash = `lab-${this.name}`;
      void navigator.clipboard.writeText(address.href).then(() => {
        button.textContent = "Enlace copiado";
        setTimeout(() => (button.textContent = "Copiar enlace"), 2000);
      });
    });
    return button;
  }
}

function part<K extends keyof HTMLElementTagNameMap>(tag: K, className: string): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}
