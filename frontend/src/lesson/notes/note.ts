/** One note in the margin: read as the server sends it, written in its place, saved as it is typed. */

import { clock } from "../../page/page";
import { setWriting } from "./blocks";
import { button, element, parsed, type Desk } from "./desk";
import { NoteKeeper, storedIn, type Status, type Stored } from "./keeper";
import { setFormulas } from "./formulas";

/** What a note asks of the margin around it. */
export interface Around {
  /** Another note beside the same block, as the server rendered it. */
  add(html: string): void;
  /** It was closed: the focus goes back. */
  closed(note: NoteView): void;
  /** It came or went. */
  counted(): void;
}

export class NoteView {
  readonly keeper: NoteKeeper;
  private aside: HTMLElement;
  private editor: HTMLElement | null = null;
  private readonly field = element("textarea", "");
  private readonly state = element("p", "note__state");
  private readonly notice = element("div", "note__notice");
  private html = "";

  /** `aside` holds a note of the server's, or nothing yet. */
  constructor(
    aside: HTMLElement,
    private readonly anchor: string,
    private readonly desk: Desk,
    private readonly around: Around,
  ) {
    this.aside = aside;
    this.keeper = new NoteKeeper(
      {
        create: (text) => desk.create(anchor, text),
        save: (id, text, revision) => desk.save(id, text, revision),
        copy: (text, id, revision) => desk.copies.write(text, id, anchor, revision),
        online: () => navigator.onLine,
      },
      stored(aside),
      (status) => this.show(status),
    );
    this.listen();
  }

  get element(): HTMLElement {
    return this.aside;
  }

  get kept(): boolean {
    return this.keeper.id !== null;
  }

  get writing(): boolean {
    return this.editor !== null;
  }

  /** Begin to write, where it stands. */
  open(focus = true): void {
    if (!this.editor) this.build();
    if (focus) this.field.focus();
  }

  /** Take up what never reached the server. */
  resume(text: string, revision: number): void {
    this.open(false);
    this.field.value = text;
    this.tell(this.desk.say("found"), []);
    this.keeper.resume(text, revision);
  }

