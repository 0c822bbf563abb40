import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { NoteKeeper, RETRY_MS, WAIT_MS, type Answer, type Status, type Stored } from "./keeper";

const KEPT = (id: number, revision: number, text = ""): Answer => ({
  status: revision === 1 ? 201 : 200,
  body: { id, revision, text, saved_at: "2026-01-01T11:04:31Z", html: `<aside>${text}</aside>` },
});
const NEW: Stored = { id: null, text: "", revision: 0, savedAt: null };
const OLD: Stored = { id: 7, text: "a", revision: 3, savedAt: null };
const CLASH: Answer = { status: 409, body: { code: "conflict", id: 7, text: "other", revision: 9 } };

function keeper(stored: Stored, answers: (Answer | Error)[] = []) {
  const asked: string[] = [];
  const told: Status[] = [];
  const copies = new Map<string, string>();
  const answer = (fallback: Answer): Promise<Answer> => {
    const next = answers.shift() ?? fallback;
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  };
  const kept = new NoteKeeper(
    {
      create: (text) => {
        asked.push(`new ${text}`);
        return answer(KEPT(7, 1, text));
      },
      save: (id, text, revision) => {
        asked.push(`${id}@${revision} ${text}`);
        return answer(KEPT(id, revision + 1, text));
      },
      copy: (text, id) => void (text === null ? copies.delete(String(id)) : copies.set(String(id), text)),
      online: () => true,
    },
    stored,
    (status) => told.push(status),
  );
  return { kept, asked, told, copies };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("a note", () => {
  test("is made once the typing rests, then saved on the revision it builds on", async () => {
    const { kept, asked, told, copies } = keeper(NEW);
    kept.edited("u");
    await wait(WAIT_MS - 1);
    kept.edited("uno");
    await wait(WAIT_MS);
    expect(asked).toEqual(["new uno"]);
    kept.edited("uno dos");
    await wait(WAIT_MS);
    expect(asked[1]).toBe("7@1 uno dos");
    expect(told.at(-1)).toMatchObject({ kind: "saved", recovered: false, again: false });
    expect(copies.size).toBe(0);
  });

  test("whose first answer is lost is sent again word for word, and the rest after it", async () => {
    const { kept, asked, told } = keeper(NEW, [new Error("lost")]);
    kept.edited("uno");
    await wait(WAIT_MS);
    kept.edited("uno dos");
    await wait(RETRY_MS + WAIT_MS);
    expect(asked).toEqual(["new uno", "new uno", "7@1 uno dos"]);
    expect(told.filter(({ kind }) => kind === "saved")[0]).toMatchObject({ recovered: true });
  });

  test("stays in the browser while it cannot be saved", async () => {
    const { kept, copies, told } = keeper(OLD, [new Error("offline"), { status: 503, body: {} }]);
    kept.edited("ab");
    await wait(WAIT_MS);
    expect(told.at(-1)).toMatchObject({ kind: "unsaved" });
    await wait(RETRY_MS);
    expect(copies.get("7")).toBe("ab");
    await wait(RETRY_MS);
    expect(copies.size).toBe(0);
  });

  test("of somebody signed out waits and is saved after signing in", async () => {
    const { kept, told } = keeper(OLD, [{ status: 401, body: {} }]);
    kept.edited("ab");
    await wait(WAIT_MS);
    expect(told.at(-1)).toEqual({ kind: "signedOut" });
    await wait(RETRY_MS);
    expect(told.at(-1)).toMatchObject({ kind: "saved", recovered: true });
  });

  test("that is empty is not sent", async () => {
    const { kept, asked, told } = keeper(OLD);
    kept.edited("  \n");
    await wait(WAIT_MS);
    expect(asked).toEqual([]);
    expect(told.at(-1)).toEqual({ kind: "empty" });
  });

  test("with only a blank at its end more is not saved again", async () => {
    const { kept, asked } = keeper(OLD);
    kept.edited("a \n");
    await wait(WAIT_MS);
    expect(asked).toEqual([]);
  });

  test("that another tab deleted is made anew with what is typed", async () => {
    const { kept, asked, told } = keeper(OLD, [{ status: 404, body: {} }]);
    kept.edited("ab");
    await wait(WAIT_MS + 1);
    expect(asked).toEqual(["7@3 ab", "new ab"]);
    expect(told.at(-1)).toMatchObject({ kind: "saved", again: true });
  });

  test("that is refused says why and is not sent again until it changes", async () => {
    const { kept, asked, told } = keeper(OLD, [{ status: 422, body: { message: "larga" } }]);
    kept.edited("ab");
    await wait(WAIT_MS + RETRY_MS * 3);
    expect(told.at(-1)).toEqual({ kind: "refused", message: "larga" });
    expect(asked).toHaveLength(1);
  });

  test("that was stopped sends nothing more", async () => {
    const { kept, asked, copies } = keeper(OLD);
    kept.edited("ab");
    kept.stop();
    await wait(WAIT_MS);
    expect(asked).toEqual([]);
    expect(copies.size).toBe(0);
  });
});

describe("of two versions", () => {
  async function clashing(answers: Answer[] = []) {
    const all = keeper(OLD, [CLASH, ...answers]);
    all.kept.edited("mine");
    await wait(WAIT_MS);
    return all;
  }

  test("nothing is sent until one is chosen, and mine is still here", async () => {
    const { kept, asked, told, copies } = await clashing();
    expect(told.at(-1)).toMatchObject({ kind: "conflict", other: { text: "other", revision: 9 } });
    kept.edited("mine too");
    await wait(RETRY_MS * 5);
    expect(asked).toHaveLength(1);
    expect(copies.get("7")).toBe("mine too");
  });

  test("mine goes over the other when chosen", async () => {
    const { kept, asked } = await clashing();
    expect(kept.choose("mine")).toBe("mine");
    await wait(0);
    expect(asked[1]).toBe("7@9 mine");
  });

  test("the other takes the place of mine when chosen", async () => {
    const { kept, asked, copies } = await clashing();
    expect(kept.choose("other")).toBe("other");
    await wait(WAIT_MS);
    expect(asked).toHaveLength(1);
    expect([kept.revision, copies.size]).toEqual([9, 0]);
  });

  test("both are kept: mine as a note of its own", async () => {
    const { kept, asked, told } = await clashing([KEPT(8, 1, "mine")]);
    kept.choose("both");
    await wait(0);
    expect(asked[1]).toBe("new mine");
    expect(told.at(-1)).toEqual({ kind: "split", html: "<aside>mine</aside>" });
    expect([kept.id, kept.current, kept.dirty]).toEqual([7, "other", false]);
  });

  test("both are kept though the first try fails", async () => {
    const { kept, asked } = await clashing([{ status: 503, body: {} }]);
    kept.choose("both");
    await wait(RETRY_MS);
    expect(asked.slice(1)).toEqual(["new mine", "new mine"]);
    expect(kept.current).toBe("other");
  });

  test("a copy on an older revision clashes when the page opens", async () => {
    const { kept, asked, told } = keeper(OLD);
    kept.resume("offline", 1);
    await wait(RETRY_MS);
    expect(asked).toEqual([]);
    expect(told.at(-1)).toMatchObject({ kind: "conflict", other: { text: "a" } });
  });

  test("a copy on the present revision is saved when the page opens", async () => {
    const { kept, asked } = keeper(OLD);
    kept.resume("offline", 3);
    await wait(0);
    expect(asked).toEqual(["7@3 offline"]);
  });
});
