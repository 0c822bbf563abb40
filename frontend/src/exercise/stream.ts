/**
 * Follows one submission until it is final: by its event stream, and by asking every 3 s while the
 * stream is lost. The browser's EventSource resumes by itself after the last event it saw; one that
 * was refused is opened again.
 */

import { isFinal, type State } from "./page";

export interface Handlers {
  state(state: State): void;
  final(state: State): void;
  event(kind: "group_started" | "points" | "log" | "group", data: Record<string, unknown>): void;
  /** Nothing was heard for ten seconds, or something was again. */
  contact(lost: boolean): void;
}

export interface Ports {
  open(url: string): EventSource;
  ask(url: string): Promise<State>;
}

export const POLL_MS = 3000;
export const LOST_MS = 10_000;
const LIVE_KINDS = ["group_started", "points", "log", "group"] as const;

/** Starts following; the returned function stops. */
export function follow(state: State, handlers: Handlers, ports: Ports): () => void {
  let source: EventSource | null = null;
  let poll: ReturnType<typeof setInterval> | undefined;
  let lost: ReturnType<typeof setTimeout> | undefined;
  let silent = false;
  let over = false;

  const stop = () => {
    over = true;
    source?.close();
    clearInterval(poll);
    clearTimeout(lost);
  };
  const heard = () => {
    clearTimeout(lost);
    lost = undefined;
    if (silent) handlers.contact(false);
    silent = false;
  };
  const news = (fresh: State) => {
    if (over) return;
    heard();
    if (isFinal(fresh)) {
      stop();
      handlers.final(fresh);
    } else {
      handlers.state(fresh);
    }
  };
  const troubled = () => {
    lost ??= setTimeout(() => {
      silent = true;
      handlers.contact(true);
    }, LOST_MS);
    poll ??= setInterval(() => {
      if (source?.readyState === 2) connect();
      ports.ask(state.urls.self).then(news, troubled);
    }, POLL_MS);
  };
  const connect = () => {
    source?.close();
    source = ports.open(state.urls.events);
    source.addEventListener("open", () => {
      clearInterval(poll);
      poll = undefined;
      heard();
    });
    for (const kind of ["state", "verdict"]) {
      source.addEventListener(kind, (event) => news(JSON.parse((event as MessageEvent<string>).data) as State));
    }
    for (const kind of LIVE_KINDS) {
      source.addEventListener(kind, (event) => {
        if (over) return;
        heard();
        handlers.event(kind, JSON.parse((event as MessageEvent<string>).data) as Record<string, unknown>);
      });
    }
    source.addEventListener("error", troubled);
  };
  connect();
  return stop;
}
