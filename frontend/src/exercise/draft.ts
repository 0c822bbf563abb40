/**
 * Keeps what the student types: a copy in this browser at each edit, a revision on the server a moment
 * after the last one.
 *
 * A save names the revision that it builds on. When another tab or device saved meanwhile, the server
 * answers with its version and nothing is sent any more until the student has chosen. Each tab has a
 * copy of its own. A tab that finds another's copy, which never reached the server and is not built on
 * what is saved now, shows what is saved and offers the copy. Whichever is chosen, the other goes to the
 * history on the server.
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
  | { kind: "conflict"; other: Stored }
  | { kind: "found"; other: Stored };

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
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length"> | null;
  /** What the copies of this draft have in common; the tab's own name follows. */
  prefix: string;
  tab: string;
  online(): boolean;
}

interface Copy {
  key: string;
  source: string;
  revision: number;
}

export const WAIT_MS = 800;
export const RETRY_MS = 3000;

export class DraftKeeper {
  private source: string;
  private base: number;
  private savedSource: string;
  private savedAt: Date | null;
  private keep: Save["keep"];
  /** What the student may choose instead; `waits` while nothing is sent until then. */
  private offer: { other: Stored; waits: boolean; copy: string | null } | null = null;
  /** A version that is sent before the present one takes its place, so that the history has it. */
  private detour: string | null = null;
  /** The copy of another tab whose text is chosen or left: it goes once the server has it. */
  private leftover: string | null = null;
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

  /** Looks for copies that never reached the server. Returns the text that the editor should hold. */
  recover(): string {
    const copies = this.copies();
    const own = copies.find(({ key }) => key === this.key);
    const found = own ?? copies[0];
    if (!found) {
      this.tell({ kind: "rest", at: this.savedAt });
      return this.source;
    }
    const saved = { source: this.savedSource, revision: this.base, savedAt: this.savedAt };
    if (found.revision === this.base) {
      this.source = found.source;
      this.adopt(found);
      this.schedule(0);
    } else if (own) {
      this.source = own.source;
      this.clash(saved);
    } else {
      const other = { source: found.source, revision: found.revision, savedAt: null };
      this.offer = { other, waits: false, copy: found.key };
      this.tell({ kind: "rest", at: this.savedAt });
      this.tell({ kind: "found", other });
    }
    return this.source;
  }

  edited(source: string): void {
    this.source = source;
    this.write(this.key, source);
    if (!this.offer?.waits) this.schedule(WAIT_MS);
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

  /** Take one of the two versions; returns the text that the editor should hold. */
  choose(side: "mine" | "other"): string {
    if (!this.offer) return this.source;
    const { other, waits, copy } = this.offer;
    this.offer = null;
    if (waits) {
      this.base = other.revision;
      this.savedSource = other.source;
      this.savedAt = other.savedAt;
    }
    const left = side === "mine" ? other.source : this.source;
    if (side === "other") this.source = other.source;
    this.leftover = copy;
    if (left === this.savedSource) {
      this.keep = "conflict";
    } else {
      this.detour = left;
      this.leftover ??= `${this.key}-left`;
      this.write(this.leftover, left);
    }
    this.write(this.key, this.source);
    this.schedule(0);
    return this.source;
  }

  private schedule(wait: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.send(), wait);
  }

  private async send(): Promise<void> {
    if (this.sending || this.offer?.waits || !(this.dirty || this.detour !== null)) return;
    const save: Save = { source: this.detour ?? this.source, revision: this.base, ...(this.keep && { keep: this.keep }) };
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
    if (save.source === this.detour) {
      this.detour = null;
      this.keep = "conflict";
      this.drop(this.leftover);
      this.leftover = null;
    }
    const recovered = this.troubled;
    this.troubled = false;
    if (this.dirty || this.detour !== null) {
      this.write(this.key, this.source);
      this.schedule(this.keep || this.detour !== null ? 0 : WAIT_MS);
    } else {
      this.keep = undefined;
      this.drop(this.key);
      this.drop(this.leftover);
      this.leftover = null;
    }
    this.tell({ kind: "saved", at: this.savedAt, recovered });
  }

  private clash(other: Stored): void {
    this.offer = { other, waits: true, copy: null };
    this.detour = null;
    this.tell({ kind: "conflict", other });
  }

  private get key(): string {
    return `${this.ports.prefix}${this.ports.tab}`;
  }

  /** The copies in this browser whose text is not what is saved; those that are go. */
  private copies(): Copy[] {
    const { storage, prefix } = this.ports;
    const found: Copy[] = [];
    try {
      const keys = Array.from({ length: storage?.length ?? 0 }, (_, i) => storage?.key(i) ?? "");
      for (const key of keys.filter((name) => name.startsWith(prefix))) {
        const copy = read(key, storage?.getItem(key) ?? "");
        if (copy && copy.source !== this.savedSource) found.push(copy);
        else this.drop(key);
      }
    } catch {
      // the browser's store is closed: there is nothing to recover
    }
    return found;
  }

  /** The copy becomes this tab's own. */
  private adopt(copy: Copy): void {
    if (copy.key === this.key) return;
    this.write(this.key, copy.source);
    this.drop(copy.key);
  }

  private write(key: string, source: string): void {
    try {
      this.ports.storage?.setItem(key, JSON.stringify({ source, revision: this.base }));
    } catch {
      // the browser's store is full or closed: the server's copy is the one that counts
    }
  }

  private drop(key: string | null): void {
    try {
      if (key !== null) this.ports.storage?.removeItem(key);
    } catch {
      // as above
    }
  }
}

function read(key: string, stored: string): Copy | null {
  try {
    const { source, revision } = JSON.parse(stored) as Record<string, unknown>;
    return typeof source === "string" && typeof revision === "number" ? { key, source, revision } : null;
  } catch {
    return null;
  }
}
