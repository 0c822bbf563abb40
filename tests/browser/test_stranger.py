"""A stranger goes the whole way: finds the course, reads, answers, submits, and learns from the verdict."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.site import COURSE, EXERCISES

VERDICT = 30_000


def write(person: Visitor, source: str) -> None:
    """Put `source` into the editor as a paste does."""
    person.page.locator(".cm-content").click()
    person.page.keyboard.press("Control+a")
    person.page.keyboard.insert_text(source)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_from_the_front_door_to_a_passed_exercise(visit, phone: bool) -> None:
    stranger = visit(phone=phone)
    page = stranger.page

    stranger.go("/")
    page.get_by_role("link", name="Empezar la unidad 1").first.click()
    stranger.sign_up(f"{uuid4().hex[:12]}@example.org")
    stranger.enrol()

    stranger.go(f"{COURSE}/lessons/1.1.1/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Velocidad de convergencia")
    assert page.locator("math").count() > 10
    figure = page.locator(".figure").first
    expect(figure.locator(".figure__narrow svg" if phone else ".figure__wide svg")).to_be_visible()
    expect(figure.locator(".figure__wide svg" if phone else ".figure__narrow svg")).to_be_hidden()

    runnable = page.locator(".runnable").first
    runnable.get_by_role("button", name="Editar").click()
    runnable.locator("textarea").fill("print(6 * 7)")
    runnable.get_by_role("button", name="Ejecutar").click()
    expect(runnable.locator(".runnable__output")).to_have_text("42", timeout=VERDICT)

    stranger.go(f"{COURSE}/exercises/eta-maximo/")
    write(stranger, (EXERCISES / "eta-maximo" / "wrong" / "potencia.py").read_text())
    page.get_by_role("button", name="Probar").click()
    result = page.locator("#resultado")
    expect(result).to_contain_text("Comprobaciones visibles: 1 de 1", timeout=VERDICT)
    expect(result).to_contain_text("Al entregar se miden 4 grupos más")

    page.get_by_role("button", name="Entregar").click()
    expect(result).to_contain_text("30/100", timeout=VERDICT)
    expect(result).to_contain_text("valor absoluto")
    expect(page).to_have_title("✗ 2/5 · El mayor η estable · Coursesite")

    write(stranger, (EXERCISES / "eta-maximo" / "solution.py").read_text())
    page.get_by_role("button", name="Entregar").click()
    expect(result).to_contain_text("100/100", timeout=VERDICT)
    expect(page).to_have_title("✓ 5/5 · El mayor η estable · Coursesite")

    stranger.go(f"{COURSE}/exercises/eta-maximo/history/")
    assert page.locator("tbody tr").count() == 2
    stranger.go(f"{COURSE}/exercises/eta-maximo/history/diff/?a=1&b=2")
    expect(page.locator("main")).to_contain_text("Lanczos con reortogonalización")
    assert stranger.complaints == []


def test_a_quiz_says_why_a_wrong_answer_is_wrong_and_then_takes_the_right_one(visit) -> None:
    stranger = visit()
    stranger.sign_up(f"{uuid4().hex[:12]}@example.org")
    stranger.enrol()
    page = stranger.go(f"{COURSE}/lessons/1.1.2/")
    question = page.locator(".question").filter(has=page.locator("input[type=radio]")).first
    reasons = []
    for option in range(question.locator("input[type=radio]").count()):
        question.locator("input[type=radio]").nth(option).check()
        question.get_by_role("button", name="Comprobar").click()
        expect(question.locator(".question__reason .chip")).to_be_visible()
        page.wait_for_timeout(300)
        reasons.append(question.locator(".question__reason").inner_text())
    assert sum("Incorrecto" in reason for reason in reasons) == len(reasons) - 1
    assert len(set(reasons)) == len(reasons)
    assert stranger.complaints == []


def test_the_lab_answers_to_the_keyboard_and_keeps_its_state_in_the_address(visit) -> None:
    reader = visit()
    page = reader.go(f"{COURSE}/lessons/1.1.2/")
    lab = page.locator("[data-lab=estabilidad-y-lr]")
    lab.scroll_into_view_if_needed()
    dial = lab.locator("input[type=range]").first
    dial.wait_for()
    before = lab.locator("output").first.inner_text()
    dial.focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    expect(lab.locator("output").first).not_to_have_text(before)
    assert reader.complaints == []
