/**
 * Writing by keyboard, by touch, and with a screen reader: one button turns it on, then one block is the present one.
 *
 * Arrows move it, Enter writes beside it, Space marks it, Escape leaves; no key does anything unless the present block has
 * the focus. A bar at the foot of the window has the same as buttons, and a tap chooses a block.
 */

import { beginning, blockOf, blocksOf, isMarked } from "./blocks";
import { button, element, icon } from "./desk";
import type { Margin } from "./margin";

export class Mode {
  private present: HTMLElement | null = null;
  private tabIndexBefore: string | null = null;
  private bar: HTMLElement | null = null;
  private readonly markButton: HTMLButtonElement;

  constructor(
    private readonly toggle: HTMLButtonElement,
    private readonly margin: Margin,
  ) {
    this.markButton = button("", "button button--quiet", () => void this.mark());
    this.markButton.append(icon("bookmark", "icon--mark"), margin.desk.say("markHere"));
    toggle.setAttribute("aria-pressed", "false");
    toggle.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.on) this.leave();
      else this.enter();
    });
    margin.prose.addEventListener("keydown", (event) => this.key(event));
    margin.prose.addEventListener("click", (event) => this.tap(event));
  }

  get on(): boolean {
    return this.bar !== null;
  }

  private enter(): void {
    const { prose, desk } = this.margin;
    const { say } = desk;
    this.toggle.setAttribute("aria-pressed", "true");
    prose.classList.add("prose--noting");
    const quiet = "button button--quiet";
    const previous = button("", quiet, () => this.step(-1));
    previous.append(icon("arrow-up"));
    previous.setAttribute("aria-label", say("previous"));
    const next = button("", quiet, () => this.step(1));
    next.append(icon("arrow-down"));
    next.setAttribute("aria-label", say("next"));
    const write = button("", quiet, () => this.present && this.margin.write(this.present));
    write.append(icon("pencil"), say("writeHere"));
    const leave = button(say("leave"), quiet, () => this.leave());
    this.bar = element("div", "noting", previous, next, write, this.markButton, leave, element("p", "noting__keys", say("keys")));
    this.bar.setAttribute("role", "group");
    this.bar.setAttribute("aria-label", say("bar"));
    prose.before(this.bar);
    this.margin.home = () => this.present;
    const blocks = blocksOf(prose);
    const seen = blocks.find((block) => block.getBoundingClientRect().bottom > 80) ?? blocks[0];
    if (seen) this.choose(seen, true);
  }

  leave(): void {
    this.choose(null);
    this.bar?.remove();
    this.bar = null;
    this.margin.home = null;
    this.margin.prose.classList.remove("prose--noting");
    this.toggle.setAttribute("aria-pressed", "false");
    this.toggle.focus({ preventScroll: true });
  }

  /** Make a block the present one; its place in the order of tabs is given back to the one before. */
  private choose(block: HTMLElement | null, focus = false): void {
    if (this.present && this.present !== block) {
      delete this.present.dataset.here;
      if (this.tabIndexBefore === null) this.present.removeAttribute("tabindex");
      else this.present.setAttribute("tabindex", this.tabIndexBefore);
    }
    if (block && this.present !== block) {
      this.tabIndexBefore = block.getAttribute("tabindex");
      block.dataset.here = "";
      block.tabIndex = 0;
    }
    this.present = block;
    if (!block) return;
    this.markButton.setAttribute("aria-pressed", String(isMarked(block)));
    if (focus) block.focus();
  }

  /** One block on or back, from the bar: the focus stays on its button, the block comes into sight and is said. */
  private step(by: number): void {
    const blocks = blocksOf(this.margin.prose);
    const at = this.present ? blocks.indexOf(this.present) : -1;
    const to = Math.min(Math.max(at + by, 0), blocks.length - 1);
    const block = blocks[to];
    if (!block) return;
    this.choose(block);
    block.scrollIntoView({ block: "nearest" });
    this.margin.desk.announce(this.margin.desk.say("place", { n: to + 1, total: blocks.length, text: beginning(block) }));
  }

  private async mark(): Promise<void> {
    const block = this.present;
    if (!block) return;
    const on = await this.margin.toggleMark(block);
    if (this.present === block) this.markButton.setAttribute("aria-pressed", String(on));
  }

  private key(event: KeyboardEvent): void {
    const block = this.present;
    if (!block || event.target !== block || event.ctrlKey || event.metaKey || event.altKey) return;
    const blocks = blocksOf(this.margin.prose);
    const at = blocks.indexOf(block);
    const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: blocks.length - 1 };
    const to = moves[event.key];
    if (to !== undefined) {
      const other = blocks[to];
      if (other) this.choose(other, true);
    } else if (event.key === "Enter") this.margin.write(block);
    else if (event.key === " ") void this.mark();
    else if (event.key === "Escape") this.leave();
    else return;
    event.preventDefault();
  }

  private tap(event: MouseEvent): void {
    const target = event.target as Element;
    if (!this.on || target.closest("a, button, input, select, textarea, summary, label, .noted__notes")) return;
    const block = blockOf(this.margin.prose, target);
    if (block) this.choose(block);
  }
}
