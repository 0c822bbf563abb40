/**
 * The result box. The server makes its HTML; this puts each new version in place piece by piece, so that
 * the curve keeps its canvas while the run goes on and nothing around it moves.
 */

import { spanish } from "../plot/numbers";
import { Announcer } from "./announcer";
import { LiveCurve } from "./curve";
import type { Problem } from "./editor";
import { csrfToken, isFinal, need, type PageData, type Say, type State } from "./page";
import { follow } from "./stream";

const TICK_MS = 200;
const LOG_MOST = 64_000;

export interface Surroundings {
  mark(problem: Problem | null): void;
  goTo(line: number): void;
  /** A hand-in got its result: the history and the best score are out of date. */
  graded(state: State): void;
}

export class Result {
  private stop: (() => void) | null = null;
  private curve: LiveCurve | null = null;
  private current: State | null = null;
  private group = "";
  private ticking: ReturnType<typeof setInterval> | undefined;
  private startedAt = 0;
  private readonly announcer = new Announcer(need("#aviso"));
  private readonly plainTitle: string;

  constructor(
    private readonly pane: HTMLElement,
    private readonly bar: HTMLElement,
    private readonly data: PageData,
    private readonly say: Say,
    private readonly around: Surroundings,
  ) {
    const mark = this.box.dataset["title"] ?? "";
    this.plainTitle = mark ? document.title.slice(mark.length + 3) : document.title;
    pane.addEventListener("click", (event) => this.clicked(event));
    pane.addEventListener("submit", (event) => void this.cancel(event));
    this.markProblem();
    if (data.submission) this.watch(data.submission);
  }

  /** A submission was taken: show it waiting, and follow it to its end. */
  watch(state: State): void {
    this.leave();
    this.current = state;
    this.around.mark(null);
    void this.refresh(state).then(() => this.live(state));
    this.stop = follow(
      state,
      {
        state: (fresh) => this.changed(fresh),
        final: (fresh) => void this.ended(fresh),
        event: (kind, event) => this.event(kind, event),
        contact: (lost) => this.heading(lost ? this.say("reconnecting") : ""),
      },
      { open: (url) => new EventSource(url), ask: askState },
    );
  }

  /** Between the click and the server's answer. */
  sending(): void {
    this.slot("queued", "clock", this.say("sending"));
  }

  /** Nothing was taken: the slot says again what it said before. */
  notSent(): void {
    const { tone = "idle", icon = "circle", slot = "" } = this.box.dataset;
    this.slot(tone, icon, slot);
  }

  private get box(): HTMLElement {
    return need("[data-result]", this.pane);
  }

  private leave(): void {
    this.stop?.();
    this.stop = null;
    clearInterval(this.ticking);
    this.curve?.destroy();
    this.curve = null;
    this.group = "";
    this.startedAt = 0;
  }

  private changed(fresh: State): void {
    const before = this.current;
    this.current = fresh;
    if (before?.state !== fresh.state) void this.refresh(fresh).then(() => this.live(fresh));
    else this.live(fresh);
  }

  /** The parts of a waiting or running box that change by themselves. */
  private live(state: State): void {
    if (this.current?.id !== state.id || isFinal(state)) return;
    const figure = this.pane.querySelector<HTMLElement>("[data-curve]");
    if (figure && !this.curve) this.curve = new LiveCurve(figure, this.data, this.say);
    if (state.state === "queued") {
      const ahead = state.ahead ?? 0;
      if (this.box.dataset["tone"] !== "queued") return;
      const time = waitingTime(state.eta_seconds, this.say);
      this.heading([ahead ? this.say("ahead", { n: ahead }) : this.say("next"), time].filter(Boolean).join(" · "));
      if (ahead) this.announcer.progress(this.say(time ? "queuedSoon" : "queuedSentence", { n: ahead, time }));
      return;
    }
    this.pane.querySelector<HTMLElement>("[data-pause]")?.toggleAttribute("hidden", !figure);
    this.startedAt ||= performance.now() - sinceStart(state);
    clearInterval(this.ticking);
    this.ticking = setInterval(() => this.tick(), TICK_MS);
    this.tick();
  }

  private tick(): void {
    const s = spanish((performance.now() - this.startedAt) / 1000, 2);
    this.heading([this.group, this.say("elapsed", { s })].filter(Boolean).join(" · "));
    const numbers = this.curve?.numbers;
    const line = this.pane.querySelector<HTMLElement>("[data-live-numbers]");
    if (numbers && line) line.textContent = numbers;
  }

  private event(kind: string, event: Record<string, unknown>): void {
    if (kind === "group_started") {
      const place = { n: Number(event["index"]) + 1, total: Number(event["total"]) };
      this.group = this.say("group", place);
      this.curve?.nextGroup();
      this.announcer.progress(this.say("groupSentence", place));
    } else if (kind === "points") {
      this.curve?.add(String(event["label"]), event["points"] as [number, number | null][]);
    } else if (kind === "log") {
      this.log(String(event["text"]));
    }
  }

