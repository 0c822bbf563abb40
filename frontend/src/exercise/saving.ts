/** What the page shows of the draft's saving: the time in the editor's bar, and a notice when something is wrong. */

import { DraftKeeper, type Answer, type Save, type Status } from "./draft";
import type { Editor } from "./editor";
import { clock, csrfToken, need, tabName, type PageData, type Say } from "./page";

async function putDraft(url: string, save: Save, leaving = false): Promise<Answer> {
  const response = await fetch(url, {
    method: "PUT",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
    body: JSON.stringify(save),
    keepalive: leaving,
  });
  const body = (await response.json().catch(() => ({}))) as Answer["body"];
  return { status: response.status, body };
}

export class Saving {
  readonly keeper: DraftKeeper;
  editor: Editor | null = null;
  private readonly time: HTMLElement;
  private readonly notice: HTMLElement;
  private readonly alert = need("#alerta");
  private leaving = false;

  constructor(
    root: HTMLElement,
    source: string,
    private readonly data: PageData,
    private readonly say: Say,
  ) {
    this.time = need("[data-saved]", root);
    this.notice = need("[data-notice]", root);
    this.keeper = new DraftKeeper(
      {
        put: (save) => putDraft(data.urls.draft, save, this.leaving),
        storage: localStorage,
        prefix: `draft-${data.person}-${data.exercise}-`,
        tab: tabName(),
        online: () => navigator.onLine,
      },
      { source, revision: data.revision, savedAt: data.savedAt ? new Date(data.savedAt) : null },
      (status) => this.show(status),
    );
    addEventListener("pagehide", () => {
      this.leaving = true;
      void this.keeper.flush();
    });
    addEventListener("pageshow", () => (this.leaving = false));
    addEventListener("online", () => this.online());
    addEventListener("focus", () => void this.keeper.flush());
    addEventListener("offline", () => this.alarm(say("offline")));
  }

  /** «Código inicial restablecido. Deshacer» */
  offerUndo(): void {
    this.offer(this.say("reset"), [[this.say("undo"), () => (this.editor?.undo(), this.clear())]]);
  }

  /** One sentence over the editor, until the next hand-in. */
  tell(sentence: string): void {
    this.offer(sentence, []);
  }

  private show(status: Status): void {
    switch (status.kind) {
      case "rest":
        this.time.textContent = status.at ? this.say("saved", { time: clock(status.at) }) : "";
        return;
      case "saving":
        return;
      case "saved":
        this.time.textContent = this.say("saved", { time: clock(status.at) });
        if (status.recovered) {
          this.clear();
          need("#aviso").textContent = this.say("back");
        }
        this.warn("");
        return;
      case "unsaved": {
        const since = status.since ? this.say("unsaved", { time: clock(status.since) }) : this.say("unsavedNow");
        this.time.textContent = since;
        this.alarm(status.offline ? this.say("offline") : since);
        return;
      }
      case "signedOut":
        this.time.textContent = this.say("unsavedNow");
        this.askToSignIn();
        return;
      case "refused":
        this.offer(status.message, []);
        return;
      case "conflict":
        this.time.textContent = this.say("unsavedNow");
        this.chooseFrom(this.say("conflict", { time: status.other.savedAt ? clock(status.other.savedAt) : "?" }), status.other.source);
        return;
      case "found":
        this.chooseFrom(this.say("found"), status.other.source);
    }
  }

  askToSignIn(): void {
    this.warn(this.say("signedOut"));
    this.offer(this.say("signedOut"), [[this.say("signIn"), () => void open(this.data.urls.signIn, "_blank", "noopener")]]);
  }

  /** Two versions: compare them, keep the one in the editor, or the other. */
  private chooseFrom(sentence: string, other: string): void {
    let comparing = false;
    const settle = (side: "mine" | "other") => {
      void this.editor?.compare(null);
      const text = this.keeper.choose(side);
      this.editor?.replace(text);
      this.offer(this.say("kept"), []);
    };
    const actions: [string, (button: HTMLButtonElement) => void][] = [
      [
        this.say("compare"),
        (button) => {
          comparing = !comparing;
          void this.editor?.compare(comparing ? other : null);
          button.textContent = this.say(comparing ? "stopComparing" : "compare");
        },
      ],
      [this.say("keepMine"), () => settle("mine")],
      [this.say("keepOther"), () => settle("other")],
    ];
    need("#aviso").textContent = sentence;
    this.offer(sentence, actions);
  }

  private offer(sentence: string, actions: [string, (button: HTMLButtonElement) => void][]): void {
    const text = document.createElement("span");
    text.textContent = sentence;
    const buttons = actions.map(([label, act]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button--link";
      button.textContent = label;
      button.addEventListener("click", () => act(button));
      return button;
    });
    this.notice.replaceChildren(text, ...buttons);
    this.notice.hidden = false;
  }

  clear(): void {
    this.notice.hidden = true;
    this.notice.replaceChildren();
  }

  private online(): void {
    if (this.keeper.dirty) {
      void this.keeper.flush();
      return;
    }
    this.clear();
    this.warn("");
  }

  /** Seen over the editor, heard as an alert. */
  private alarm(sentence: string): void {
    this.offer(sentence, []);
    this.warn(sentence);
  }

  /** The alert region is for offline, not saved and signed out, once each. */
  private warn(sentence: string): void {
    if (this.alert.textContent !== sentence) this.alert.textContent = sentence;
  }
}
