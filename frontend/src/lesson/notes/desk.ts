/** What the parts of the margin share: the page's data, its sentences, and the way to the server. */

import { csrfToken, speaker, tabName, type Say } from "../../page/page";
import { Copies } from "./copies";
import type { Answer } from "./keeper";

export interface MarginData {
  person: number;
  lesson: number;
  urls: { notes: string; note: string; delete: string; bookmark: string; signIn: string };
  words: Record<string, string>;
}

export class Desk {
  readonly say: Say;
  readonly copies: Copies;
  leaving = false;

  constructor(readonly data: MarginData) {
    this.say = speaker(data.words);
    this.copies = new Copies(shelf(), `note-${data.person}-${data.lesson}-`, tabName());
    addEventListener("pagehide", () => (this.leaving = true), { capture: true });
    addEventListener("pageshow", () => (this.leaving = false));
  }

  create(anchor: string, text: string): Promise<Answer> {
    return this.post(this.data.urls.notes, { anchor, text });
  }

  save(id: number, text: string, revision: number): Promise<Answer> {
    return this.post(this.data.urls.note.replace("/0/", `/${id}/`), { text, revision: String(revision) });
  }

  remove(id: number, revision: number): Promise<Answer> {
    return this.post(this.data.urls.delete.replace("/0/", `/${id}/`), { revision: String(revision) });
  }

  async bookmark(anchor: string, on: boolean): Promise<{ status: number; body: { marks?: string; message?: string } }> {
    return this.post(this.data.urls.bookmark, { anchor, on: on ? "1" : "0" });
  }

  /** Said to those who listen; an alarm at once. */
  announce(sentence: string, alarm = false): void {
    const region = document.getElementById(alarm ? "alerta" : "aviso");
    if (region) region.textContent = sentence;
  }

  private async post<B>(url: string, fields: Record<string, string>): Promise<{ status: number; body: B }> {
    const response = await fetch(url, {
      method: "POST",
      body: new URLSearchParams({ ...fields, person: String(this.data.person) }),
      headers: { "X-CSRFToken": csrfToken(), "X-Requested-With": "fetch", Accept: "application/json" },
      keepalive: this.leaving,
    });
    return { status: response.status, body: (await response.json().catch(() => ({}))) as B };
  }
}

function shelf(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null; // the browser keeps nothing for this site
  }
}

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

export function button(label: string, className: string, act: () => void): HTMLButtonElement {
  const made = element("button", className, label);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

/** An icon of the page's sprite. */
export function icon(name: string, className = ""): SVGSVGElement {
  const sprite = document.querySelector(".icon use")?.getAttribute("href")?.split("#")[0] ?? "";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", `icon ${className}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** The first element in `html`, which the server rendered. */
export function parsed(html: string): HTMLElement {
  const found = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  return document.importNode(found as HTMLElement, true);
}
