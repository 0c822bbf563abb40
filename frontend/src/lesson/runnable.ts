/** A lesson's code, run behind the wall from its page, as it stands or as the reader changed it. */

/** Addresses and sentences; the page hands these over, translated. */
interface Words {
  codeUrl?: string;
  csrf?: string;
  run?: string;
  running?: string;
  edit?: string;
  restore?: string;
  code?: string;
  printed?: string;
  silent?: string;
  codeFault?: string;
  signedOut?: string;
  offline?: string;
}

interface Outcome {
  output?: string;
  message?: string;
}

function button(text: string, look: string): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = look;
  made.textContent = text;
  return made;
}

/** Starts a run and waits for its end. Throws a text for the reader. */
async function run(source: string, runtime: string, words: Words): Promise<Outcome> {
  const body = new URLSearchParams({ source, runtime });
  const headers = { "X-CSRFToken": words.csrf ?? "", Accept: "application/json" };
  const started = await fetch(words.codeUrl ?? "", { method: "POST", body, headers });
  const told = (await started.json().catch(() => ({}))) as { outcome?: string; message?: string };
  if (!started.ok || !told.outcome) throw new Error(told.message ?? words.codeFault);
  for (let asked = 0; asked < 4; asked += 1) {
    const answer = await fetch(told.outcome, { headers: { Accept: "application/json" } });
    if (answer.status === 202) continue;
    const outcome = (await answer.json().catch(() => ({}))) as Outcome;
    if (!answer.ok) throw new Error(outcome.message ?? words.codeFault);
    return outcome;
  }
  throw new Error(words.codeFault);
}

/**
 * `<div class="runnable" data-runnable data-runtime="numpy"><pre class="code">…</pre><pre class="runnable__output">`.
 * The printed output of the lesson stays until a run replaces it; the reader's version lives in this page alone.
 */
export function mountRunnable(block: HTMLElement, words: Words): void {
  const code = block.querySelector<HTMLElement>("pre.code");
  if (!code || !words.codeUrl) return;
  const original = (code.textContent ?? "").replace(/\n$/, "");
  const runtime = block.dataset.runtime ?? "numpy";

  const editor = document.createElement("textarea");
  editor.className = "runnable__editor";
  editor.spellcheck = false;
  editor.setAttribute("aria-label", words.code ?? "");
  editor.hidden = true;
  code.after(editor);

  const bar = document.createElement("div");
  bar.className = "runnable__bar";
  const start = button(words.run ?? "", "button");
  const edit = button(words.edit ?? "", "button button--quiet");
  const state = document.createElement("span");
  state.className = "runnable__state";
  state.setAttribute("role", "status");
  bar.append(start, edit, state);
  editor.after(bar);

  const output = block.querySelector<HTMLElement>(".runnable__output") ?? document.createElement("pre");
  if (!output.isConnected) {
    output.className = "runnable__output";
    output.hidden = true;
    bar.after(output);
  }
  output.tabIndex = 0;
  output.setAttribute("role", "region");
  output.setAttribute("aria-label", words.printed ?? "");

  edit.addEventListener("click", () => {
    const opening = editor.hidden;
    editor.hidden = !opening;
    code.hidden = opening;
    edit.textContent = (opening ? words.restore : words.edit) ?? "";
    if (!opening) return;
    editor.value = original;
    editor.rows = original.split("\n").length + 1;
    editor.focus();
  });

  start.addEventListener("click", () => {
    if (start.getAttribute("aria-disabled") === "true") return;
    start.setAttribute("aria-disabled", "true");
    state.textContent = words.running ?? "";
    run(editor.hidden ? original : editor.value, runtime, words)
      .then((outcome) => {
        state.textContent = outcome.message ?? "";
        output.hidden = false;
        output.textContent = outcome.output || (outcome.message ? "" : (words.silent ?? ""));
        output.hidden = output.textContent === "";
      })
      .catch((error: unknown) => {
        state.textContent = error instanceof TypeError ? (words.offline ?? "") : (error as Error).message;
      })
      .finally(() => start.removeAttribute("aria-disabled"));
  });
}
