/** Sets the `$formulas$` of notes; what sets them is fetched when a note has one, and one that is wrong stays as typed. */

export function setFormulas(within: ParentNode): void {
  const found = [...within.querySelectorAll<HTMLElement>(".note__text code.tex")];
  if (!found.length) return;
  void import("temml").then(({ default: temml }) => {
    for (const code of found) {
      const span = document.createElement("span");
      try {
        temml.render(code.textContent ?? "", span, { throwOnError: true, maxExpand: 200, trust: false });
        code.replaceWith(span);
      } catch {
        code.classList.remove("tex");
      }
    }
  });
}
