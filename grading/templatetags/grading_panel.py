"""The result box in a template that was given a submission and its state."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import template

from grading import selectors
from grading.models import Submission
from grading.pages import panel

register = template.Library()


@register.simple_tag
def panel_of(submission: Submission, state: dict[str, Any]) -> panel.Panel:
    """The box of the submission, with the student's best score so far."""
    best = selectors.best_score(student=submission.student, exercise=submission.exercise)
    return panel.panel_of(submission, state, best=best)


@register.simple_tag
def new_form_token() -> UUID:
    """A token for a form that may be handed in once."""
    return uuid4()
