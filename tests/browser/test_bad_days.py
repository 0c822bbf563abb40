"""No scripts, no connection, no session, two clicks, two tabs: nothing is lost."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.site import COURSE, EXERCISES
from tests.browser.test_stranger import VERDICT, write

PAGE = f"{COURSE}/exercises/eta-maximo/"


@pytest.fixture
def student(visit) -> Visitor:
    person = visit()
    person.sign_up(f"{uuid4().hex[:12]}@example.org")
    person.enrol()
    person.go(PAGE)
    person.page.locator(".cm-content").wait_for()
    return person


def test_without_scripts_the_whole_way_goes_by_forms(visit) -> None:
    person = visit(scripts=False)
    person.sign_up(f"{uuid4().hex[:12]}@example.org")
    person.enrol()
    page = person.go(f"{COURSE}/lessons/1.1.2/")
    question = page.locator(".question").filter(has=page.locator("input[type=radio]")).first
    question.locator("input[type=radio]").first.check()
    question.get_by_role("button", name="Comprobar").click()
    expect(page.locator(".question__reason .chip").first).to_be_visible()

    person.go(PAGE)
    page.locator("textarea[name=source]").fill((EXERCISES / "eta-maximo" / "solution.py").read_text())
    page.get_by_role("button", name="Entregar").click()
    expect(page.locator("main")).to_contain_text(
        "100/100", timeout=VERDICT
    )  # the page reloads itself until then


def test_code_that_does_not_parse_is_shown_with_its_line(student: Visitor) -> None:
    write(student, "def eta_maximo(hvp, n):\n    return 2 /\n")
    student.page.get_by_role("button", name="Entregar").click()
    result = student.page.locator("#resultado")
    expect(result).to_contain_text("línea 2", timeout=VERDICT)
    assert student.complaints == []


def test_a_double_click_hands_in_once(student: Visitor) -> None:
    write(student, (EXERCISES / "eta-maximo" / "wrong" / "la_mitad.py").read_text())
    student.page.get_by_role("button", name="Entregar").dblclick()
    expect(student.page.locator("#resultado")).to_contain_text("/100", timeout=VERDICT)
    student.go(PAGE + "history/")
    assert student.page.locator("tbody tr").count() == 1


def test_a_lost_connection_keeps_the_text_and_sends_it_when_it_is_back(student: Visitor) -> None:
    student.context.set_offline(True)
    write(student, "# escrito sin conexión\n")
    expect(student.page.locator("#alerta")).not_to_be_empty(timeout=20_000)
    student.context.set_offline(False)
    expect(student.page.locator("[data-saved]")).to_contain_text("Guardado", timeout=20_000)
    student.go(PAGE)
    expect(student.page.locator(".cm-content")).to_contain_text("escrito sin conexión")


def test_an_expired_session_keeps_the_text(student: Visitor) -> None:
    email_session = student.context.cookies()
    student.context.clear_cookies(name="sessionid")
    write(student, "# escrito con la sesión caducada\n")
    expect(student.page.locator("#alerta")).to_contain_text("sesión caducó", timeout=20_000)
    student.context.add_cookies(email_session)
    student.go(PAGE)
    expect(student.page.locator(".cm-content")).to_contain_text("sesión caducada")


def test_a_stale_tab_is_told_of_the_other_version_and_overwrites_nothing(student: Visitor) -> None:
    other = Visitor(student.site, student.context)
    other.go(PAGE)
    other.page.locator(".cm-content").wait_for()
    write(student, "# versión de la primera pestaña\n")
    expect(student.page.locator("[data-saved]")).to_contain_text("Guardado", timeout=20_000)
    write(other, "# versión de la segunda pestaña\n")
    expect(other.page.locator("[data-notice]")).to_contain_text("otra versión", timeout=20_000)

    student.go(PAGE)
    expect(student.page.locator(".cm-content")).to_contain_text("primera pestaña")
    expect(student.page.locator("[data-notice]")).to_contain_text("otra versión, sin guardar")
    student.page.get_by_role("button", name="Quedarme con la otra").click()
    expect(student.page.locator(".cm-content")).to_contain_text("segunda pestaña")
    expect(student.page.locator("[data-saved]")).to_contain_text("Guardado")
    student.page.wait_for_timeout(1500)
    student.go(PAGE + "history/")
    expect(student.page.locator(".kept")).to_contain_text("primera pestaña")


def test_the_keyboard_gets_out_of_the_editor(student: Visitor) -> None:
    student.page.locator(".cm-content").click()
    student.page.keyboard.press("Escape")
    student.page.keyboard.press("Tab")
    inside = student.page.evaluate("document.activeElement.closest('.cm-editor') !== null")
    assert not inside
