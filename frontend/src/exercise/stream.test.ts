import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { State } from "./page";
import { follow, LOST_MS, POLL_MS } from "./stream";

class FakeSource extends EventTarget {
  static opened: FakeSource[] = [];
  readyState = 0;
  constructor(readonly url: string) {
    super();
    FakeSource.opened.push(this);
  }
  close(): void {
    this.readyState = 2;
  }
  tell(kind: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data) }));
  }
  fail(readyState: number): void {
    this.readyState = readyState;
    this.dispatchEvent(new Event("error"));
  }
}

const state = (name: State["state"]): State => ({
  id: "1",
  kind: "run",
  state: name,
  ahead: 0,
  started_at: null,
  eta_seconds: null,
  headline: "",
  urls: { self: "/s/", events: "/s/events/", cancel: "/s/cancel/" },
});

function following(ask: () => Promise<State> = () => Promise.reject(new Error("away"))) {
  const heard: string[] = [];
  const stop = follow(
    state("queued"),
    {
      state: (fresh) => heard.push(`state ${fresh.state}`),
      final: (fresh) => heard.push(`final ${fresh.state}`),
      event: (kind) => heard.push(kind),
      contact: (lost) => heard.push(lost ? "lost" : "back"),
    },
    { open: (url) => new FakeSource(url) as unknown as EventSource, ask },
  );
  return { heard, stop };
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSource.opened = [];
});
afterEach(() => void vi.useRealTimers());

test("the stream tells each change and is closed by the verdict", () => {
  const { heard } = following();
  const [source] = FakeSource.opened;
  source!.tell("state", state("running"));
  source!.tell("points", { points: [] });
  source!.tell("verdict", state("graded"));
  source!.tell("points", { points: [] });
  expect(heard).toEqual(["state running", "points", "final graded"]);
  expect(source!.readyState).toBe(2);
});

test("while the stream is lost, the state is asked for every three seconds", async () => {
  const { heard } = following(() => Promise.resolve(state("graded")));
  FakeSource.opened[0]!.fail(0);
  await vi.advanceTimersByTimeAsync(POLL_MS - 1);
  expect(heard).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(heard).toEqual(["final graded"]);
  await vi.advanceTimersByTimeAsync(LOST_MS * 3);
  expect(heard).toEqual(["final graded"]);
});

test("ten seconds of silence are told once, and so is the return", async () => {
  const { heard, stop } = following();
  FakeSource.opened[0]!.fail(0);
  await vi.advanceTimersByTimeAsync(LOST_MS * 3);
  expect(heard).toEqual(["lost"]);
  FakeSource.opened.at(-1)!.tell("state", state("running"));
  expect(heard).toEqual(["lost", "back", "state running"]);
  stop();
});

test("a stream that was refused is opened again", async () => {
  const { stop } = following();
  FakeSource.opened[0]!.fail(2);
  await vi.advanceTimersByTimeAsync(POLL_MS);
  expect(FakeSource.opened).toHaveLength(2);
  stop();
});
