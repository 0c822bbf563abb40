/** What a lesson gains from scripts: answers without a reload, labs, overflow hints, the section being read. */
import { mountOverflow } from "./lesson/overflow";
import { mountQuestion } from "./lesson/question";
import { mountContents } from "./lesson/contents";
import { mountLabs } from "./lesson/labs";
import { mountRunnable } from "./lesson/runnable";

const lesson = document.querySelector<HTMLElement>("[data-lesson]");
if (lesson) {
  for (const question of lesson.querySelectorAll<HTMLElement>(".question")) mountQuestion(question, lesson.dataset);
  for (const box of lesson.querySelectorAll<HTMLElement>(".equation, .table-box, pre")) mountOverflow(box, lesson.dataset);
  for (const block of lesson.querySelectorAll<HTMLElement>(".runnable")) mountRunnable(block, lesson.dataset);
  mountLabs(lesson);
  mountContents(lesson);
}
