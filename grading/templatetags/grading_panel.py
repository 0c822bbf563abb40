"""The result box in a template that was given a submission and its state."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import template
from django.utils.safestring import SafeString

from grading import selectors
from grading.judge.spanish import number
from grading.models import Submission
from grading.pages import marks, panel

register = template.Library()


@register.simple_tag
def panel_of(submission: Submission, state: dict[str, Any]) -> panel.Panel:
    """The box of the submission, with the student's best score so far."""
    best = selectors.best_score(student=submission.student, exercise=submission.exercise)
    return panel.panel_of(submission, state, best=best)


@register.filter
def visible(text: str | None) -> SafeString:
    """Code or output with its invisible marks showing; nothing for a side that has no such line."""
    return marks.visible(text or "")


@register.filter
def spanish(value: float) -> str:
    """A measured number with three significant digits and a comma."""
    return number(value)


@register.simple_tag
def new_form_token() -> UUID:
    """A token for a form that may be handed in once."""
    return uuid4()
