"""From a stored lesson to its page: questions, exercise cards and lab scripts put where they belong."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from .cards import ExerciseCard
from .margin import with_margin
from .models import Lesson
from .questions import Access, QuestionCard
from .replays import replays_url
from .selectors.notes import Margin
from .sidenotes import with_margin_notes

_PLACEHOLDER = re.compile(r'<div data-(question|exercise)="([a-z0-9-]+)"></div>')
_LAB = re.compile(r'data-lab="([a-z0-9-]+)"([^>]*>.*?)(?=<div class="lab__stage">)', re.DOTALL)


def names_an_exercise(lesson: Lesson) -> bool:
    """Whether the lesson's text has a card, so that exercises need be read at all."""
    return '<div data-exercise="' in lesson.html


def lesson_body(
    lesson: Lesson,
    *,
    request: HttpRequest,
    access: Access,
    questions: Mapping[str, QuestionCard],
    exercises: Mapping[str, ExerciseCard],
    labs_done: Collection[str] = (),
    margin: Margin | None = None,
) -> SafeString:
    """The lesson's HTML with every placeholder filled; one that nobody knows leaves nothing behind.

    `margin` is what its reader wrote beside it.

    The stored HTML was sanitised when the course was loaded.
    """

    def stage(found: re.Match[str]) -> str:
        slug, before = found.groups()
        script, done = lab_script(slug), slug in labs_done
        state = ""
        if access == Access.OPEN and (script or done):
            context = {"lab": slug, "done": done, "lesson": lesson}
            state = render_to_string("lessons/_lab_state.html", context, request=request)
        named = format_html('data-script="{}"', script) if script else ""
        if named and access == Access.OPEN and (url := replays_url(lesson.course)):
            named = format_html('{} data-replays="{}"', named, url)
        return f'data-lab="{slug}" {named}{before}{state}'

    def fill(found: re.Match[str]) -> str:
        kind, key = found.groups()
        if kind == "question" and key in questions:
            context = {"card": questions[key], "lesson": lesson}
            return render_to_string("lessons/_question.html", context, request=request)
        if kind == "exercise" and key in exercises:
            context = {"card": exercises[key], "access": access, "lesson": lesson}
            return render_to_string("lessons/_exercise_card.html", context, request=request)
        return ""

    html = _LAB.sub(stage, with_margin_notes(lesson.html))
    if margin:
        html = with_margin(html, margin=margin, lesson=lesson, request=request)
    return mark_safe(_PLACEHOLDER.sub(fill, html))  # noqa: S308


def lab_script(slug: str) -> str:
    """Where the lab's script lies; empty where it was not built: then the lab keeps its figure and table."""
    try:
        return staticfiles_storage.url(f"lab-{slug}.js")
    except ValueError:  # the manifest does not know it
        return ""
