/** Items to put in order: two arrows an item instead of a number to choose; the hidden numbers are still what is sent. */

function arrow(word: string, icon: string, sprite: string): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.setAttribute("aria-label", word);
  button.innerHTML = `<svg class="icon" aria-hidden="true"><use href="${sprite}#${icon}"></use></svg>`;
  return button;
}

/**
 * `<ol data-places data-up="Subir" data-down="Bajar"><li class="place"><select>…<span class="place__moves">`. With
 * `untouched` the order shown is no answer until something was moved.
 */
export function mountPlaces(list: HTMLElement, { untouched = false } = {}): void {
  const sprite = document.querySelector(".icon use")?.getAttribute("href")?.split("#")[0] ?? "";
  const items = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>(".place")];
  const renumber = (): void => {
    items().forEach((item, index) => {
      const select = item.querySelector("select");
      if (select) select.value = String(index + 1);
    });
  };
  const move = (item: HTMLElement, by: -1 | 1, button: HTMLElement): void => {
    const other = items()[items().indexOf(item) + by];
    if (!other) return;
    if (by < 0) other.before(item);
    else other.after(item);
    renumber();
    button.focus();
  };
  for (const item of items()) {
    const select = item.querySelector("select");
    if (select) select.hidden = true;
    const up = arrow(list.dataset.up ?? "", "arrow-up", sprite);
    const down = arrow(list.dataset.down ?? "", "arrow-down", sprite);
    up.addEventListener("click", () => move(item, -1, up));
    down.addEventListener("click", () => move(item, 1, down));
    item.querySelector(".place__moves")?.append(up, down);
  }
  if (!untouched) renumber();
}
