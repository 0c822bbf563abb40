"""The walks of the people: a student reviews what she missed, her teacher sees it, her program hands in."""

from __future__ import annotations

import json
import re
import time
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.site import COURSE, EXERCISES
from tests.browser.test_pages import LOOKS, NAMES, look_at

SLUG = COURSE.rpartition("/")[2]


def student(visit, **look: bool) -> Visitor:
    """Somebody new, enrolled."""
    person = visit(**look)
    person.sign_up(f"{uuid4().hex[:12]}@example.org")
    person.enrol()
    return person


def answer_wrongly(person: Visitor) -> None:
    """The first question with one choice, until it is wrong."""
    person.go(f"{COURSE}/lessons/1.1.1/")
    question = person.page.locator(".question").filter(has=person.page.locator("input[type=radio]")).first
    for n in range(4):
        question.locator("input[type=radio]").nth(n).check()
        with person.page.expect_response(lambda response: response.request.method == "POST"):
            question.get_by_role("button", name="Comprobar").click()
        expect(question.locator(".question__reason .chip")).to_be_visible()
        if "Incorrecto" in question.locator(".question__reason").inner_text():
            return
        person.page.wait_for_timeout(300)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_what_a_student_missed_comes_back_until_it_goes_well(visit, scripts: bool) -> None:
    person = student(visit)
    answer_wrongly(person)
    if not scripts:
        other = visit(scripts=False)
        other.context.add_cookies(person.context.cookies())
        person = other
    page = person.page

    person.go(f"{COURSE}/progress/")
    expect(page.get_by_text("toca repasar")).to_be_visible()
    page.get_by_role("link", name=re.compile("Repasar 1")).click()
    for _try in range(5):
        expect(page.get_by_role("button", name="Comprobar")).to_be_visible()
        seen = page.locator(".question input[type=radio]")
        seen.nth(_try % seen.count()).check()
        page.get_by_role("button", name="Comprobar").click()
        page.locator(".question__reason .chip").wait_for()
        if "Correcto" in page.locator(".question__reason .chip").inner_text():
            break
        page.get_by_role("link", name="Siguiente").click()
    page.get_by_role("link", name="Terminar").click()
    expect(page.get_by_text("Nada que repasar hoy")).to_be_visible()
    assert person.complaints == []


def test_a_teacher_finds_the_student_and_the_numbers(visit) -> None:
    answer_wrongly(student(visit))
    carla = visit()
    carla.sign_in("instructor")
    page = carla.page
    carla.go(f"{COURSE}/")
    page.get_by_role("link", name="Ver el grupo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Grupo")
    page.locator("table.heat tbody th a").first.click()
    expect(page.get_by_role("heading", name="Entregas y pruebas")).to_be_visible()
    carla.go(f"/teach/{SLUG}/?unit=1")
    expect(page.locator(".heat__head", has_text="1.1.1")).to_be_visible()
    with page.expect_download() as file:
        page.get_by_role("link", name="XLSX").click()
    assert file.value.suggested_filename.endswith(".xlsx")
    assert carla.complaints == []


def test_a_program_hands_in_with_a_token_made_on_the_page(visit, site) -> None:
    person = student(visit)
    page = person.go("/accounts/tokens/")
    page.get_by_label("Para qué es").fill("recorrido")
    page.get_by_role("button", name="Crear la clave").click()
    secret = page.get_by_label("Clave nueva").input_value()

    def ask(path: str, body: dict[str, str] | None = None) -> dict[str, object]:
        request = Request(
            f"{site.url}/api/v1/{path}",
            data=json.dumps(body).encode() if body else None,
            headers={"Authorization": f"Bearer {secret}", "Content-Type": "application/json"},
        )
        with urlopen(request, timeout=30) as answer:
            return json.load(answer)

    source = (EXERCISES / "eta-maximo" / "solution.py").read_text()
    state = ask(f"courses/{SLUG}/exercises/eta-maximo/submissions/", {"source": source, "kind": "submit"})
    until = time.monotonic() + 60
    while state["state"] not in {"graded", "system_error"} and time.monotonic() < until:
        time.sleep(0.3)
        state = ask(f"submissions/{state['id']}/")
    assert (state["state"], state["score"]) == ("graded", 100)
    assert {group["verdict"] for group in state["groups"]} == {"passed"}


@pytest.mark.parametrize(("phone", "dark"), LOOKS, ids=NAMES)
def test_the_pages_of_students_and_teachers(visit, phone: bool, dark: bool) -> None:
    ana = student(visit, phone=phone, dark=dark)
    answer_wrongly(ana)
    pages = [f"{COURSE}/progress/", f"{COURSE}/review/", "/accounts/tokens/", "/api/v1/docs/"]
    problems = [line for path in pages for line in look_at(ana, path)]

    carla = visit(phone=phone, dark=dark)
    carla.sign_in("instructor")
    carla.go(f"/teach/{SLUG}/")
    first = carla.page.locator("table.heat tbody th > a").first.get_attribute("href")
    pages = [f"/teach/{SLUG}/", f"/teach/{SLUG}/?unit=1", first]
    problems += [line for path in pages for line in look_at(carla, path)]
    assert problems == []
    assert ana.complaints + carla.complaints == []
