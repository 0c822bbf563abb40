/** The blocks of a lesson that can be marked or written beside, and their places in the margin. */

const WIDE = ["lab", "figure--page"];

/** Every outermost block with an id, in order; one that is tied to notes already is found in its tie. */
export function blocksOf(prose: HTMLElement): HTMLElement[] {
  return [...prose.children]
    .map((child) => (child.classList.contains("noted") ? child.firstElementChild : child))
    .filter((block): block is HTMLElement => block instanceof HTMLElement && block.id !== "" && block.tagName !== "ASIDE");
}

/** The block that an element stands in; the margin beside a block is not the block. */
export function blockOf(prose: HTMLElement, inside: Element): HTMLElement | null {
  let at: Element | null = inside;
  while (at && at.parentElement !== prose) {
    if (at.parentElement?.classList.contains("noted") && at.parentElement.parentElement === prose) break;
    at = at.parentElement;
  }
  return at instanceof HTMLElement && blocksOf(prose).includes(at) ? at : null;
}

/** The tie around a block, made if there is none; the focus stays where it was. */
function tie(block: HTMLElement): HTMLElement {
  const around = block.parentElement;
  if (around?.classList.contains("noted")) return around;
  const made = document.createElement("div");
  const wide = WIDE.some((name) => block.classList.contains(name));
  made.className = wide ? "noted noted--under" : "noted";
  const focused = document.activeElement instanceof HTMLElement && block.contains(document.activeElement) ? document.activeElement : null;
  block.replaceWith(made);
  made.append(block);
  focused?.focus({ preventScroll: true });
  return made;
}

/** Where the notes beside a block stand. */
export function marginOf(block: HTMLElement): HTMLElement {
  const around = tie(block);
  const found = around.querySelector<HTMLElement>(":scope > .noted__notes");
  if (found) return found;
  const made = document.createElement("div");
  made.className = "noted__notes";
  block.after(made);
  return made;
}

/** While something is written beside a block nothing under it moves: its tie keeps the height that it has. */
export function setWriting(inside: HTMLElement, writing: boolean): void {
  const around = inside.closest<HTMLElement>(".noted");
  if (!around) return;
  around.style.minHeight = writing ? `${around.offsetHeight}px` : "";
  around.classList.toggle("noted--writing", writing);
}

export function isMarked(block: HTMLElement): boolean {
  return block.parentElement?.querySelector(":scope > [data-mark]") != null;
}

/** Put the flag beside a block, or take it away. */
export function setMark(block: HTMLElement, flag: HTMLElement | null): void {
  if (flag) tie(block).append(flag);
  else block.parentElement?.querySelector(":scope > [data-mark]")?.remove();
}

/** How a block begins, in one line. */
export function beginning(block: HTMLElement, length = 80): string {
  const text = (block.textContent ?? "").replace(/\s+/g, " ").trim();
  return text.length <= length ? text : `${text.slice(0, length).trimEnd()}…`;
}
