"""The end quiz of a unit, and a question with other numbers, in a real browser."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.site import COURSE

QUIZ = f"{COURSE}/units/1/quiz/"


@pytest.fixture
def enrolled(visit):
    def open_door(**options: bool) -> Visitor:
        person: Visitor = visit(**options)
        person.sign_up(f"{uuid4().hex[:12]}@example.org")
        person.enrol()
        return person

    return open_door


def begin(person: Visitor) -> Page:
    page = person.go(QUIZ)
    page.locator("main form .button--primary").click()
    page.wait_for_url("**/units/1/quiz/1/")
    return page


def answer_all(page: Page) -> None:
    """Something for every question; an order as it comes, one step from what was shown."""
    for question in page.locator(".question").all():
        if question.locator("input[type=radio]").count():
            question.locator("input[type=radio]").first.check()
        for box in question.locator("input[type=checkbox]").all()[:1]:
            box.check()
        for field in question.locator("input[type=text]").all():
            field.fill("0,5")
        if question.locator(".place__moves button").count():
            question.locator(".place__moves button").nth(1).click()
            continue
        for place, select in enumerate(question.locator("select").all(), start=1):
            select.select_option(index=place)


def test_a_try_goes_from_its_start_to_the_reasons_and_loses_nothing_on_the_way(enrolled) -> None:
    ana = enrolled()
    page = ana.go(f"{COURSE}/units/1/")
    page.get_by_role("link", name="Quiz de la unidad 1").click()
    assert ana.axe() == []
    begin(ana)
    assert ana.axe() == []
    page.locator(".question input[type=text]").first.fill("0,25")
    page.locator(".question input[type=radio]").first.check()
    page.get_by_role("button", name="Entregar", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("Faltan 8 preguntas")
    expect(page.locator(".question input[type=text]").first).to_have_value("0,25")
    expect(page.locator(".question input[type=radio]").first).to_be_checked()
    assert ana.axe() == []
    answer_all(page)
    page.get_by_role("button", name="Entregar", exact=True).click()
    expect(page.locator(".quiz__number")).to_have_text(re.compile(r"^\d+ de 10$"))
    assert page.locator(".question .chip--passed, .question .chip--failed").count() == 10
    assert ana.axe() == []
    ana.go(QUIZ)
    expect(page.locator("table.tries tbody tr")).to_have_count(1)
    refused = [text for text in ana.complaints if "422" not in text]
    assert refused == []


def test_whoever_leaves_with_answers_is_asked(enrolled) -> None:
    ana = enrolled()
    page = begin(ana)
    page.locator(".question input[type=text]").first.fill("0,25")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(ana.site.url + QUIZ)
    assert asked == ["beforeunload"]


def test_without_scripts_it_is_taken_by_forms_alone(enrolled) -> None:
    ana = enrolled(scripts=False)
    page = begin(ana)
    answer_all(page)
    page.get_by_role("button", name="Entregar", exact=True).click()
    expect(page.locator(".quiz__number")).to_have_text(re.compile(r"^\d+ de 10$"))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_on_a_phone_nothing_is_cut_and_no_rule_broken(enrolled, dark: bool) -> None:
    ana = enrolled(phone=True, dark=dark)
    ana.go(QUIZ)
    assert not ana.scrolls_sideways()
    assert ana.axe() == []
    page = begin(ana)
    assert not ana.scrolls_sideways()
    assert ana.axe() == []
    page.get_by_role("button", name="Entregar", exact=True).click()
    page.get_by_role("button", name="Entregar así").click()
    expect(page.locator(".quiz__number")).to_have_text("0 de 10")
    assert not ana.scrolls_sideways()
    assert ana.axe() == []


def test_a_miss_in_a_lesson_leads_to_other_numbers_and_keeps_the_focus(enrolled) -> None:
    ana = enrolled()
    page = ana.go(f"{COURSE}/lessons/1.1.2/")
    question = page.locator("#q-mayor-eta")
    first = question.locator(".question__prompt").inner_text()
    question.locator("input[name=value]").fill("7")
    question.get_by_role("button", name="Comprobar").click()
    expect(question.locator(".chip--failed")).to_be_visible()
    other = question.get_by_role("link", name="Otros números")
    expect(other).to_be_focused()
    expect(question.locator("input[name=value]")).to_be_disabled()
    assert ana.axe() == []
    page.keyboard.press("Enter")
    page.wait_for_url("**again=mayor-eta**")
    expect(question.locator(".question__prompt")).not_to_have_text(first)
    expect(question.locator("input[name=value]")).to_have_value("")


def test_a_tab_left_behind_gets_the_new_numbers_and_what_was_typed(enrolled) -> None:
    ana = enrolled()
    page = ana.go(f"{COURSE}/lessons/1.1.2/")
    behind = Visitor(ana.site, ana.context)
    behind.go(f"{COURSE}/lessons/1.1.2/")
    question, stale = page.locator("#q-mayor-eta"), behind.page.locator("#q-mayor-eta")
    before = stale.locator(".question__prompt").inner_text()
    question.locator("input[name=value]").fill("7")
    question.get_by_role("button", name="Comprobar").click()
    expect(question.locator(".chip--failed")).to_be_visible()
    stale.locator("input[name=value]").fill("0,123")
    stale.get_by_role("button", name="Comprobar").click()
    expect(stale.locator(".reason")).to_contain_text("tiene ahora otros datos")
    expect(stale.locator(".question__prompt")).not_to_have_text(before)
    expect(stale.locator("input[name=value]")).to_have_value("0,123")
    expect(behind.page.locator("#alerta")).to_contain_text("tiene ahora otros datos")
