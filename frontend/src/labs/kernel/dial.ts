/** The dials of a lab: a range and a number field for the same value, and a choice among few. */

import { parseNumber, spanish } from "../../plot/numbers";

export interface DialOptions {
  /** The letter or word of the value, as "η". */
  label: string;
  min: number;
  max: number;
  value: number;
  /** Equal distances of the range are equal ratios. */
  log?: boolean;
  /** Only whole numbers. */
  whole?: boolean;
  digits?: number;
}

export interface Control<T> {
  readonly element: HTMLElement;
  get(): T;
  /** Sets the value, kept within its bounds; tells nobody. */
  set(value: T): void;
}

const POSITIONS = 1000;
let made = 0;

/** Dragging, arrows, [−] [+] and typing all set it; typing takes 0,1 and 0.1. */
export function dial(options: DialOptions, changed: () => void): Control<number> {
  const { min, max, log = false, whole = false, digits = 4 } = options;
  const id = `dial-${++made}`;
  const element = document.createElement("div");
  element.className = "dial";
  element.setAttribute("role", "group");
  element.setAttribute("aria-labelledby", `${id}-label`);
  element.innerHTML = `
    <label class="dial__label" id="${id}-label" for="${id}"></label>
    <button class="dial__step" type="button">−</button>
    <input class="dial__range" type="range" min="0" max="${POSITIONS}" step="1" aria-labelledby="${id}-label">
    <button class="dial__step" type="button">+</button>
    <input class="dial__number" id="${id}" type="text" inputmode="decimal" autocomplete="off" size="8">`;
  const [label, less, range, more, field] = element.children as unknown as [
    HTMLLabelElement,
    HTMLButtonElement,
    HTMLInputElement,
    HTMLButtonElement,
    HTMLInputElement,
  ];
  label.textContent = options.label;
  less.setAttribute("aria-label", `Bajar ${options.label}`);
  more.setAttribute("aria-label", `Subir ${options.label}`);

  let value = options.value;
  const inside = (wanted: number) => {
    const bounded = Math.min(max, Math.max(min, wanted));
    return whole ? Math.round(bounded) : Number(bounded.toPrecision(digits));
  };
  const toPosition = (v: number) =>
    Math.round(POSITIONS * (log ? Math.log(v / min) / Math.log(max / min) : (v - min) / (max - min)));
  const fromPosition = (position: number) =>
    log ? min * (max / min) ** (position / POSITIONS) : min + ((max - min) * position) / POSITIONS;
  const show = () => {
    range.value = String(toPosition(value));
    range.setAttribute("aria-valuetext", spanish(value, digits));
    field.value = spanish(value, digits);
    field.removeAttribute("aria-invalid");
  };
  const set = (wanted: number) => {
    value = inside(wanted);
    show();
  };
  const change = (wanted: number) => {
    const before = value;
    set(wanted);
    if (value !== before) changed();
  };
  const nudge = (direction: 1 | -1) => {
    if (whole) change(value + direction);
    else if (log) change(value * 1.02 ** direction);
    else change(value + (direction * (max - min)) / 100);
  };
  range.addEventListener("input", () => change(fromPosition(Number(range.value))));
  less.addEventListener("click", () => nudge(-1));
  more.addEventListener("click", () => nudge(1));
  const typed = () => {
    const wanted = parseNumber(field.value);
    if (wanted === null) field.setAttribute("aria-invalid", "true");
    else change(wanted);
  };
  field.addEventListener("change", typed);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") typed();
    const direction = ({ ArrowUp: 1, ArrowDown: -1 } as const)[event.key as "ArrowUp" | "ArrowDown"];
    if (direction === undefined) return;
    event.preventDefault();
    nudge(direction);
  });
  set(value);
  return { element, get: () => value, set };
}

/** Radio buttons in a row. */
export function choice<T extends string>(
  legend: string,
  options: readonly (readonly [T, string])[],
  initial: T,
  changed: () => void,
): Control<T> {
  const element = document.createElement("fieldset");
  element.className = "choice";
  const title = document.createElement("legend");
  title.textContent = legend;
  element.append(title);
  const group = `choice-${++made}`;
  let value = initial;
  const inputs = options.map(([key, name]) => {
    const label = document.createElement("label");
    const input = document.createElement("input");
    input.type = "radio";
    input.name = group;
    input.value = key;
    input.addEventListener("change", () => {
      value = key;
      changed();
    });
    label.append(input, ` ${name}`);
    element.append(label);
    return input;
  });
  const set = (wanted: T) => {
    if (!options.some(([key]) => key === wanted)) return;
    value = wanted;
    for (const input of inputs) input.checked = input.value === wanted;
  };
  set(initial);
  return { element, get: () => value, set };
}
