/** The page of an exercise: editor, draft, hand-in, live result. The page works without it, by plain forms. */

import { Editor } from "./exercise/editor";
import { mountDivider, mountKeys, Tabs } from "./exercise/layout";
import { csrfToken, need, speaker, type PageData, type State } from "./exercise/page";
import { Result } from "./exercise/result";
import { Saving } from "./exercise/saving";
import { Sender } from "./exercise/send";

function mount(root: HTMLElement): void {
  const data = JSON.parse(need("#exercise-data").textContent ?? "{}") as PageData;
  const say = speaker(data.words);
  const area = need<HTMLTextAreaElement>("[data-source]", root);
  const form = need<HTMLFormElement>("[data-form]", root);
  const host = need("[data-editor]", root);
  const tabs = new Tabs(root);
  const saving = new Saving(root, area.value, data, say);
  const sender = new Sender((fields) =>
    fetch(data.urls.submit, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
      body: fields,
    }),
  );

  const editor: Editor = new Editor({
    host,
    source: area.value,
    label: say("editor"),
    nonce: data.nonce,
    changed: (source) => {
      area.value = source;
      saving.keeper.edited(source);
    },
    run: () => void send("run"),
    submit: () => void send("submit"),
    tabMode: (leaves) => (need("[data-tab-help]", root).textContent = say(leaves ? "tabOff" : "tabOn")),
  });
  area.hidden = true;
  host.hidden = false;
  saving.editor = editor;
  editor.replace(saving.keeper.recover());

  const result = new Result(need("[data-result-pane]", root), need("[data-bar]", root), data, say, {
    mark: (problem) => editor.mark(problem),
    goTo: (line) => {
      tabs.goTo("codigo");
      editor.goTo(line);
    },
    graded: (state) => void refreshHistory(root, data, state),
  });
  if (data.submission) tabs.show("resultado");

  async function send(kind: "run" | "submit"): Promise<void> {
    result.sending();
    tabs.show("resultado");
    void saving.keeper.flush();
    const sent = await sender.send(editor.source, kind);
    if (sent === null) return;
    if (sent.kind === "taken") {
      saving.clear();
      result.watch(sent.state);
      return;
    }
    result.notSent();
    if (sent.kind === "signedOut") saving.askToSignIn();
    else saving.tell(sent.kind === "refused" ? sent.message : say("lost"));
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = (event as SubmitEvent).submitter as HTMLButtonElement | null;
    void send(button?.value === "submit" ? "submit" : "run");
  });
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void send(event.shiftKey ? "submit" : "run");
  });
  need("[data-reset]", root).addEventListener("click", (event) => {
    event.preventDefault();
    if (editor.source === data.starter) return;
    saving.keeper.reset(data.starter);
    editor.replace(data.starter);
    saving.offerUndo();
  });
  need("[data-status]", root).addEventListener("click", (event) => {
    event.preventDefault();
    tabs.goTo("resultado");
  });
  mountDivider(root);
  mountKeys(root, (text) => editor.type(text));
  requestAnimationFrame(() => tabs.settle());
}

/** After a result, the table of attempts and the best score are taken from a fresh page. */
async function refreshHistory(root: HTMLElement, data: PageData, state: State): Promise<void> {
  if (state.kind !== "submit") return;
  const response = await fetch(location.pathname, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!response?.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of ["[data-history-pane]", "[data-attempts]", "[data-best]"]) {
    const [shown, found] = [root.querySelector(part), fresh.querySelector(part)];
    if (shown && found) shown.replaceChildren(...found.childNodes);
  }
  const renewed = JSON.parse(fresh.querySelector("#exercise-data")?.textContent ?? "{}") as Partial<PageData>;
  if (renewed.best) data.best = renewed.best;
}

const root = document.querySelector<HTMLElement>("[data-exercise]");
if (root) mount(root);
