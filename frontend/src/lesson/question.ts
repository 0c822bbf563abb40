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
        if (!response.ok && response.status !== 422 && response.status !== 409) return alarm(words.fault ?? "");
        alarm("");
        const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
        if (response.status === 409) renew(question, fresh, words);
        else show(question, fresh);
      })
      .catch(() => alarm(words.offline ?? ""))
      .finally(() => {
        busy = false;
      });
  });
}

/** The question has other numbers or words by now: it stands there anew, and says why. */
function renew(question: HTMLElement, page: Document, words: Words): void {
  const fresh = page.querySelector<HTMLElement>(".question");
  if (!fresh) return;
  const why = fresh.querySelector(".question__reason .reason")?.textContent ?? "";
  question.replaceWith(fresh);
  mountQuestion(fresh, words);
  fresh.querySelector<HTMLElement>("input:not([type=hidden]), select")?.focus();
  alarm(why);
}

function show(question: HTMLElement, fresh: Document): void {
  const reason = question.querySelector(".question__reason");
  const told = fresh.querySelector(".question__reason");
  if (reason && told) reason.replaceChildren(...told.childNodes);
  const closed = fresh.querySelector("fieldset")?.disabled ?? false;
  if (closed) close(question, fresh);
  for (const field of question.querySelectorAll<HTMLInputElement>("input[name=value]")) {
    const again = fresh.querySelector<HTMLInputElement>("input[name=value]");
    if (again?.hasAttribute("aria-invalid")) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
}

/** These numbers take no more answers: what leads on to others stands where the button was, and has its focus. */
function close(question: HTMLElement, fresh: Document): void {
  question.querySelector("fieldset")?.setAttribute("disabled", "");
  const actions = question.querySelector(".question__actions");
  const next = fresh.querySelector(".question__actions");
  if (!actions || !next) return;
  const focused = actions.contains(document.activeElement);
  actions.replaceChildren(...next.childNodes);
  if (focused) actions.querySelector<HTMLElement>("a, button")?.focus();
}
