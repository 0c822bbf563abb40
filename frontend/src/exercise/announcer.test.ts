// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Announcer, PAUSE_MS } from "./announcer";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("progress is said at most once in ten seconds, and only the newest", () => {
  const region = document.createElement("div");
  const announcer = new Announcer(region);
  announcer.progress("uno");
  vi.advanceTimersByTime(1000);
  expect(region.textContent).toBe("uno");
  announcer.progress("dos");
  announcer.progress("tres");
  vi.advanceTimersByTime(PAUSE_MS - 1000);
  expect(region.textContent).toBe("uno");
  vi.advanceTimersByTime(1000);
  expect(region.textContent).toBe("tres");
});

test("an ending is said at once and silences what waited", () => {
  const region = document.createElement("div");
  const announcer = new Announcer(region);
  announcer.progress("en cola");
  announcer.ending("superado");
  expect(region.textContent).toBe("superado");
  vi.advanceTimersByTime(PAUSE_MS * 2);
  expect(region.textContent).toBe("superado");
});
