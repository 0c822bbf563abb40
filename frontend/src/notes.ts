/** The margin of a lesson, for who may write in it; without it the lesson's page of notes does the same. */
import { Desk, type MarginData } from "./lesson/notes/desk";
import { mountHere } from "./lesson/notes/here";
import { Margin } from "./lesson/notes/margin";
import { Mode } from "./lesson/notes/mode";

const data = document.getElementById("notes-data");
const prose = document.querySelector<HTMLElement>("[data-lesson]");
const toggle = document.querySelector<HTMLButtonElement>("[data-margin-bar] button");
if (data && prose && toggle) {
  const margin = new Margin(prose, new Desk(JSON.parse(data.textContent ?? "") as MarginData));
  new Mode(toggle, margin);
  mountHere(margin);
}
