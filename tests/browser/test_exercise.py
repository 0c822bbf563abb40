"""The exercise page at work, the labs, and what a teacher sees: clean by axe, quiet, and nothing jumps."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from docs.screenshots.attempts import ENDINGS, SLOW
from tests.browser.conftest import Visitor
from tests.browser.site import COURSE
from tests.browser.test_stranger import VERDICT, write

PAGE = f"{COURSE}/exercises/eta-maximo/"
LAB = "[data-lab=estabilidad-y-lr]"
SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifted += shift.value;
}).observe({type: 'layout-shift'});
"""


@pytest.fixture(params=[False, True], ids=["desktop", "phone"])
def student(visit, request: pytest.FixtureRequest) -> Visitor:
    person = visit(phone=request.param, dark=request.param)
    person.sign_up(f"{uuid4().hex[:12]}@example.org")
    person.enrol()
    return person


def open_exercise(student: Visitor) -> None:
    student.go(PAGE)
    student.page.locator(".cm-content").wait_for()


@pytest.mark.parametrize("ending", ["failed", "diverged", "exception", "passed"])
def test_a_verdict_moves_nothing_and_axe_finds_nothing(student: Visitor, ending: str) -> None:
    open_exercise(student)
    page = student.page
    write(student, ENDINGS[ending])
    page.get_by_role("button", name="Entregar").click()
    page.wait_for_timeout(600)
    page.evaluate(SHIFTS)
    expect(page.locator("[data-result]")).to_have_attribute("data-final", "yes", timeout=VERDICT)
    expect(page.locator("#resultado")).to_contain_text("/100", timeout=VERDICT)
    page.wait_for_timeout(500)
    assert page.evaluate("window.shifted") < 0.001
    assert student.axe() == []
    assert not student.scrolls_sideways()
    assert student.complaints == []


def test_a_run_is_stopped_by_its_student(student: Visitor) -> None:
    open_exercise(student)
    page = student.page
    write(student, SLOW)
    page.get_by_role("button", name="Probar").click()
    page.get_by_role("button", name="Detener").click(timeout=VERDICT)
    expect(page.locator(".result__heading")).to_contain_text("Paraste la prueba", timeout=VERDICT)
    assert student.axe() == []
    assert student.complaints == []


def test_the_history_and_a_comparison_are_clean(student: Visitor) -> None:
    open_exercise(student)
    for n, ending in enumerate(("failed", "passed"), start=1):
        write(student, ENDINGS[ending])
        student.page.get_by_role("button", name="Entregar").click()
        expect(student.page.locator("[data-attempts]")).to_contain_text(f"({n})", timeout=VERDICT)
        expect(student.page.locator("[data-result]")).to_have_attribute("data-final", "yes", timeout=VERDICT)
    for path in (f"{PAGE}history/", f"{PAGE}history/diff/?a=1&b=2"):
        student.go(path)
        assert student.axe() == []
        assert not student.scrolls_sideways()
    assert student.complaints == []


def test_a_teacher_reads_a_students_submission_with_its_code(visit) -> None:
    student = visit()
    student.sign_up(f"{uuid4().hex[:12]}@example.org")
    student.enrol()
    open_exercise(student)
    write(student, ENDINGS["failed"])
    with student.page.expect_response(lambda answer: answer.url.endswith("/submissions/")) as sent:
        student.page.get_by_role("button", name="Entregar").click()
    address = sent.value.json()["urls"]["self"]
    expect(student.page.locator("#resultado")).to_contain_text("30/100", timeout=VERDICT)

    teacher = visit()
    teacher.sign_in("instructor")
    page = teacher.go(address)
    expect(page.locator("main")).to_contain_text("30/100")
    expect(page.locator(".submission__code")).to_contain_text("def eta_maximo")
    assert teacher.axe() == []
    assert teacher.complaints == []


def test_the_page_of_a_submission_comes_up_to_date_by_itself(student: Visitor) -> None:
    open_exercise(student)
    page = student.page
    write(student, SLOW)
    with page.expect_response(lambda answer: answer.url.endswith("/submissions/")) as sent:
        page.get_by_role("button", name="Entregar").click()
    student.go(sent.value.json()["urls"]["self"])
    expect(page.locator("[data-waits-for]")).to_contain_text("se pone al día sola")
    assert student.axe() == []
    expect(page.locator("main")).to_contain_text("/100", timeout=2 * VERDICT)
    expect(page.locator("[data-waits-for]")).to_have_count(0)
    assert student.complaints == []


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_labs_are_clean_and_the_network_finds_its_edge(visit, phone: bool) -> None:
    reader = visit(phone=phone, dark=phone)
    page = reader.go(f"{COURSE}/lessons/1.1.2/?estabilidad-y-lr.eta=0.2")
    lab = page.locator(LAB)
    lab.scroll_into_view_if_needed()
    lab.locator("input[type=range]").first.wait_for()
    page.wait_for_timeout(500)
    assert reader.axe() == []
    lab.get_by_label("Una red pequeña").check()
    expect(lab.locator("output")).to_contain_text("sube hasta ahí y se queda", timeout=VERDICT)
    assert lab.locator(".view:visible").count() == 2
    assert reader.axe() == []
    assert not reader.scrolls_sideways()

    reader.go(f"{COURSE}/lessons/1.2.2/")
    lab = page.locator("[data-lab=varianza-por-capas]")
    lab.scroll_into_view_if_needed()
    lab.locator("input[type=range]").first.wait_for()
    page.wait_for_timeout(800)
    assert reader.axe() == []
    assert reader.complaints == []
