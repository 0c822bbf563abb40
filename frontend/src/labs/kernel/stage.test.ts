// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";
import { dial } from "./dial";
import { SENTENCE_MS, Stage } from "./stage";

function section(settings: object = {}): HTMLElement {
  document.body.innerHTML = `<section class="lab" data-lab="prueba"><div class="lab__stage"><figure>antes</figure></div></section>`;
  const found = document.querySelector<HTMLElement>("section")!;
  found.dataset["settings"] = JSON.stringify(settings);
  return found;
}

beforeEach(() => {
  history.replaceState(null, "", "/leccion");
  vi.useFakeTimers();
});

const type = (field: HTMLInputElement, text: string) => {
  field.value = text;
  field.dispatchEvent(new Event("change"));
};

test("a number field takes a comma, a point and an exponent, and nothing else", () => {
  const changed = vi.fn();
  const control = dial({ label: "η", min: 0.001, max: 1, value: 0.5, log: true }, changed);
  const field = control.element.querySelector<HTMLInputElement>(".dial__number")!;
  for (const text of ["0,1", "0.2", "3e-1", " 0,4 "]) type(field, text);
  expect(control.get()).toBe(0.4);
  expect(changed).toHaveBeenCalledTimes(4);
  type(field, "mucho");
  expect(control.get()).toBe(0.4);
  expect(field.getAttribute("aria-invalid")).toBe("true");
  type(field, "50");
  expect(control.get()).toBe(1);
});

test("the stage replaces the figure, reads its dial from the address and writes it back", () => {
  history.replaceState(null, "", "/leccion?prueba.eta=0.25&otra=1");
  const stage = new Stage(section());
  const eta = stage.dial("eta", { label: "η", min: 0.01, max: 1, value: 0.1, log: true });
  expect(document.querySelector("figure")).toBeNull();
  expect(eta.get()).toBe(0.25);
  const draw = vi.fn();
  stage.run(draw);
  type(document.querySelector<HTMLInputElement>(".dial__number")!, "0,5");
  expect(draw).toHaveBeenCalledTimes(2);
  expect(location.search).toContain("prueba.eta=0.5");
  expect(location.search).toContain("otra=1");
  [...document.querySelectorAll("button")].find((b) => b.textContent === "Reiniciar")!.click();
  expect(eta.get()).toBe(0.1);
  expect(location.search).not.toContain("prueba.eta");
});

test("a sentence is said 700 ms after the last change, once", () => {
  const stage = new Stage(section());
  const output = document.querySelector("output")!;
  stage.say("primera");
  vi.advanceTimersByTime(0);
  expect(output.textContent).toBe("primera");
  stage.say("a medias");
  vi.advanceTimersByTime(SENTENCE_MS - 1);
  stage.say("segunda");
  vi.advanceTimersByTime(SENTENCE_MS - 1);
  expect(output.textContent).toBe("primera");
  vi.advanceTimersByTime(1);
  expect(output.textContent).toBe("segunda");
});

test("the table is written only once it is opened", () => {
  const stage = new Stage(section());
  stage.numbers({ head: ["Capa", "Señal"], rows: [["0", "1"]] });
  expect(document.querySelector("table")).toBeNull();
  const fold = document.querySelector("details")!;
  fold.open = true;
  fold.dispatchEvent(new Event("toggle"));
  expect(document.querySelector("td")!.textContent).toBe("0");
});
