/**
 * Keeps what the student types: a copy in this browser at each edit, a revision on the server a moment
 * after the last one.
 *
 * A save names the revision that it builds on. When another tab or device saved meanwhile, the server
 * answers with its version and nothing is sent any more until the student has chosen.
 */

export interface Stored {
  source: string;
  revision: number;
  savedAt: Date | null;
}

export type Status =
  | { kind: "rest"; at: Date | null }
  | { kind: "saving" }
  | { kind: "saved"; at: Date; recovered: boolean }
  | { kind: "unsaved"; since: Date | null; offline: boolean }
  | { kind: "signedOut" }
  | { kind: "refused"; message: string }
  | { kind: "conflict"; other: Stored };

/** One save: `revision` is the one it builds on; `keep` has the replaced version put aside. */
export interface Save {
  source: string;
  revision: number;
  keep?: "reset" | "conflict";
}

export interface Answer {
  status: number;
  body: { revision?: number; saved_at?: string | null; source?: string | null; message?: string };
}

export interface Ports {
  put(save: Save): Promise<Answer>;
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null;
  key: string;
  online(): boolean;
}

export const WAIT_MS = 800;
export const RETRY_MS = 3000;

export class DraftKeeper {
  private source: string;
  private base: number;
  private savedSource: string;
  private savedAt: Date | null;
  private keep: Save["keep"];
  private other: Stored | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sending = false;
  private troubled = false;

  constructor(
    private readonly ports: Ports,
    stored: Stored,
    private readonly tell: (status: Status) => void,
  ) {
    this.source = this.savedSource = stored.source;
    this.base = stored.revision;
    this.savedAt = stored.savedAt;
  }

  /** Looks for a copy that never reached the server. Returns the text that the editor should hold. */
  recover(): string {
    const copy = this.readCopy();
    if (!copy || copy.source === this.savedSource) {
      this.dropCopy();
      this.tell({ kind: "rest", at: this.savedAt });
      return this.source;
    }
    this.source = copy.source;
    if (copy.revision === this.base) {
      this.schedule(0);
    } else {
      this.clash({ source: this.savedSource, revision: this.base, savedAt: this.savedAt });
    }
    return this.source;
  }

  edited(source: string): void {
    this.source = source;
    this.writeCopy();
    if (!this.other) this.schedule(WAIT_MS);
  }

  /** The starter took the place of what was there, which the server puts aside. */
  reset(source: string): void {
    this.keep = "reset";
    this.edited(source);
  }

  get dirty(): boolean {
    return this.source !== this.savedSource;
  }

  /** Save now, as before leaving the page or when the connection is back. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    return this.send();
  }

  /** End a conflict; returns the text that the editor should hold. */
  choose(side: "mine" | "other"): string {
    if (!this.other) return this.source;
    const other = this.other;
    this.other = null;
    this.base = other.revision;
    this.savedSource = other.source;
    if (side === "mine") {
      this.keep = "conflict";
      this.schedule(0);
    } else {
      this.source = other.source;
      this.savedAt = other.savedAt;
      this.dropCopy();
      this.tell({ kind: "rest", at: this.savedAt });
    }
    return this.source;
  }

  private schedule(wait: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.send(), wait);
  }

  private async send(): Promise<void> {
    if (this.sending || this.other || !this.dirty) return;
    const save: Save = { source: this.source, revision: this.base, ...(this.keep && { keep: this.keep }) };
    this.sending = true;
    this.tell({ kind: "saving" });
    let answer: Answer | null = null;
    try {
      answer = await this.ports.put(save);
    } catch {
      // no answer at all: offline, or the server is away
    }
    this.sending = false;
    this.hear(save, answer);
  }

  private hear(save: Save, answer: Answer | null): void {
    if (answer?.status === 200) {
      this.saved(save, answer);
      return;
    }
    if (answer?.status === 409) {
      const { source, revision, saved_at } = answer.body;
      this.clash({ source: source ?? "", revision: revision ?? 0, savedAt: saved_at ? new Date(saved_at) : null });
      return;
    }
    this.troubled = true;
    if (answer?.status === 422) {
      this.tell({ kind: "refused", message: answer.body.message ?? "" });
      return;
    }
    if (answer?.status === 401) this.tell({ kind: "signedOut" });
    else this.tell({ kind: "unsaved", since: this.savedAt, offline: !this.ports.online() });
    this.schedule(RETRY_MS);
  }

  private saved(save: Save, answer: Answer): void {
    this.base = answer.body.revision ?? this.base;
    this.savedSource = save.source;
    this.savedAt = answer.body.saved_at ? new Date(answer.body.saved_at) : new Date();
    this.keep = undefined;
    const recovered = this.troubled;
    this.troubled = false;
    if (this.dirty) {
      this.writeCopy();
      this.schedule(WAIT_MS);
    } else {
      this.dropCopy();
    }
    this.tell({ kind: "saved", at: this.savedAt, recovered });
  }

  private clash(other: Stored): void {
    this.other = other;
    this.tell({ kind: "conflict", other });
  }

  private readCopy(): { source: string; revision: number } | null {
    try {
      const copy: unknown = JSON.parse(this.ports.storage?.getItem(this.ports.key) ?? "null");
      if (typeof copy !== "object" || copy === null) return null;
      const { source, revision } = copy as Record<string, unknown>;
      return typeof source === "string" && typeof revision === "number" ? { source, revision } : null;
    } catch {
      return null;
    }
  }

  private writeCopy(): void {
    try {
      this.ports.storage?.setItem(this.ports.key, JSON.stringify({ source: this.source, revision: this.base }));
    } catch {
      // the browser's store is full or closed: the server's copy is the one that counts
    }
  }

  private dropCopy(): void {
    try {
      this.ports.storage?.removeItem(this.ports.key);
    } catch {
      // as above
    }
  }
}
