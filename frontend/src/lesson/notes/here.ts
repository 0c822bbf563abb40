/** Two quiet buttons beside the block under the pointer. They are for the mouse: keys and fingers have the mode. */

import { blockOf, isMarked } from "./blocks";
import { button, element, icon } from "./desk";
import type { Margin } from "./margin";

export function mountHere(margin: Margin): void {
  const { prose, desk } = margin;
  const body = prose.parentElement;
  if (!body || !matchMedia("(hover: hover)").matches) return;
  let block: HTMLElement | null = null;

  const mark = button("", "", () => {
    const marking = block;
    if (marking) void margin.toggleMark(marking).then(() => marking === block && label());
  });
  mark.append(icon("bookmark", "icon--mark"));
  const write = button("", "", () => block && margin.write(block));
  write.append(icon("pencil"));
  write.setAttribute("aria-label", desk.say("write"));
  write.title = desk.say("write");
  for (const one of [mark, write]) one.tabIndex = -1;
  const box = element("div", "here", mark, write);
  box.hidden = true;
  body.append(box);

  const label = (): void => {
    const marked = block !== null && isMarked(block);
    mark.setAttribute("aria-pressed", String(marked));
    mark.title = desk.say(marked ? "unmark" : "mark");
    mark.setAttribute("aria-label", mark.title);
  };
  prose.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const over = blockOf(prose, event.target as Element);
    if (!over || over === block) return;
    block = over;
    box.style.top = `${over.getBoundingClientRect().top - body.getBoundingClientRect().top}px`;
    box.hidden = false;
    label();
  });
  body.addEventListener("pointerleave", () => {
    box.hidden = true;
    block = null;
  });
}
