"""Pictures of what is around the exercises: an end quiz, progress, notes, and the pages of who teaches."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from playwright.sync_api import Page

from tests.browser.site import COURSE, ROOT, Site

if TYPE_CHECKING:
    from docs.screenshots.make import Looks

QUIZ = f"{COURSE}/units/1/quiz/"
TEACH = COURSE.replace("/courses/", "/teach/")


def student_pages(looks: Looks) -> None:
    """The end quiz before, during and after a try, progress, and a note."""
    looks.picture("end-quiz", QUIZ)
    if looks.wants("end-quiz"):
        page = looks.first.go(QUIZ)
        page.get_by_role("button", name="Empezar").click()
        page.wait_for_url(f"**{QUIZ}1/")
        looks.picture("end-quiz-try", f"{QUIZ}1/", ".question")
        page = looks.first.go(f"{QUIZ}1/")
        choose_first(page)
        page.get_by_role("button", name="Entregar", exact=True).click()
        page.get_by_role("button", name="Entregar así").click()
        page.wait_for_load_state()
        looks.first.complaints.clear()  # the browser tells of the hand-in that was refused for its gaps: 422
        looks.picture("end-quiz-result", f"{QUIZ}1/", ".question")
    if looks.wants("notes"):
        page = looks.first.go(f"{COURSE}/lessons/1.1.2/notes/")
        page.locator("textarea").first.fill("Con **batch** pequeño el borde no aparece: lo frena el ruido.")
        page.locator("main form button").first.click()
        page.wait_for_load_state()
    looks.picture("notes", f"{COURSE}/notes/")
    looks.picture("progress", f"{COURSE}/progress/")


def choose_first(page: Page) -> None:
    """The first option of each question that has some."""
    for question in page.locator(".question").all():
        options = question.locator("input[type=radio]")
        if options.count():
            options.first.check()


def class_of(site: Site) -> None:
    """Forty students with made-up results."""
    environment = os.environ | {"COURSESITE_VAR_DIR": str(site.folder)}
    command = [str(ROOT / "dev"), "manage", "demo_class", "--students", "40"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def teachers_pages(looks: Looks) -> None:
    """The group, one student of it, and its cohorts."""
    looks.picture("group", f"{TEACH}/", "table.heat")
    if looks.wants("student"):
        page = looks.first.go(f"{TEACH}/")
        path = page.locator("table.heat tbody th a").first.get_attribute("href")
        looks.picture("student", path or "")
    looks.picture("cohorts", f"{TEACH}/cohorts/")
