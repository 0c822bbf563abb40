import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ALIVE_MS, Copies } from "./copies";

class Shelf {
  readonly kept = new Map<string, string>();
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.kept.set(key, value);
  removeItem = (key: string) => void this.kept.delete(key);
  key = (n: number) => [...this.kept.keys()][n] ?? null;
  get length() {
    return this.kept.size;
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what this tab left is found again, of this person and lesson alone", () => {
  const shelf = new Shelf();
  const mine = new Copies(shelf, "note-1-5-", "tab");
  mine.write("uno", null, "par-1", 0);
  mine.write("dos", 7, "par-2", 3);
  new Copies(shelf, "note-2-5-", "tab").write("de otra persona", null, "par-1", 0);
  const { left } = mine.take();
  expect(left.map(({ id, anchor, text, revision }) => [id, anchor, text, revision])).toEqual([
    [null, "par-1", "uno", 0],
    [7, "par-2", "dos", 3],
  ]);
  expect([...shelf.kept.keys()]).toEqual(["note-2-5-tab-new-par-1"]);
});

test("what another tab is writing is left to it, until that tab is gone", () => {
  const shelf = new Shelf();
  new Copies(shelf, "n-", "other").write("suyo", 7, "par-1", 3);
  const mine = new Copies(shelf, "n-", "tab");
  expect(mine.take()).toEqual({ left: [], waiting: true });
  vi.advanceTimersByTime(ALIVE_MS);
  expect(mine.take().left).toMatchObject([{ text: "suyo" }]);
});

test("a broken entry and a closed store hinder nothing", () => {
  const shelf = new Shelf();
  shelf.setItem("n-tab-7", "{");
  const mine = new Copies(shelf, "n-", "tab");
  expect(mine.take().left).toEqual([]);
  expect(shelf.kept.size).toBe(0);
  const closed = new Copies(null, "n-", "tab");
  closed.write("x", 1, "", 1);
  expect(closed.take().left).toEqual([]);
});
