// @vitest-environment happy-dom
import { beforeEach, describe, expect, test, vi } from "vitest";
import { blockOf, blocksOf, isMarked, marginOf, setMark } from "./blocks";
import type { Margin } from "./margin";
import { Mode } from "./mode";

const PAGE = `
  <form><button>Escribir notas</button></form>
  <div id="prose">
    <p id="a">Uno <a href="#x">enlace</a></p>
    <div class="noted"><p id="b">Dos</p><div class="noted__notes"><aside class="sidenote">n</aside></div></div>
    <aside class="sidenote" id="s">suelta</aside>
    <section class="lab" id="c">Lab</section>
    <div data-question="q"></div>
  </div>`;

let prose: HTMLElement;
const written: string[] = [];
const marked: string[] = [];

function mount() {
  const margin = {
    prose,
    desk: { say: (name: string) => name, announce: () => undefined },
    write: (block: HTMLElement) => void written.push(block.id),
    toggleMark: (block: HTMLElement) => Promise.resolve(marked.push(block.id) > 0),
    home: null,
  } as unknown as Margin;
  const toggle = document.querySelector("button") as HTMLButtonElement;
  return { mode: new Mode(toggle, margin), toggle };
}

const press = (key: string) => document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const present = () => document.querySelector<HTMLElement>("[data-here]")?.id;
const stops = () => [...prose.querySelectorAll("[tabindex='0']")].map(({ id }) => id);

beforeEach(() => {
  document.body.innerHTML = PAGE;
  prose = document.querySelector("#prose") as HTMLElement;
  written.length = marked.length = 0;
});

describe("the blocks", () => {
  test("are those that can have a note, with or without a margin", () => {
    expect(blocksOf(prose).map(({ id }) => id)).toEqual(["a", "b", "c"]);
    expect(blockOf(prose, prose.querySelector("a") as Element)?.id).toBe("a");
    expect(blockOf(prose, prose.querySelector("aside") as Element)).toBeNull();
  });

  test("share the margin that they have and get one that they lack, wide ones underneath", () => {
    const [a, b, c] = blocksOf(prose) as [HTMLElement, HTMLElement, HTMLElement];
    expect(marginOf(b).textContent).toBe("n");
    expect(marginOf(a).previousElementSibling).toBe(a);
    expect(marginOf(a)).toBe(marginOf(a));
    expect(marginOf(c).parentElement?.className).toBe("noted noted--under");
    expect(blocksOf(prose)).toEqual([a, b, c]);
  });

  test("are marked and unmarked", () => {
    const block = blocksOf(prose)[0] as HTMLElement;
    const flag = document.createElement("span");
    flag.dataset.mark = "";
    setMark(block, flag);
    expect(isMarked(block)).toBe(true);
    setMark(block, null);
    expect(isMarked(block)).toBe(false);
  });

  test("keep the focus when they get a margin", () => {
    const link = prose.querySelector("a") as HTMLElement;
    link.focus();
    marginOf(blocksOf(prose)[0] as HTMLElement);
    expect(document.activeElement).toBe(link);
  });
});

describe("the mode", () => {
  test("has no stop for the tab key until it is on, and then one", () => {
    const { toggle } = mount();
    expect(stops()).toEqual([]);
    toggle.click();
    expect(toggle.getAttribute("aria-pressed")).toBe("true");
    expect(stops()).toHaveLength(1);
  });

  test("moves by arrows, writes, marks, and leaves to where one came from", async () => {
    const { toggle } = mount();
    toggle.click();
    press("Home");
    press("ArrowDown");
    expect([present(), document.activeElement?.id]).toEqual(["b", "b"]);
    press("Enter");
    press(" ");
    await vi.waitFor(() => expect(marked).toEqual(["b"]));
    expect(written).toEqual(["b"]);
    press("ArrowUp");
    press("ArrowUp");
    expect(present()).toBe("a");
    press("End");
    expect(present()).toBe("c");
    press("Escape");
    expect([present(), stops(), document.activeElement]).toEqual([undefined, [], toggle]);
  });

  test("leaves the keys to what stands inside a block, and the letters to everybody", () => {
    const { toggle } = mount();
    toggle.click();
    press("Home");
    (prose.querySelector("a") as HTMLElement).focus();
    press("Enter");
    press("ArrowDown");
    expect([written, present()]).toEqual([[], "a"]);
    (document.querySelector("#a") as HTMLElement).focus();
    for (const letter of "nmbx") press(letter);
    expect([written, marked]).toEqual([[], []]);
  });

  test("lets a tap choose, and the bar write there", () => {
    const { toggle } = mount();
    toggle.click();
    (document.querySelector("#c") as HTMLElement).click();
    const write = [...document.querySelectorAll<HTMLButtonElement>(".noting button")].find((one) => one.textContent === "writeHere");
    write?.click();
    expect(written).toEqual(["c"]);
  });

  test("gives a block back the stop that it had", () => {
    const block = document.querySelector("#a") as HTMLElement;
    block.setAttribute("tabindex", "0");
    const { toggle } = mount();
    toggle.click();
    press("Home");
    press("ArrowDown");
    expect(block.getAttribute("tabindex")).toBe("0");
  });
});
