/** What every page has: theme button, menus, password fields, the welcome page's race. Pages work without it. */

import { lessMotion } from "./page/motion";

const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

function after(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
}

/** `<form data-theme-form><button name="theme" data-system="…" data-light="…" data-dark="…">`: paint at once, then tell the server. */
function mountTheme(form: HTMLFormElement): void {
  const button = form.querySelector<HTMLButtonElement>("button[name=theme]");
  if (!button) return;
  let told: Promise<unknown> = Promise.resolve(); // one after the other: the last press must be the last cookie
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = button.value as Theme;
    const body = new FormData(form);
    body.set("theme", chosen);
    document.documentElement.dataset.theme = chosen;
    button.setAttribute("aria-label", button.dataset[chosen] ?? "");
    button.value = after(chosen);
    const tell = () => fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true });
    told = told.then(tell).catch(() => undefined);
  });
}

/** `<details data-menu>` closes on Escape, with the focus back on its button, and on a press elsewhere. */
function mountMenu(menu: HTMLDetailsElement): void {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target as Node)) menu.open = false;
  });
}

/** `<button data-reveal="id" data-hide="Ocultar" hidden>Mostrar</button>` shows what is typed in a password field. */
function mountReveal(button: HTMLButtonElement): void {
  const field = document.getElementById(button.dataset.reveal ?? "");
  if (!(field instanceof HTMLInputElement)) return;
  const show = button.textContent ?? "";
  button.hidden = false;
  button.addEventListener("click", () => {
    const revealed = field.type === "password";
    field.type = revealed ? "text" : "password";
    button.setAttribute("aria-pressed", String(revealed));
    button.textContent = revealed ? (button.dataset.hide ?? show) : show;
  });
}

/** `<figure data-race>` runs when its button is pressed. */
function mountRace(figure: HTMLElement): void {
  const play = figure.querySelector<HTMLButtonElement>("[data-play]");
  if (!play || lessMotion()) return;
  play.hidden = false;
  play.addEventListener("click", () => {
    figure.classList.remove("race--running");
    void figure.getBoundingClientRect();
    figure.classList.add("race--running");
  });
}

for (const form of document.querySelectorAll<HTMLFormElement>("[data-theme-form]")) mountTheme(form);
for (const menu of document.querySelectorAll<HTMLDetailsElement>("details[data-menu]")) mountMenu(menu);
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-reveal]")) mountReveal(button);
for (const figure of document.querySelectorAll<HTMLElement>("[data-race]")) mountRace(figure);
for (const box of document.querySelectorAll<HTMLElement>("[data-form-error]")) if (box.childElementCount) box.focus();
