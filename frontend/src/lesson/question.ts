/** A question answered in place: the server marks it and sends the same HTML that a page would hold. */
import { mountPlaces } from "./places";

/** What to say when an answer could not be kept; the page hands these over, translated. */
interface Words {
  offline?: string;
  signedOut?: string;
  fault?: string;
}

function alarm(text: string): void {
  const region = document.getElementById("alerta");
  if (region) region.textContent = text;
}

async function send(form: HTMLFormElement): Promise<Response> {
  return fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { "X-Requested-With": "fetch" },
    redirect: "error",
  });
}

/**
 * `<section class="question"><form>…<div class="question__reason" role="status">`. The reason's element stays and only
 * its content changes, so that readers hear it; focus stays on the button. A response that cannot be kept leaves the
 * choice as it was.
 */
export function mountQuestion(question: HTMLElement, words: Words): void {
  const form = question.querySelector("form");
  const places = question.querySelector<HTMLElement>("[data-places]");
  if (!form || form.querySelector("fieldset")?.disabled) return;
  if (places) mountPlaces(places);
  let busy = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    send(form)
      .then(async (response) => {
        if (response.status === 401) return alarm(words.signedOut ?? "");
        if (!response.ok && response.status !== 422) return alarm(words.fault ?? "");
        alarm("");
        show(question, await response.text());
      })
      .catch(() => alarm(words.offline ?? ""))
      .finally(() => {
        busy = false;
      });
  });
}

function show(question: HTMLElement, html: string): void {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const reason = question.querySelector(".question__reason");
  const told = fresh.querySelector(".question__reason");
  if (reason && told) reason.replaceChildren(...told.childNodes);
  for (const field of question.querySelectorAll<HTMLInputElement>("input[name=value]")) {
    const again = fresh.querySelector<HTMLInputElement>("input[name=value]");
    if (again?.hasAttribute("aria-invalid")) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
}
