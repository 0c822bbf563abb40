/**
 * The panes of the exercise page. Wide: statement, result and history are tabs beside the editor, with a
 * divider between. Narrow, or without this script: one column, and the tabs are its anchors.
 */

import { need } from "./page";

const SPLIT = "exercise-split";
const WIDE = "(min-width: 60rem)";
const THREE = "(min-width: 100rem)";

export class Tabs {
  private readonly links: HTMLAnchorElement[];
  private readonly nav: HTMLElement;
  private chosen = "enunciado";
  private readonly wide = matchMedia(WIDE);
  private readonly three = matchMedia(THREE);

  constructor(private readonly root: HTMLElement) {
    this.nav = need("[data-tabs]", root);
    this.links = [...this.nav.querySelectorAll<HTMLAnchorElement>("[data-tab]")];
    for (const link of this.links) {
      link.addEventListener("click", (event) => {
        if (!this.wide.matches) return;
        event.preventDefault();
        this.show(name(link));
      });
    }
    this.nav.addEventListener("keydown", (event) => this.arrows(event));
    this.wide.addEventListener("change", () => this.arrange());
    this.three.addEventListener("change", () => this.arrange());
    const wanted = location.hash.slice(1);
    if (this.tabs().some((link) => name(link) === wanted)) this.chosen = wanted;
    this.arrange();
    // a pane that scrolls takes the focus when the address names it, and would be ringed before any key
    const release = ({ target }: FocusEvent) => (target as HTMLElement).matches(".exercise__pane") && (target as HTMLElement).blur();
    if (location.hash) root.addEventListener("focusin", release);
    addEventListener("keydown", () => root.removeEventListener("focusin", release), { once: true, capture: true });
    if (document.activeElement?.matches(".exercise__pane")) (document.activeElement as HTMLElement).blur();
  }

  /** Brings a part to the eye without moving the focus; in one column nothing scrolls by itself. */
  show(part: string): void {
    if (this.tabs().some((link) => name(link) === part)) this.chosen = part;
    this.arrange();
  }

  /** Follows the reader's wish to see a part: also scrolls to it in one column. */
  goTo(part: string): void {
    this.show(part);
    if (!this.wide.matches) document.getElementById(part)?.scrollIntoView({ block: "start" });
  }

  /** Once the editor has its height: to the part that the address names, where all is one column. */
  settle(): void {
    if (!this.wide.matches && location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: "start" });
  }

  /** The links that are tabs at this width. */
  private tabs(): HTMLAnchorElement[] {
    if (!this.wide.matches) return [];
    const apart = this.three.matches ? ["codigo", "resultado"] : ["codigo"];
    return this.links.filter((link) => !apart.includes(name(link)));
  }

  private arrange(): void {
    const tabs = this.tabs();
    if (tabs.length && !tabs.some((link) => name(link) === this.chosen)) this.chosen = "enunciado";
    this.root.classList.add("exercise--mounted");
    this.nav.setAttribute("role", tabs.length ? "tablist" : "navigation");
    for (const link of this.links) {
      const pane = document.getElementById(name(link));
      const isTab = tabs.includes(link);
      const selected = isTab && name(link) === this.chosen;
      if (isTab) {
        link.id = `tab-${name(link)}`;
        link.setAttribute("role", "tab");
        link.setAttribute("aria-controls", name(link));
        link.setAttribute("aria-selected", String(selected));
        link.tabIndex = selected ? 0 : -1;
        pane?.setAttribute("role", "tabpanel");
      } else {
        for (const attribute of ["role", "aria-controls", "aria-selected", "tabindex"]) link.removeAttribute(attribute);
        pane?.removeAttribute("role");
      }
      if (!pane) continue;
      pane.hidden = isTab && !selected;
      // beside the editor a pane scrolls by itself, and must be reachable by key to do so
      if (this.wide.matches && name(link) !== "codigo") pane.tabIndex = 0;
      else pane.removeAttribute("tabindex");
    }
  }

  private arrows(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const tabs = this.tabs();
    if (step === undefined || !tabs.length) return;
    event.preventDefault();
    const next = tabs[(tabs.findIndex((link) => name(link) === this.chosen) + step + tabs.length) % tabs.length];
    if (!next) return;
    this.show(name(next));
    next.focus();
  }
}

const name = (link: HTMLElement) => link.dataset["tab"] ?? "";

/** The bar between statement and editor: mouse, arrows, Home and End; remembered in this browser. */
export function mountDivider(root: HTMLElement): void {
  const divider = need("[data-divider]", root);
  const panes = need("[data-panes]", root);
  const set = (percent: number, keep = true) => {
    const bounded = Math.round(Math.min(70, Math.max(25, percent)));
    panes.style.setProperty("--split", `${bounded}%`);
    divider.setAttribute("aria-valuenow", String(bounded));
    if (keep) localStorage.setItem(SPLIT, String(bounded));
  };
  const remembered = Number(localStorage.getItem(SPLIT));
  if (remembered) set(remembered, false);
  divider.addEventListener("pointerdown", (down) => {
    divider.setPointerCapture(down.pointerId);
    const move = (event: PointerEvent) => {
      const box = panes.getBoundingClientRect();
      set(((event.clientX - box.left) / box.width) * 100);
    };
    divider.addEventListener("pointermove", move);
    divider.addEventListener("lostpointercapture", () => divider.removeEventListener("pointermove", move), { once: true });
  });
  divider.addEventListener("keydown", (event) => {
    const now = Number(divider.getAttribute("aria-valuenow"));
    const next = { ArrowLeft: now - 2, ArrowRight: now + 2, Home: 25, End: 70 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    set(next);
  });
}

const KEYS = ["⇥", "(", ")", "[", "]", ":", "=", "_", "#"];

/** The row of keys that a phone's keyboard hides. A press leaves the focus in the editor. */
export function mountKeys(root: HTMLElement, type: (text: string) => void): void {
  const row = need("[data-keys]", root);
  for (const key of KEYS) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = key;
    if (key === "⇥") button.setAttribute("aria-label", "Tab");
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", () => type(key === "⇥" ? "\t" : key));
    row.append(button);
  }
}
