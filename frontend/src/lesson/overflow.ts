/** A box that is cut fades at the cut edge and can be focused, to be scrolled by key; one that fits does neither. */

let equations = 0;

export function mountOverflow(box: HTMLElement, words: { equation?: string }): void {
  const name = box.classList.contains("equation") ? `${words.equation ?? ""} ${++equations}`.trim() : "";
  const look = (): void => {
    const cut = box.scrollWidth > box.clientWidth + 1;
    box.classList.toggle("overflows", cut);
    box.classList.toggle("at-end", box.scrollLeft + box.clientWidth >= box.scrollWidth - 1);
    if (cut) {
      box.tabIndex = 0;
      if (name) {
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", name);
      }
    } else {
      box.removeAttribute("tabindex");
      box.removeAttribute("role");
      box.removeAttribute("aria-label");
    }
  };
  box.addEventListener("scroll", look, { passive: true });
  new ResizeObserver(look).observe(box);
}
