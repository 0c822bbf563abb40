"""A lesson with one question of each kind, marked for real."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils.timezone import now
from playwright.sync_api import Browser, BrowserContext, Page, Playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from lessons.models import Answer, Course, Lesson, Question, Reading, Section, Unit
from tests.factories import PASSWORD

KINDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "single": (
        {"options": [{"id": "a", "html": "los mismos"}, {"id": "b", "html": "el doble"}]},
        {"correct": "b", "why": {"a": "RAZON-DE-A", "b": "RAZON-DE-B"}, "right": "RAZON-GENERAL"},
    ),
    "curve": (
        {"options": [{"id": "a", "html": "A"}, {"id": "b", "html": "B"}], "figure": "<svg></svg>"},
        {"correct": "a", "why": {"a": "RAZON-DE-A", "b": "RAZON-DE-B"}, "right": ""},
    ),
    "multiple": (
        {"options": [{"id": "a", "html": "uno"}, {"id": "b", "html": "dos"}, {"id": "c", "html": "tres"}]},
        {
            "correct": ["a", "c"],
            "why": {"a": "RAZON-DE-A", "b": "RAZON-DE-B", "c": "RAZON-DE-C"},
            "right": "",
        },
    ),
    "numeric": (
        {"unit": "pasos"},
        {
            "value": 21.875,
            "tolerance": 0.6,
            "wrong": [{"value": 2.3, "tolerance": 0.1, "why": "RAZON-DEL-LOGARITMO"}],
            "right": "RAZON-GENERAL",
            "otherwise": "RAZON-RESTANTE",
        },
    ),
    "predict": (
        {"code": "<pre><code>print(1)</code></pre>"},
        {"accept": ["SALIDA-BUENA"], "wrong": [], "right": "", "otherwise": "RAZON-RESTANTE"},
    ),
    "order": (
        {"items": [{"id": "a", "html": "x"}, {"id": "b", "html": "y"}, {"id": "c", "html": "z"}]},
        {"order": ["c", "a", "b"], "right": "", "otherwise": "RAZON-RESTANTE"},
    ),
    "match": (
        {
            "left": [{"id": "l1", "html": "uno"}, {"id": "l2", "html": "dos"}],
            "right": [{"id": "r1", "html": "one"}, {"id": "r2", "html": "two"}],
        },
        {"pairs": {"l1": "r1", "l2": "r2"}, "why": {}, "right": "", "otherwise": "RAZON-RESTANTE"},
    ),
}
RIGHT: dict[str, dict[str, Any]] = {
    "single": {"choice": "b"},
    "curve": {"choice": "a"},
    "multiple": {"choice": ["a", "c"]},
    "numeric": {"value": "21,9"},
    "predict": {"value": "SALIDA-BUENA"},
    "order": {"place-c": "1", "place-a": "2", "place-b": "3"},
    "match": {"pair-l1": "r1", "pair-l2": "r2"},
}
WRONG: dict[str, dict[str, Any]] = {
    "single": {"choice": "a"},
    "curve": {"choice": "b"},
    "multiple": {"choice": ["a"]},
    "numeric": {"value": "2.3"},
    "predict": {"value": "0"},
    "order": {"place-a": "1", "place-b": "2", "place-c": "3"},
    "match": {"pair-l1": "r2", "pair-l2": "r1"},
}


def variant(n: int) -> dict[str, Any]:
    """The double of `n`: numbers by which each can be told from any other on a page."""
    return {
        "prompt": f"<p>¿Cuánto es el doble de 3{n}7{n}9?</p>",
        "public": {"unit": "pasos"},
        "answer": {
            "value": float(2 * int(f"3{n}7{n}9")),
            "tolerance": 0.1,
            "wrong": [{"value": float(f"8{n}5{n}6"), "tolerance": 0.1, "why": f"RAZON-{n}"}],
            "right": f"BIEN-{n}",
            "unit": "pasos",
        },
    }


def make_varying(lesson: Lesson | None, unit: Unit, key: str = "cuanto", **fields: Any) -> Question:
    """A numeric question with six variants; its own text is that of the first."""
    variants = [variant(n) for n in range(1, 7)]
    kept = {"kind": "numeric", "position": 1, "variants": variants, **variants[0]} | fields
    return Question.objects.create(lesson=lesson, unit=unit, key=key, **kept)


def answer_url(question: Question) -> str:
    lesson = question.lesson
    return f"{lesson.get_absolute_url()}questions/{question.key}/"


def answered(student: User, question: Question, correct: bool = True) -> Answer:
    return Answer.objects.create(student=student, question=question, response={}, correct=correct)


def read(student: User, lesson: Lesson, *, marked: bool = False) -> Reading:
    """Opened, and with `marked` said to have read it."""
    at = now()
    return Reading.objects.create(student=student, lesson=lesson, last_at=at, read_at=at if marked else None)


def grow(course: Course, units: int) -> None:
    """So many more units, of two written lessons each."""
    for number in range(2, units + 2):
        unit = course.units.create(number=number, slug=f"u{number}", title="Otra")
        section = Section.objects.create(unit=unit, number=f"{number}.1", position=1, title="S")
        for place in (1, 2):
            Lesson.objects.create(
                course=course,
                section=section,
                number=f"{number}.1.{place}",
                slug="x",
                position=number * 10 + place,
                title="L",
                written=True,
            )


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return course.lessons.get(number="1.1.1")


@pytest.fixture
def quiz(lesson: Lesson) -> dict[str, Question]:
    questions = {
        kind: Question.objects.create(
            lesson=lesson,
            unit=lesson.section.unit,
            key=f"una-{kind}",
            position=position,
            kind=kind,
            prompt=f"<p>¿Qué dices de {kind}?</p>",
            public=public,
            answer=answer,
        )
        for position, (kind, (public, answer)) in enumerate(KINDS.items(), start=1)
    }
    lesson.html = "<p>Texto.</p>" + "".join(
        f'<div data-question="{q.key}"></div>' for q in questions.values()
    )
    lesson.save()
    return questions


@pytest.fixture
def unit(course: Course) -> Unit:
    return course.units.get()


@pytest.fixture
def end_quiz(unit: Unit) -> dict[str, Question]:
    """One question of each kind and one that varies."""
    questions = {
        kind: Question.objects.create(
            unit=unit, key=f"una-{kind}", position=position, kind=kind, idea="velocidad",
            prompt=f"<p>¿Qué dices de {kind}?</p>", public=public, answer=answer,
        )
        for position, (kind, (public, answer)) in enumerate(KINDS.items(), start=1)
    }  # fmt: skip
    return questions | {"varying": make_varying(None, unit, position=8, idea="velocidad")}


@pytest.fixture
def quiz_url(end_quiz, unit: Unit) -> str:
    return f"{unit.course.get_absolute_url()}units/1/quiz/"


CHROMIUM = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
CHROMIUM += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """A real browser; the pages' scripts and styles must have been built."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    if not (Path(settings.BASE_DIR) / "frontend" / "dist" / "site.js").exists():
        pytest.skip("the front end is not built: npm run build in frontend/")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright keeps an event loop in this thread
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, live_server: LiveServer) -> Iterator[Open]:
    """Opens an address in a browser of its own; further arguments are those of a browser context."""
    contexts: list[BrowserContext] = []

    def open_page(url: str = "/", *, person: User | None = None, **options: Any) -> Page:
        options.setdefault("viewport", {"width": 1280, "height": 800})
        context = chromium.new_context(base_url=live_server.url, locale="es-ES", **options)
        contexts.append(context)
        page = context.new_page()
        if person is not None:
            page.goto("/accounts/login/")
            page.fill("[name=login]", person.email)
            page.fill("[name=password]", PASSWORD)
            page.click("main .button--primary")
            page.wait_for_url("**/")
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
