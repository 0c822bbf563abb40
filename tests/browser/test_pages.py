"""Every page, on desktop and phone, in light and dark: clean by axe, quiet, no wider than the screen."""

from __future__ import annotations

import pytest

from tests.browser.site import COURSE

OPEN = [
    "/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    f"{COURSE}/",
    f"{COURSE}/units/1/",
    f"{COURSE}/lessons/1.1.1/",
    f"{COURSE}/lessons/1.1.2/",
    f"{COURSE}/lessons/1.2.2/",
    f"{COURSE}/pages/como-usar-este-curso/",
    "/nowhere/",
]
WITH_LABS = [
    f"{COURSE}/lessons/{number}/"
    for number in ("2.1.1", "2.1.3", "3.2.1", "3.2.3", "4.2.1", "4.2.2", "5.1.1", "5.1.2", "5.2.3")
]
SIGNED_IN = ["/", f"{COURSE}/", f"{COURSE}/lessons/1.1.1/", f"{COURSE}/exercises/eta-maximo/"]
LOOKS = [(False, False), (True, True)]  # both widths and both themes: a theme changes no width
NAMES = ["desktop-light", "phone-dark"]


def look_at(person, path: str) -> list[str]:
    person.go(path)
    person.page.wait_for_timeout(400)
    found = [f"{path} axe {line}" for line in person.axe()]
    if person.scrolls_sideways():
        found.append(f"{path} scrolls sideways")
    return found


@pytest.mark.parametrize(("phone", "dark"), LOOKS, ids=NAMES)
def test_pages_open_to_all(visit, phone: bool, dark: bool) -> None:
    stranger = visit(phone=phone, dark=dark)
    problems = [line for path in OPEN for line in look_at(stranger, path)]
    quiet = [text for text in stranger.complaints if "404" not in text]  # of the page that is not there
    assert problems + quiet == []


@pytest.mark.parametrize(("phone", "dark"), LOOKS, ids=NAMES)
def test_every_lab_in_its_lesson(visit, phone: bool, dark: bool) -> None:
    stranger = visit(phone=phone, dark=dark)
    problems = []
    for path in WITH_LABS:
        stranger.go(path)
        stranger.page.locator(".lab").first.scroll_into_view_if_needed()
        stranger.page.locator(".lab canvas").first.wait_for()  # a lab begins when it is seen
        problems += [f"{path} axe {line}" for line in stranger.axe()]
        problems += [f"{path} scrolls sideways"] if stranger.scrolls_sideways() else []
    assert problems + stranger.complaints == []


@pytest.mark.parametrize(("phone", "dark"), LOOKS, ids=NAMES)
def test_pages_of_a_student(visit, phone: bool, dark: bool) -> None:
    student = visit(phone=phone, dark=dark)
    student.sign_up(f"looker{phone:d}{dark:d}@example.org")
    student.enrol()
    problems = [line for path in SIGNED_IN for line in look_at(student, path)]
    assert problems + student.complaints == []
