import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DraftKeeper, RETRY_MS, WAIT_MS, type Answer, type Save, type Status } from "./draft";

class Store {
  kept = new Map<string, string>();
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.kept.set(key, value);
  removeItem = (key: string) => void this.kept.delete(key);
  key = (n: number) => [...this.kept.keys()][n] ?? null;
  get length() {
    return this.kept.size;
  }
}

const OK = (revision: number): Answer => ({ status: 200, body: { revision, saved_at: "2026-01-01T11:04:31Z" } });

function keeper(answers: (Answer | Error)[], storage = new Store(), revision = 3) {
  const saves: Save[] = [];
  const told: Status[] = [];
  const kept = new DraftKeeper(
    {
      put: (save) => {
        saves.push(save);
        const next = answers.shift() ?? OK(save.revision + 1);
        return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
      },
      storage,
      prefix: "draft-",
      tab: "this",
      online: () => true,
    },
    { source: "a", revision, savedAt: null },
    (status) => told.push(status),
  );
  return { kept, saves, told, storage };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("a draft", () => {
  test("is saved once the typing rests, on the revision it builds on", async () => {
    const { kept, saves, told } = keeper([]);
    kept.edited("ab");
    await wait(WAIT_MS - 1);
    kept.edited("abc");
    await wait(WAIT_MS - 1);
    expect(saves).toEqual([]);
    await wait(1);
    expect(saves).toEqual([{ source: "abc", revision: 3 }]);
    kept.edited("abcd");
    await wait(WAIT_MS);
    expect(saves[1]).toEqual({ source: "abcd", revision: 4 });
    expect(told.at(-1)).toMatchObject({ kind: "saved", recovered: false });
  });

  test("that fails to save stays in the browser, is tried again, and the return is told", async () => {
    const { kept, saves, told, storage } = keeper([new Error("offline"), { status: 503, body: {} }]);
    kept.edited("ab");
    await wait(WAIT_MS);
    expect(told.at(-1)).toMatchObject({ kind: "unsaved" });
    expect(storage.kept.get("draft-this")).toContain('"ab"');
    await wait(RETRY_MS);
    await wait(RETRY_MS);
    expect(saves).toHaveLength(3);
    expect(told.at(-1)).toMatchObject({ kind: "saved", recovered: true });
    expect(storage.kept.size).toBe(0);
  });

  test("of somebody signed out is kept and saved after signing in", async () => {
    const { kept, told, storage } = keeper([{ status: 401, body: {} }]);
    kept.edited("ab");
    await wait(WAIT_MS);
    expect(told.at(-1)).toEqual({ kind: "signedOut" });
    expect(storage.kept.size).toBe(1);
    await wait(RETRY_MS);
    expect(told.at(-1)).toMatchObject({ kind: "saved" });
  });

  test("in a stale tab sends nothing more until the student has chosen", async () => {
    const conflict: Answer = { status: 409, body: { source: "other", revision: 9, saved_at: null } };
    const { kept, saves, told } = keeper([conflict]);
    kept.edited("mine");
    await wait(WAIT_MS);
    expect(told.at(-1)).toMatchObject({ kind: "conflict", other: { source: "other", revision: 9 } });
    kept.edited("mine too");
    await wait(RETRY_MS * 10);
    expect(saves).toHaveLength(1);
    expect(kept.choose("mine")).toBe("mine too");
    await wait(0);
    expect(saves[1]).toEqual({ source: "mine too", revision: 9, keep: "conflict" });
  });

  test("given up for the other version is put aside on the server, and the copy goes", async () => {
    const { kept, saves, storage } = keeper([{ status: 409, body: { source: "other", revision: 9, saved_at: null } }]);
    kept.edited("mine");
    await wait(WAIT_MS);
    expect(kept.choose("other")).toBe("other");
    await wait(RETRY_MS);
    expect(saves.slice(1)).toEqual([
      { source: "mine", revision: 9 },
      { source: "other", revision: 10, keep: "conflict" },
    ]);
    expect(storage.kept.size).toBe(0);
  });

  test("of another tab that clashes is offered, what is saved is shown, and typing loses neither", async () => {
    const storage = new Store();
    storage.setItem("draft-another", JSON.stringify({ source: "theirs", revision: 1 }));
    const { kept, saves, told } = keeper([], storage);
    expect(kept.recover()).toBe("a");
    expect(told.at(-1)).toMatchObject({ kind: "found", other: { source: "theirs" } });
    kept.edited("ab");
    await wait(WAIT_MS);
    expect(saves).toEqual([{ source: "ab", revision: 3 }]);
    expect([...storage.kept.keys()]).toEqual(["draft-another"]);
    expect(kept.choose("mine")).toBe("ab");
    await wait(1);
    expect(saves.slice(1)).toEqual([
      { source: "theirs", revision: 4 },
      { source: "ab", revision: 5, keep: "conflict" },
    ]);
    expect(storage.kept.size).toBe(0);
  });

  test("of another tab, when chosen, takes the place of what is saved, which is kept", async () => {
    const storage = new Store();
    storage.setItem("draft-another", JSON.stringify({ source: "theirs", revision: 1 }));
    const { kept, saves } = keeper([], storage);
    kept.recover();
    expect(kept.choose("other")).toBe("theirs");
    await wait(0);
    expect(saves).toEqual([{ source: "theirs", revision: 3, keep: "conflict" }]);
    expect(storage.kept.size).toBe(0);
  });

  test("of a tab that is gone comes back in a new one", async () => {
    const storage = new Store();
    storage.setItem("draft-gone", JSON.stringify({ source: "offline", revision: 3 }));
    const { kept, saves } = keeper([], storage);
    expect(kept.recover()).toBe("offline");
    await wait(0);
    expect(saves).toEqual([{ source: "offline", revision: 3 }]);
    expect(storage.kept.size).toBe(0);
  });

  test("is found beside what something else wrote into the store", () => {
    const storage = new Store();
    storage.setItem("draft-broken", "{");
    storage.setItem("draft-this", JSON.stringify({ source: "offline", revision: 3 }));
    expect(keeper([], storage).kept.recover()).toBe("offline");
  });

  test("written offline comes back with the page", async () => {
    const storage = new Store();
    storage.setItem("draft-this", JSON.stringify({ source: "offline", revision: 3 }));
    const { kept, saves } = keeper([], storage);
    expect(kept.recover()).toBe("offline");
    await wait(0);
    expect(saves).toEqual([{ source: "offline", revision: 3 }]);
  });

  test("written offline on an older revision is a conflict, not an overwrite", async () => {
    const storage = new Store();
    storage.setItem("draft-this", JSON.stringify({ source: "offline", revision: 1 }));
    const { kept, saves, told } = keeper([], storage);
    expect(kept.recover()).toBe("offline");
    await wait(RETRY_MS);
    expect(saves).toEqual([]);
    expect(told.at(-1)).toMatchObject({ kind: "conflict", other: { source: "a", revision: 3 } });
  });

  test("put back to the starter asks to keep what it replaces", async () => {
    const { kept, saves } = keeper([]);
    kept.reset("starter");
    await wait(WAIT_MS);
    expect(saves).toEqual([{ source: "starter", revision: 3, keep: "reset" }]);
  });

  test("edited while a save is under way is saved again after it", async () => {
    const { kept, saves } = keeper([]);
    kept.edited("ab");
    const first = kept.flush();
    kept.edited("abc");
    await first;
    await wait(WAIT_MS);
    expect(saves.map((save) => save.revision)).toEqual([3, 4]);
  });
});