  private log(text: string): void {
    const log = this.pane.querySelector<HTMLElement>("[data-log]");
    if (!log) return;
    this.pane.querySelector("[data-log-box]")?.removeAttribute("hidden");
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 24;
    log.textContent = ((log.textContent ?? "") + text).slice(-LOG_MOST);
    if (atEnd) log.scrollTop = log.scrollHeight;
  }

  private async ended(state: State): Promise<void> {
    this.current = state;
    this.stop = null;
    clearInterval(this.ticking);
    await this.refresh(state);
    this.announcer.ending(state.headline);
    this.around.graded(state);
  }

  /** Fetches the box's HTML; keeps asking while the server is away. */
  private async refresh(state: State): Promise<void> {
    while (this.current?.id === state.id) {
      try {
        const response = await fetch(`${state.urls.self}panel/`, { headers: { Accept: "text/html" } });
        if (!response.ok) throw new Error(String(response.status));
        const html = await response.text();
        if (this.current?.id === state.id) this.swap(html);
        return;
      } catch {
        this.heading(this.say("panelLost"));
        await new Promise((wait) => setTimeout(wait, 3000));
      }
    }
  }

  private swap(html: string): void {
    const fresh = need("[data-result]", new DOMParser().parseFromString(html, "text/html"));
    const shown = this.box;
    const final = fresh.dataset["final"] === "yes";
    for (const part of [".result__head", ".result__body"]) {
      need(part, shown).replaceWith(document.adoptNode(need(part, fresh)));
    }
    const figure = shown.querySelector<HTMLElement>("[data-curve]");
    const drawn = fresh.querySelector<HTMLElement>("[data-curve]");
    if (final) {
      this.curve?.destroy();
      this.curve = null;
      if (figure && drawn) figure.replaceChildren(...drawn.childNodes);
      else if (drawn) need(".result__head", shown).after(drawn);
    }
    shown.className = fresh.className;
    for (const { name, value } of fresh.attributes) if (name.startsWith("data-")) shown.setAttribute(name, value);
    for (const name of ["data-line", "data-column"]) if (!fresh.hasAttribute(name)) shown.removeAttribute(name);
    const { tone = "", icon = "", slot = "", title = "" } = shown.dataset;
    this.slot(tone, icon, slot);
    document.title = title ? `${title} · ${this.plainTitle}` : this.plainTitle;
    if (final) this.markProblem();
  }

  private markProblem(): void {
    const { line, column } = this.box.dataset;
    this.around.mark(line ? { line: Number(line), column: column ? Number(column) : null } : null);
  }

  private heading(text: string): void {
    const place = this.pane.querySelector("[data-live-heading]");
    if (place) place.textContent = text ? ` · ${text}` : "";
  }

  private slot(tone: string, icon: string, text: string): void {
    const slot = need("[data-status]", this.bar);
    slot.className = `slot slot--${tone}`;
    need("[data-slot-text]", slot).textContent = text;
    const use = slot.querySelector("use");
    use?.setAttribute("href", (use.getAttribute("href") ?? "").replace(/#.*$/, `#${icon}`));
  }

  private clicked(event: Event): void {
    const target = event.target as Element;
    const link = target.closest<HTMLElement>("[data-goto]");
    if (link) {
      event.preventDefault();
      this.around.goTo(Number(link.dataset["goto"]));
    }
    const pause = target.closest("[data-pause]");
    if (pause && this.curve) pause.textContent = this.say(this.curve.togglePause() ? "resume" : "pause");
  }

  private async cancel(event: Event): Promise<void> {
    const form = (event.target as Element).closest<HTMLFormElement>("[data-cancel]");
    if (!form) return;
    event.preventDefault();
    form.querySelector("button")?.setAttribute("aria-disabled", "true");
    const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
    const response = await fetch(form.action, { method: "POST", headers }).catch(() => null);
    if (!response?.ok) form.querySelector("button")?.removeAttribute("aria-disabled");
  }
}

/** Milliseconds that the run has gone on, as far as the two clocks agree. */
function sinceStart(state: State): number {
  const gone = Date.now() - Date.parse(state.started_at ?? "");
  return gone > 0 && gone < 3_600_000 ? gone : 0;
}

/** «≈ 8 s», «≈ 2 min»; nothing where the server cannot tell. */
export function waitingTime(seconds: number | null, say: Say): string {
  if (seconds === null) return "";
  return seconds < 60 ? say("seconds", { n: Math.max(1, Math.round(seconds)) }) : say("minutes", { n: Math.round(seconds / 60) });
}

async function askState(url: string): Promise<State> {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(String(response.status));
  return (await response.json()) as State;
}
