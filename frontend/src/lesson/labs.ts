/** Loads a lab's script when its frame comes near; a lab that cannot start keeps its figure and table. */

import { TASK_DONE } from "../labs/kernel/task";

interface LabModule {
  mount(section: HTMLElement): void | Promise<void>;
}

async function start(section: HTMLElement): Promise<void> {
  const script = section.dataset.script;
  if (!script || section.dataset.started) return;
  section.dataset.started = "1";
  try {
    const lab = (await import(script)) as LabModule;
    await lab.mount(section);
  } catch (error) {
    console.error(`lab ${section.dataset.lab ?? ""} did not start`, error);
  }
}

/** `<section class="lab" data-lab="slug" data-script="/static/lab-slug.js" data-settings="{…}">` */
export function mountLabs(lesson: HTMLElement): void {
  const near = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        near.unobserve(entry.target);
        void start(entry.target as HTMLElement);
      }
    },
    { rootMargin: "600px 0px" },
  );
  for (const section of lesson.querySelectorAll<HTMLElement>(".lab[data-script]")) {
    keepTask(section, lesson.dataset);
    near.observe(section);
  }
}

function alarm(text: string): void {
  const region = document.getElementById("alerta");
  if (region) region.textContent = text;
}

/**
 * Tells the server, once, that the lab's task is done, and shows that it was kept:
 * `<p data-lab-state data-url="…"><span data-lab-done hidden>…</span><span data-lab-open>…</span></p>`.
 * The lab repeats itself with every dial that moves, so what was not kept is sent again; also when the connection is back.
 */
export function keepTask(section: HTMLElement, words: { csrf?: string; signedOut?: string }): void {
  const state = section.querySelector<HTMLElement>("[data-lab-state]");
  const url = state?.dataset["url"];
  if (!state || !url) return;
  let [sending, kept] = [false, false];

  const send = async (): Promise<void> => {
    if (sending || kept) return;
    sending = true;
    try {
      const headers = { "X-Requested-With": "fetch", "X-CSRFToken": words.csrf ?? "" };
      const answer = await fetch(url, { method: "POST", headers, redirect: "error" });
      kept = answer.ok;
      if (kept) show(state);
      alarm(kept ? "" : ((answer.status === 401 ? words.signedOut : state.dataset["fault"]) ?? ""));
    } catch {
      alarm(state.dataset["offline"] ?? "");
      window.addEventListener("online", () => void send(), { once: true });
    } finally {
      sending = false;
    }
  };
  section.addEventListener(TASK_DONE, () => void send());
}

function show(state: HTMLElement): void {
  for (const waiting of state.querySelectorAll<HTMLElement>("[data-lab-open]")) waiting.hidden = true;
  for (const done of state.querySelectorAll<HTMLElement>("[data-lab-done]")) done.hidden = false;
}
