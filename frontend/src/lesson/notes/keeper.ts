/**
 * Keeps what a student types into one note: a copy in this browser at each edit, the note on the server a moment after
 * the last one.
 *
 * The first save makes the note, and is repeated word for word until it is answered, so that a lost answer makes no
 * second one. Every other save names the revision that it builds on. When another tab saved meanwhile, nothing is sent
 * until the student has chosen one version or both; when another tab deleted the note, what is typed makes it anew.
 */

export interface Stored {
  id: number | null;
  text: string;
  revision: number;
  savedAt: Date | null;
}

/** What the server answers, as far as it goes: `id` to `html` on success and with a conflict. */
export interface Answer {
  status: number;
  body: { code?: string; id?: number; text?: string; revision?: number; saved_at?: string; html?: string; message?: string };
}

export type Status =
  | { kind: "rest" }
  | { kind: "saving" }
  | { kind: "saved"; at: Date; html: string; recovered: boolean; again: boolean }
  | { kind: "unsaved"; since: Date | null; offline: boolean }
  | { kind: "empty" }
  | { kind: "signedOut" }
  | { kind: "refused"; message: string }
  | { kind: "conflict"; other: Stored }
  | { kind: "split"; html: string };

export interface Ports {
  create(text: string): Promise<Answer>;
  save(id: number, text: string, revision: number): Promise<Answer>;
  /** Where this note's copy lies; null takes it away. */
  copy(text: string | null, id: number | null, revision: number): void;
  online(): boolean;
}

export const WAIT_MS = 800;
export const RETRY_MS = 3000;

export class NoteKeeper {
  private text: string;
  private stored: Stored;
  private other: Stored | null = null;
  /** The text of a first save that has no answer yet. */
  private first: string | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sending: Promise<void> | null = null;
  private splitting = false;
  private troubled = false;
  private again = false;
  private over = false;

  constructor(
    private readonly ports: Ports,
    stored: Stored,
    private readonly tell: (status: Status) => void,
  ) {
    this.stored = stored;
    this.text = stored.text;
  }

  get id(): number | null {
    return this.stored.id;
  }

  get revision(): number {
    return this.stored.revision;
  }

  get current(): string {
    return this.text;
  }

  get saved(): string {
    return this.stored.text;
  }

  get dirty(): boolean {
    return normal(this.text) !== normal(this.stored.text);
  }

  /** Take up a copy that never reached the server, written on `revision`. */
  resume(text: string, revision: number): void {
    this.text = text;
    this.ports.copy(text, this.id, revision);
    if (this.id !== null && revision !== this.revision) this.clash(this.stored);
    else this.schedule(0);
  }

  edited(text: string): void {
    this.text = text;
    this.ports.copy(this.dirty ? text : null, this.id, this.revision);
    if (!this.other) this.schedule(WAIT_MS);
  }

  /** Save now: on leaving the page or the note, or when the connection is back. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    return this.send();
  }

  /** Nothing more is sent; the note was deleted, or never began. */
  stop(): void {
    this.over = true;
    clearTimeout(this.timer);
    this.ports.copy(null, this.id, this.revision);
  }

  /** Another version is on the server: nothing is sent until `choose`. */
  clash(other: Stored): void {
    this.other = other;
    this.tell({ kind: "conflict", other });
  }

  /** Take a version, or keep both: then mine becomes a note of its own. Returns the text that the editor should hold. */
  choose(side: "mine" | "other" | "both"): string {
    if (!this.other) return this.text;
    if (side === "both") {
      this.splitting = true;
      void this.flush();
      return this.text;
    }
    this.stored = this.other;
    this.other = null;
    if (side === "other") this.text = this.stored.text;
    this.edited(this.text);
    void this.flush();
    if (!this.dirty) this.tell({ kind: "rest" });
    return this.text;
  }

  private schedule(wait: number): void {
    clearTimeout(this.timer);
    if (!this.over) this.timer = setTimeout(() => void this.send(), wait);
  }

  private send(): Promise<void> {
    if (this.sending) return this.sending;
    const held = this.other !== null && !this.splitting;
    if (this.over || held || !(this.dirty || this.first !== null)) return Promise.resolve();
    if (this.first === null && !this.text.trim()) {
      this.tell({ kind: "empty" });
      return Promise.resolve();
    }
    this.tell({ kind: "saving" });
    this.sending = this.ask().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  private async ask(): Promise<void> {
    const made = this.id === null || this.splitting;
    if (made) this.first ??= this.text;
    const sent = made ? (this.first ?? "") : this.text;
    let answer: Answer | null = null;
    try {
      answer = made ? await this.ports.create(sent) : await this.ports.save(this.id ?? 0, sent, this.revision);
    } catch {
      // no answer at all: offline, or the server is away
    }
    if (!this.over) this.hear(sent, made, answer);
  }

  private hear(sent: string, made: boolean, answer: Answer | null): void {
    const { status, body } = answer ?? { status: 0, body: {} };
    if (status === 200 || status === 201) {
      this.first = null;
      if (this.splitting) this.split(body);
      else this.accept(sent, body);
    } else if (status === 409 && body.code === "conflict") {
      this.clash(storedIn(body));
    } else if ((status === 409 || status === 404) && !made) {
      this.stored = { id: null, text: "", revision: 0, savedAt: null };
      this.again = true;
      this.ports.copy(this.text, null, 0);
      this.schedule(0);
    } else if (status === 422) {
      this.first = null;
      this.splitting = false;
      this.troubled = true;
      this.tell({ kind: "refused", message: body.message ?? "" });
    } else {
      this.troubled = true;
      if (status === 401) this.tell({ kind: "signedOut" });
      else this.tell({ kind: "unsaved", since: this.stored.savedAt, offline: !this.ports.online() });
      this.ports.copy(this.text, this.id, this.revision);
      this.schedule(RETRY_MS);
    }
  }

  private accept(sent: string, body: Answer["body"]): void {
    const { troubled: recovered, again } = this;
    const before = this.id;
    this.stored = { ...storedIn(body), text: sent };
    this.troubled = this.again = false;
    if (before !== this.id) this.ports.copy(null, before, 0);
    this.ports.copy(this.dirty ? this.text : null, this.id, this.revision);
    if (this.dirty) this.schedule(WAIT_MS);
    this.tell({ kind: "saved", at: this.stored.savedAt ?? new Date(), html: body.html ?? "", recovered, again });
  }

  /** Mine is a note of its own now; this one goes on with the other version. */
  private split(body: Answer["body"]): void {
    this.splitting = false;
    if (this.other) this.stored = this.other;
    this.other = null;
    this.text = this.stored.text;
    this.troubled = false;
    this.ports.copy(null, this.id, this.revision);
    this.tell({ kind: "split", html: body.html ?? "" });
  }
}

export function storedIn(body: Answer["body"]): Stored {
  return {
    id: body.id ?? null,
    text: body.text ?? "",
    revision: body.revision ?? 0,
    savedAt: body.saved_at ? new Date(body.saved_at) : null,
  };
}

/** As the server keeps a text: without what stands only at its end. */
function normal(text: string): string {
  return text.replace(/^\n+/, "").trimEnd();
}
