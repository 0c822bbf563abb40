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
    f"{COURSE}/lessons/5.2.3/",
    f"{COURSE}/pages/como-usar-este-curso/",
    "/nowhere/",
]
SIGNED_IN = ["/", f"{COURSE}/", f"{COURSE}/lessons/1.1.1/", f"{COURSE}/exercises/eta-maximo/"]
LOOKS = [(False, False), (False, True), (True, False), (True, True)]
NAMES = ["desktop-light", "desktop-dark", "phone-light", "phone-dark"]


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
def test_pages_of_a_student(visit, phone: bool, dark: bool) -> None:
    student = visit(phone=phone, dark=dark)
    student.sign_up(f"looker{phone:d}{dark:d}@example.org")
    student.enrol()
    problems = [line for path in SIGNED_IN for line in look_at(student, path)]
    assert problems + student.complaints == []
