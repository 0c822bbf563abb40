from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Request

from accounts.models import User
from lessons.models import Course, Lesson, Question

from .conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LESSON = "/courses/curso/lessons/1.1.1/"
PAGES = ["/", "/courses/curso/", "/courses/curso/units/1/", LESSON, "/courses/curso/lessons/1.1.2/", "/nada/"]
SIGNED_OUT = ["/", LESSON, "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Quiz = dict[str, Question]


def faults(page) -> list[str]:
    found = Axe().run(page, options={"runOnly": RULES}).response
    assert found["passes"], "axe ran no rule at all"
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in found["violations"]]


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_no_page_of_ana_has_an_accessibility_fault(scheme, width, quiz: Quiz, ana: User, visit: Open):
    page = visit(person=ana, color_scheme=scheme, viewport={"width": width, "height": 844}, bypass_csp=True)
    found = {}
    for url in PAGES:
        page.goto(url)
        found[url] = faults(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{url} scrolls sideways"
    assert not any(found.values()), found


def test_no_page_of_a_stranger_has_an_accessibility_fault(quiz: Quiz, visit: Open):
    page = visit(bypass_csp=True)
    found = {}
    for url in SIGNED_OUT:
        page.goto(url)
        found[url] = faults(page)
    assert not any(found.values()), found


def test_no_page_breaks_its_own_policy_or_asks_another_host(quiz: Quiz, ana: User, visit: Open, live_server):
    page = visit(person=ana)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for url in PAGES[:-1]:
        page.goto(url)
        page.wait_for_load_state("networkidle")

    assert said == []
    assert all(address.startswith((live_server.url, "data:")) for address in asked)


def test_an_answer_comes_back_in_place_and_nothing_moves(quiz: Quiz, ana: User, visit: Open):
    page = visit(LESSON, person=ana)
    question = page.locator("#q-una-single")
    before = page.locator("#q-una-curve").bounding_box()
    question.get_by_label("los mismos").check()
    question.get_by_role("button", name="Comprobar").click()
    question.get_by_text("RAZON-DE-A").wait_for()

    assert page.url.endswith(LESSON)
    assert page.locator("#q-una-curve").bounding_box() == before
    assert page.evaluate("document.activeElement.textContent") == "Comprobar"
    assert question.get_by_label("los mismos").is_checked()


def test_an_answer_that_could_not_be_sent_stays_chosen_and_is_told(quiz: Quiz, ana: User, visit: Open):
    page = visit(LESSON, person=ana)
    question = page.locator("#q-una-single")
    question.get_by_label("el doble").check()
    page.context.set_offline(True)
    question.get_by_role("button", name="Comprobar").click()

    page.locator("#alerta", has_text="no hay conexión").wait_for()
    assert question.get_by_label("el doble").is_checked()
    assert not ana.answers.exists()


def test_items_are_ordered_by_keyboard_alone(quiz: Quiz, ana: User, visit: Open):
    page = visit(LESSON, person=ana)
    question = page.locator("#q-una-order")
    last = question.locator(".place").nth(2).get_by_role("button", name="Subir")
    last.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    question.get_by_role("button", name="Comprobar").click()
    question.get_by_text("Correcto").wait_for()

    assert ana.answers.get().correct


def test_every_kind_of_question_is_answered_without_scripts(quiz: Quiz, ana: User, visit: Open):
    page = visit(LESSON, person=ana, java_script_enabled=False)
    page.locator("#q-una-single").get_by_label("el doble").check()
    page.locator("#q-una-single").get_by_role("button").click()
    page.locator("#q-una-match select").nth(0).select_option("r1")
    page.locator("#q-una-match select").nth(1).select_option("r2")
    page.locator("#q-una-match").get_by_role("button").click()
    for place, item in enumerate("cab", start=1):
        page.locator(f"#q-una-order [name=place-{item}]").select_option(str(place))
    page.locator("#q-una-order").get_by_role("button").click()

    assert page.url.endswith("#q-una-order")
    assert "Correcto" in page.locator("#q-una-order").inner_text()
    assert ana.answers.filter(correct=True).count() == 3


def test_the_theme_button_paints_at_once_and_the_next_page_keeps_it(course: Course, visit: Open):
    page = visit("/courses/curso/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    button = page.locator(".theme button")
    told: list[Request] = []

    def is_the_second(request: Request) -> bool:
        told.extend([request] if "/accounts/theme/" in request.url else [])
        return len(told) == 2

    with page.expect_request_finished(is_the_second):
        button.click()
        button.click()

    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate(ground) != light
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_nothing_jumps_while_a_lesson_loads(quiz: Quiz, ana: User, visit: Open):
    page = visit(LESSON, person=ana)
    page.wait_for_load_state("networkidle")
    shift = page.evaluate(
        """() => new Promise((resolve) => {
          let sum = 0;
          new PerformanceObserver((list) => { for (const e of list.getEntries()) sum += e.value; })
            .observe({ type: "layout-shift", buffered: true });
          setTimeout(() => resolve(sum), 300);
        })"""
    )

    assert shift < 0.001


def test_a_note_is_folded_on_a_phone_and_its_number_opens_it(lesson: Lesson, visit: Open):
    lesson.html = (
        '<p>Uno.<sup class="sidenote-call"><a href="#nota-1">1</a></sup></p>'
        '<aside class="sidenote" role="note" id="nota-1"><span class="sidenote__number">1</span> '
        '<span class="sidenote__text">Polyak.</span> </aside>'
    )
    lesson.save()
    wide = visit(LESSON)
    assert wide.get_by_text("Polyak.").is_visible()

    phone = visit(LESSON, viewport={"width": 390, "height": 844})
    assert not phone.get_by_text("Polyak.").is_visible()
    phone.locator(".sidenote-call a").click()
    phone.get_by_text("Polyak.").wait_for()
