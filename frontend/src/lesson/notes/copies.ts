/**
 * What was typed and has not reached the server, in this browser, by person and lesson: one entry a note and tab.
 *
 * A copy that another tab wrote a moment ago is that tab's to save: only older ones are taken over.
 */

export interface Copy {
  key: string;
  id: number | null;
  anchor: string;
  text: string;
  revision: number;
}

export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

export const ALIVE_MS = 10_000;

export class Copies {
  constructor(
    private readonly shelf: Shelf | null,
    private readonly prefix: string,
    private readonly tab: string,
  ) {}

  write(text: string | null, id: number | null, anchor: string, revision: number): void {
    const key = `${this.prefix}${this.tab}-${id ?? `new-${anchor}`}`;
    try {
      if (text === null) this.shelf?.removeItem(key);
      else this.shelf?.setItem(key, JSON.stringify({ id, anchor, text, revision, at: Date.now() }));
    } catch {
      // the browser's store is full or closed: the server's copy is the one that counts
    }
  }

  /** What is left of this tab and of tabs that are gone, taken off the shelf; `waiting`: another tab may still save some. */
  take(): { left: Copy[]; waiting: boolean } {
    const left: Copy[] = [];
    let waiting = false;
    try {
      const keys = Array.from({ length: this.shelf?.length ?? 0 }, (_, i) => this.shelf?.key(i) ?? "");
      for (const key of keys.filter((name) => name.startsWith(this.prefix))) {
        const { copy, at } = read(key, this.shelf?.getItem(key) ?? "");
        const own = key.startsWith(`${this.prefix}${this.tab}-`);
        if (copy && !own && Date.now() - at < ALIVE_MS) {
          waiting = true;
          continue;
        }
        if (copy) left.push(copy);
        this.shelf?.removeItem(key);
      }
    } catch {
      // the browser's store is closed: there is nothing to recover
    }
    return { left, waiting };
  }
}

function read(key: string, stored: string): { copy: Copy | null; at: number } {
  try {
    const { id, anchor, text, revision, at } = JSON.parse(stored) as Record<string, unknown>;
    const whole = (id === null || typeof id === "number") && typeof anchor === "string" && typeof text === "string";
    if (!whole || typeof revision !== "number" || typeof at !== "number") return { copy: null, at: 0 };
    return { copy: { key, id, anchor, text, revision }, at };
  } catch {
    return { copy: null, at: 0 };
  }
}
