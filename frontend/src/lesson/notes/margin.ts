/** The margin of a lesson: its notes and bookmarks, and what makes new ones. */

import { blocksOf, isMarked, marginOf, setMark } from "./blocks";
import { ALIVE_MS, type Copy } from "./copies";
import { element, parsed, type Desk } from "./desk";
import { setFormulas } from "./formulas";
import { NoteView } from "./note";

export class Margin {
  private readonly notes: NoteView[] = [];
  /** Where the focus goes when a note closes; null: to the note itself. */
  home: (() => HTMLElement | null) | null = null;

  constructor(
    readonly prose: HTMLElement,
    readonly desk: Desk,
  ) {
    for (const aside of document.querySelectorAll<HTMLElement>("aside[data-note]")) {
      this.notes.push(this.view(aside, aside.dataset.anchor ?? ""));
    }
    setFormulas(document);
    addEventListener("pagehide", () => this.flush());
    addEventListener("online", () => this.flush());
    addEventListener("focus", () => this.flush());
    this.recover();
  }

  /** A new note beside a block; an empty one that is open there is gone on with. */
  write(block: HTMLElement): void {
    const begun = this.notes.find((note) => note.writing && !note.kept && marginOf(block).contains(note.element));
    (begun ?? this.blank(block)).open();
  }

  async toggleMark(block: HTMLElement): Promise<boolean> {
    const { desk } = this;
    const on = !isMarked(block);
    const answer = await desk.bookmark(block.id, on).catch(() => null);
    if (answer?.status !== 200) {
      desk.announce(answer?.body.message ?? desk.say(answer?.status === 401 ? "signedOut" : "notMarked"), true);
      return !on;
    }
    setMark(block, on ? this.flag() : null);
    for (const list of document.querySelectorAll("[data-marks]")) list.innerHTML = answer.body.marks ?? "";
    desk.announce("", true);
    desk.announce(desk.say(on ? "marked" : "unmarked"));
    return on;
  }

  private flag(): HTMLElement {
    const template = document.querySelector<HTMLTemplateElement>("#margin-flag");
    return template?.content.firstElementChild?.cloneNode(true) as HTMLElement;
  }

  private view(aside: HTMLElement, anchor: string): NoteView {
    const note: NoteView = new NoteView(aside, anchor, this.desk, {
      add: (html) => {
        const block = document.getElementById(anchor);
        const fresh = parsed(html);
        if (block) marginOf(block).append(fresh);
        else note.element.after(fresh);
        setFormulas(fresh);
        this.notes.push(this.view(fresh, anchor));
        this.count();
      },
      closed: (closing) => {
        const back = this.home?.() ?? closing.element.querySelector<HTMLElement>("[data-edit], button");
        back?.focus({ preventScroll: true });
      },
      counted: () => this.count(),
    });
    return note;
  }

  private blank(block: HTMLElement | null): NoteView {
    const aside = element("aside", "note");
    aside.setAttribute("aria-label", this.desk.say("note"));
    aside.lang = document.documentElement.lang;
    if (block) marginOf(block).append(aside);
    else this.prose.after(aside);
    const note = this.view(aside, block?.id ?? "");
    this.notes.push(note);
    return note;
  }

  private count(): void {
    const link = document.querySelector("[data-count]");
    const n = document.querySelectorAll("aside[data-note], aside.note[id]").length;
    if (link) link.textContent = this.desk.say(n === 0 ? "none" : n === 1 ? "one" : "many", { n });
  }

  private flush(): void {
    for (const note of this.notes) void note.keeper.flush();
  }

  /** What never reached the server goes on from here: into its note, or into a new one where that is gone. */
  private recover(): void {
    const { left, waiting } = this.desk.copies.take();
    for (const copy of left) this.resume(copy);
    if (waiting) setTimeout(() => this.recover(), ALIVE_MS + 2000);
  }

  private resume({ id, anchor, text, revision }: Copy): void {
    const note = this.notes.find(({ keeper }) => id !== null && keeper.id === id);
    const said = note?.keeper.saved ?? this.notes.find(({ keeper }) => keeper.saved === text.trim())?.keeper.saved;
    if (said === text.trim()) return;
    if (note) note.resume(text, revision);
    else this.blank(blocksOf(this.prose).find((block) => block.id === anchor) ?? null).resume(text, 0);
  }
}