  private listen(): void {
    this.aside.querySelector("[data-edit]")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.open();
    });
  }

  private build(): void {
    const { say } = this.desk;
    this.field.value = this.keeper.current;
    this.field.rows = 4;
    this.field.setAttribute("aria-label", say("note"));
    this.field.placeholder = say("placeholder");
    this.field.addEventListener("input", () => {
      this.field.removeAttribute("aria-invalid");
      this.keeper.edited(this.field.value);
    });
    this.field.addEventListener("keydown", (event) => {
      const done = event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey));
      if (!done || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      this.close();
    });
    this.notice.hidden = true;
    this.notice.replaceChildren();
    const buttons = element(
      "div",
      "note__buttons",
      button(say("done"), "button button--link", () => this.close()),
      button(say("delete"), "button button--link", () => void this.remove()),
    );
    this.editor = element("div", "note__editor", this.field, this.state, this.notice, buttons);
    setWriting(this.aside, true);
    for (const part of this.aside.children) if (part instanceof HTMLElement) part.hidden = true;
    this.aside.append(this.editor);
  }

  /** Back to reading; what is not saved yet goes on being saved. */
  private close(): void {
    if (!this.notice.hidden && this.notice.dataset.waits) return;
    if (!this.field.value.trim()) {
      if (!this.kept) return this.discard();
      this.keeper.edited(this.keeper.saved);
    }
    void this.keeper.flush();
    this.shut();
    this.read();
    this.around.closed(this);
  }

  /** Show the text: as the server renders it, or plain while it has not got it yet. */
  private read(): void {
    if (this.html && !this.keeper.dirty) {
      const fresh = parsed(this.html);
      this.aside.replaceWith(fresh);
      this.aside = fresh;
      this.html = "";
      this.listen();
      setFormulas(fresh);
    } else if (this.keeper.dirty) {
      const text = element("div", "note__text", this.keeper.current);
      const edit = button(this.desk.say("note"), "button button--link", () => this.open());
      this.aside.replaceChildren(text, this.state, edit);
    }
    for (const part of this.aside.querySelectorAll<HTMLElement>(":scope > details, :scope > p")) part.hidden = false;
  }

  private shut(): void {
    setWriting(this.aside, false);
    this.editor?.remove();
    this.editor = null;
  }

  private discard(): void {
    this.keeper.stop();
    this.shut();
    this.aside.remove();
    this.around.closed(this);
    this.around.counted();
  }

  private async remove(): Promise<void> {
    const { say } = this.desk;
    const text = this.keeper.current;
    await this.keeper.flush().catch(() => undefined);
    const { id, revision } = this.keeper;
    if (id === null && !text.trim()) return this.discard();
    if (id !== null) {
      const answer = await this.desk.remove(id, revision).catch(() => null);
      if (answer?.status === 409 && answer.body.code === "conflict") return this.keeper.clash(storedIn(answer.body));
      if (!answer || (answer.status >= 400 && answer.status !== 404 && answer.status !== 409)) {
        return this.tell(say(answer?.status === 401 ? "signedOut" : "notDeleted"), []);
      }
    }
    this.keeper.stop();
    const gone = element("p", "note note__gone", `${say("deleted")} `);
    const undo = button(say("undo"), "button button--link", () => {
      void this.desk.create(this.anchor, text).then(
        ({ status, body }) => {
          if (status !== 201) return this.desk.announce(body.message ?? say("notDeleted"), true);
          gone.remove();
          this.around.add(body.html ?? "");
        },
        () => this.desk.announce(say("offline"), true),
      );
    });
    gone.append(undo);
    this.shut();
    this.aside.replaceWith(gone);
    this.aside = gone;
    this.around.counted();
    undo.focus();
  }

  private show(status: Status): void {
    const { say } = this.desk;
    switch (status.kind) {
      case "rest":
        this.state.textContent = "";
        this.quiet();
        return;
      case "saving":
        this.state.textContent ||= say("saving");
        return;
      case "saved":
        this.html = status.html;
        this.aside.id = `note-${this.keeper.id ?? ""}`;
        this.state.textContent = say("saved", { time: clock(status.at) });
        this.quiet();
        if (status.recovered) this.desk.announce(say("back"));
        if (status.again) this.tell(say("again"), []);
        this.around.counted();
        if (!this.editor && !this.keeper.dirty) this.read();
        return;
      case "unsaved":
        this.state.textContent = status.since ? say("unsaved", { time: clock(status.since) }) : say("unsavedNow");
        this.alarm(say(status.offline ? "offline" : "unsavedNow"));
        return;
      case "empty":
        this.state.textContent = this.kept ? say("empty") : "";
        return;
      case "signedOut":
        this.state.textContent = say("unsavedNow");
        this.tell(say("signedOut"), [[say("signIn"), () => void open(this.desk.data.urls.signIn, "_blank", "noopener")]]);
        return;
      case "refused":
        this.field.setAttribute("aria-invalid", "true");
        this.state.textContent = say("unsavedNow");
        this.tell(status.message, []);
        return;
      case "conflict":
        this.offer(status.other);
        return;
      case "split":
        this.field.readOnly = false;
        this.field.value = this.keeper.current;
        this.quiet();
        this.around.add(status.html);
        this.state.textContent = "";
    }
  }

  /** Two versions: the other is shown under mine, and nothing happens until one is chosen, or both. */
  private offer(other: Stored): void {
    const { say } = this.desk;
    if (!this.editor) this.open(false);
    this.state.textContent = say("unsavedNow");
    const choose = (side: "mine" | "other" | "both") => () => {
      this.field.readOnly = side === "both";
      this.quiet();
      this.field.value = this.keeper.choose(side);
      this.field.focus();
    };
    const time = other.savedAt ? clock(other.savedAt).slice(0, 5) : "?";
    this.tell(say("conflict", { time }), [
      [say("keepMine"), choose("mine")],
      [say("keepOther"), choose("other")],
      [say("keepBoth"), choose("both")],
    ]);
    const theirs = element("div", "note__theirs", other.text);
    theirs.tabIndex = 0;
    theirs.setAttribute("role", "region");
    theirs.setAttribute("aria-label", say("theirs"));
    this.notice.firstElementChild?.after(element("p", "meta", say("theirs")), theirs);
    this.notice.dataset.waits = "1";
  }

  private tell(sentence: string, actions: [string, () => void][]): void {
    const buttons = element("div", "note__buttons", ...actions.map(([label, act]) => button(label, "button button--link", act)));
    this.notice.replaceChildren(element("p", "", sentence), ...(actions.length ? [buttons] : []));
    this.notice.hidden = false;
    this.desk.announce(sentence);
  }

  private alarm(sentence: string): void {
    if (this.notice.textContent === sentence && !this.notice.hidden) return;
    this.tell(sentence, []);
  }

  private quiet(): void {
    this.notice.hidden = true;
    delete this.notice.dataset.waits;
    this.notice.replaceChildren();
  }
}

function stored(aside: HTMLElement): Stored {
  const text = aside.querySelector<HTMLTextAreaElement>("[data-source]")?.value ?? "";
  const { note, revision, saved } = aside.dataset;
  return { id: note ? Number(note) : null, text, revision: Number(revision ?? 0), savedAt: saved ? new Date(saved) : null };
}
