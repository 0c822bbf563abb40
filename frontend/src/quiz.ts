/** What the page of an end quiz gains from scripts: arrows to order with, overflow hints, a question before leaving. */
import { mountOverflow } from "./lesson/overflow";
import { mountPlaces } from "./lesson/places";

const quiz = document.querySelector<HTMLElement>("[data-quiz]");
if (quiz) {
  for (const list of quiz.querySelectorAll<HTMLElement>("fieldset:not([disabled]) [data-places]")) mountPlaces(list, { untouched: true });
  for (const box of quiz.querySelectorAll<HTMLElement>(".equation, .table-box, pre")) mountOverflow(box, quiz.dataset);
  if (quiz instanceof HTMLFormElement) askBeforeLeaving(quiz);
}

/** Answers are kept when they are handed in, not before: whoever leaves with some of them is asked. */
function askBeforeLeaving(form: HTMLFormElement): void {
  let answered = document.getElementById("faltan") !== null;
  form.addEventListener("input", () => (answered = true));
  form.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest(".place__moves")) answered = true;
  });
  form.addEventListener("submit", () => (answered = false));
  window.addEventListener("beforeunload", (event) => {
    if (answered) event.preventDefault();
  });
}
