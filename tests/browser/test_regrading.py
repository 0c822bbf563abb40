"""An instructor regrades an exercise: what would change, applying it, and what the student reads then."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.site import EXERCISES
from tests.browser.test_pages import LOOKS, look_at
from tests.browser.test_people import SLUG, student
from tests.browser.test_teaching import hand_in

LIST = f"/teach/{SLUG}/exercises/"
ASK = f"{LIST}eta-maximo/regrade/"


def as_an_older_version_left_it(folder: Path) -> None:
    """What is right now was half right then."""
    with sqlite3.connect(folder / "db.sqlite3", timeout=30) as rows:
        newest = "SELECT id FROM grading_grading ORDER BY id DESC LIMIT 1"
        rows.execute(
            f"UPDATE grading_submission SET score = 40 WHERE id = (SELECT submission_id FROM ({newest}) "
            "JOIN grading_grading USING (id))"
        )
        rows.execute(f"UPDATE grading_grading SET score = 40 WHERE id = ({newest})")
        rows.execute(
            "UPDATE grading_groupresult SET verdict = 'wrong', fraction = 0 WHERE id = "
            f"(SELECT max(id) FROM grading_groupresult WHERE grading_id = ({newest}))"
        )


def pages_of_a_regrade(visit, teacher: Visitor, pupil: Visitor) -> list[str]:
    """Problems of each page in each look, from the list to the student's result; and the walk itself."""
    problems: list[str] = []

    def look(path: str, who: Visitor) -> None:
        for phone, dark in LOOKS:
            eye = visit(phone=phone, dark=dark)
            eye.context.add_cookies(who.context.cookies())
            problems.extend(look_at(eye, path))
            problems.extend(eye.complaints)

    look(LIST, teacher)
    look(ASK, teacher)
    page = teacher.go(ASK)
    page.get_by_label("Con qué se corrige").select_option("current")
    page.get_by_label("Motivo").fill("El último grupo pedía una cifra de más.")
    page.get_by_role("button", name="Recalificar aparte").click()
    address = page.url.removeprefix(teacher.site.url)
    look(address, teacher)
    until = time.monotonic() + 90
    while (onward := page.get_by_role("link", name="Actualizar")).count() and time.monotonic() < until:
        onward.click()
        page.wait_for_timeout(500)
    look(address, teacher)
    mark = page.locator(".regrade__table tbody tr").first
    expect(mark).to_contain_text("→ superado")
    page.get_by_role("button", name="Aplicar 1 cambio").click()
    expect(page.get_by_role("heading", name="Qué cambió")).to_be_visible()
    look(address, teacher)
    look(ASK, teacher)
    review = mark.locator("a[href*='/review/']").get_attribute("href")
    look(review, teacher)
    news = pupil.go("/accounts/notifications/")
    news.get_by_text("recalificada con la versión nueva: 40 → 100").first.click()
    expect(pupil.page.locator(".result__regraded")).to_contain_text("El último grupo pedía una cifra de más.")
    look(pupil.page.url.removeprefix(pupil.site.url), pupil)
    return problems


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_from_an_old_mark_to_the_new_one_on_the_students_page(visit, scripts: bool) -> None:
    pupil = student(visit)
    hand_in(pupil, (EXERCISES / "eta-maximo" / "solution.py").read_text())
    as_an_older_version_left_it(pupil.site.folder)
    teacher = visit()
    teacher.sign_in("instructor")
    if not scripts:
        plain = visit(scripts=False)
        plain.context.add_cookies(teacher.context.cookies())
        teacher = plain
    assert pages_of_a_regrade(visit, teacher, pupil) == []
