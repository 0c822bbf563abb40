// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Stage } from "../labs/kernel/stage";
import { keepTask } from "./labs";

const WORDS = { csrf: "marca", signedOut: "caducó" };
let stage: Stage;

beforeEach(() => {
  document.body.innerHTML = `<div id="alerta"></div><section class="lab" data-lab="valle">
    <p data-lab-state data-url="/labs/valle/" data-offline="sin red" data-fault="fallo nuestro">
      <span data-lab-done hidden>hecha</span><span data-lab-open>por hacer</span></p>
    <div class="lab__stage"></div></section>`;
  const section = document.querySelector<HTMLElement>("section")!;
  keepTask(section, WORDS);
  stage = new Stage(section);
});
afterEach(() => vi.unstubAllGlobals());

const answers = (...statuses: (number | Error)[]) => {
  const fetched = vi.fn(async () => {
    const status = statuses.shift() ?? 204;
    if (status instanceof Error) throw status;
    return new Response(null, { status });
  });
  vi.stubGlobal("fetch", fetched);
  return fetched;
};
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
const shown = (name: string) => !document.querySelector<HTMLElement>(`[data-lab-${name}]`)!.hidden;
const alarm = () => document.getElementById("alerta")!.textContent;

test("a task that is done is told once, with the form's token, and then shown as kept", async () => {
  const fetched = answers();
  stage.progress("Falta la mayor.", false);
  expect(fetched).not.toHaveBeenCalled();
  stage.progress("Tarea hecha.", true);
  stage.progress("Tarea hecha.", true);
  await settled();
  stage.progress("Tarea hecha.", true);
  await settled();
  expect(fetched).toHaveBeenCalledTimes(1);
  const [url, options] = fetched.mock.calls[0] as unknown as [string, RequestInit];
  expect([url, options.method]).toEqual(["/labs/valle/", "POST"]);
  expect(options.headers).toMatchObject({ "X-CSRFToken": "marca" });
  expect([shown("done"), shown("open")]).toEqual([true, false]);
});

test("without a connection nothing is shown as kept, and it is sent again when the connection is back", async () => {
  const fetched = answers(new TypeError("offline"));
  stage.progress("Tarea hecha.", true);
  await settled();
  expect([shown("done"), alarm()]).toEqual([false, "sin red"]);
  window.dispatchEvent(new Event("online"));
  await settled();
  expect(fetched).toHaveBeenCalledTimes(2);
  expect([shown("done"), alarm()]).toEqual([true, ""]);
});

test("whoever was signed out meanwhile is told, and the next dial that moves sends it again", async () => {
  answers(401, 500);
  stage.progress("Tarea hecha.", true);
  await settled();
  expect([shown("done"), alarm()]).toEqual([false, "caducó"]);
  stage.progress("Tarea hecha.", true);
  await settled();
  expect(alarm()).toBe("fallo nuestro");
  stage.progress("Tarea hecha.", true);
  await settled();
  expect([shown("done"), alarm()]).toEqual([true, ""]);
});
