"""A teacher's walk: who is stuck and on what, the attempt, a word at its line, and the next one."""

from __future__ import annotations

import time
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.site import COURSE, EXERCISES
from tests.browser.test_pages import LOOKS, NAMES, look_at
from tests.browser.test_people import SLUG, student

GROUP = f"/teach/{SLUG}/"
WRONG = EXERCISES / "eta-maximo" / "wrong"


def hand_in(person: Visitor, source: str) -> None:
    """Hand in at an exercise and wait for the result."""
    person.go(f"{COURSE}/exercises/eta-maximo/")
    token = next(one["value"] for one in person.context.cookies() if one["name"] == "csrftoken")
    headers = {"X-CSRFToken": token, "Accept": "application/json", "Referer": person.site.url}
    form = {"source": source, "kind": "submit", "form_token": str(uuid4())}
    asked = person.context.request
    door = f"{person.site.url}{COURSE}/exercises/eta-maximo/submissions/"
    state = asked.post(door, form=form, headers=headers).json()
    until = time.monotonic() + 60
    while state["state"] not in {"graded", "system_error"} and time.monotonic() < until:
        time.sleep(0.2)
        state = asked.get(f"{person.site.url}{state['urls']['self']}", headers=headers).json()
    assert state["state"] == "graded"


def get_stuck(person: Visitor) -> None:
    """Fail one group three times, and change a line in the last try."""
    source = (WRONG / "sin_signo.py").read_text()
    for tried in (source, source, f"# otra vez\n{source}"):
        hand_in(person, tried)


@pytest.fixture
def carla(visit) -> Visitor:
    """The teacher, of a course in which two are stuck."""
    teacher = visit()
    teacher.sign_in("instructor")
    page = teacher.go(f"{GROUP}?only=stuck")
    for _student in range(2 - page.locator("table.heat tbody th").count()):
        get_stuck(student(visit))
    return teacher


def test_from_who_is_stuck_to_the_line_and_on_to_the_next(carla: Visitor) -> None:
    page = carla.go(GROUP)
    page.locator(".stuck__idea").first.click()
    rows = page.locator("table.heat tbody tr")
    assert rows.count() >= 2
    rows.first.locator(".heat__wide .chip--failed").click()
    expect(page.locator(".review__queue")).to_contain_text("1 de")
    page.get_by_role("link", name="Cambios desde la entrega").click()
    expect(page.locator(".diff--split .diff__added").first).to_be_visible()
    page.get_by_role("link", name="Código", exact=True).click()
    page.get_by_role("link", name="Comentar la línea 1", exact=True).click()
    page.get_by_label("Comentario a la línea 1").fill("¿Qué signo tiene `lambda`?")
    page.get_by_role("button", name="Enviar y siguiente").click()
    expect(page.locator(".review__queue")).to_contain_text("2 de")
    page.locator(".review__queue a[rel=prev]").click()
    expect(page.locator("#linea-1 .comment")).to_contain_text("¿Qué signo tiene lambda?")
    page.get_by_role("link", name="Volver al grupo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Grupo")
    assert carla.complaints == []


def test_the_same_walk_without_scripts_and_a_student_found_by_name(carla: Visitor, visit) -> None:
    plain = visit(scripts=False)
    plain.context.add_cookies(carla.context.cookies())
    page = plain.go(GROUP)
    address = page.locator("table.heat tbody tr").first.locator("th > a").inner_text()
    page.get_by_label("Estudiante").fill(address)
    page.get_by_role("button", name="Ver", exact=True).click()
    assert page.locator("table.heat tbody tr").count() == 1
    page.locator("table.heat tbody th > a").click()
    page.locator("table tbody th a[href*='/review/']").first.click()
    page.get_by_role("link", name="Comentar la línea 2", exact=True).click()
    page.get_by_label("Comentario a la línea 2").fill("Aquí.")
    page.get_by_role("button", name="Enviar", exact=True).click()
    expect(page.locator("#linea-2 .comment")).to_contain_text("Aquí.")


@pytest.mark.parametrize(("phone", "dark"), LOOKS, ids=NAMES)
def test_the_pages_of_a_teacher(carla: Visitor, visit, phone: bool, dark: bool) -> None:
    look = visit(phone=phone, dark=dark)
    look.context.add_cookies(carla.context.cookies())
    page = look.go(f"{GROUP}?only=stuck")
    chip = page.locator("table.heat tbody tr").first.locator(".chip--failed:visible")
    review = chip.get_attribute("href")
    pupil = page.locator("table.heat tbody th > a").first.get_attribute("href")
    pages = [
        GROUP,
        f"{GROUP}?unit=1",
        f"{GROUP}?only=silent",
        pupil,
        review,
        f"{review}&changes=1",
        f"{review}&line=2",
    ]
    assert [line for path in pages for line in look_at(look, path)] == []
    assert look.complaints == []
