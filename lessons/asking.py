"""A question as it is put to somebody: with which numbers, and with its options in which order.

Who is asked what hangs on seeds alone, so that a page can be shown again without keeping it. A stamp of what
was shown goes with the answer: an answer to other numbers, or to words that have changed since, is found out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from .models import Answer, Question


class Changed(Exception):
    """The question has other numbers or other words now than those that were answered."""

    def __init__(self) -> None:
        super().__init__(_("Esta pregunta tiene ahora otros datos: léela otra vez y responde de nuevo."))


@dataclass(frozen=True)
class Asked:
    """What is shown, `prompt` and `public`, and the `answer`, which is not. `variant`: which numbers."""

    question: Question
    variant: int | None
    prompt: str
    public: Mapping[str, Any]
    answer: Mapping[str, Any]

    @cached_property
    def stamp(self) -> str:
        """Tells what was shown from anything else; nothing of the answer is in it."""
        shown = json.dumps([self.question.pk, self.prompt, self.public], sort_keys=True)
        return hashlib.sha256(shown.encode()).hexdigest()[:16]

    def check(self, stamp: str) -> None:
        """Raises Changed where `stamp` is that of something else; an empty one is not known."""
        if stamp not in {"", self.stamp}:
            raise Changed


def ask(question: Question, variant: int | None = None) -> Asked:
    """The question with these numbers; as its author wrote it first where there are none such."""
    if variant is None or variant >= len(question.variants):
        return Asked(question, None, question.prompt, question.public, question.answer)
    found = question.variants[variant]
    return Asked(question, variant, found["prompt"], found["public"], found["answer"])


def alive(question: Question) -> list[int]:
    """The variants that may be asked; those that were answered and are no longer made may not."""
    return [index for index, variant in enumerate(question.variants) if not variant.get("gone")]


def in_turn(question: Question, *, student_id: int | None, turn: int) -> Asked:
    """The numbers of this student's turn: others in each, until all have been; then again from the first."""
    order = sorted(alive(question), key=lambda index: _chance(student_id, question.pk, index))
    if student_id is None or not order:
        return ask(question)
    return ask(question, order[turn % len(order)])


def in_try(question: Question, *, seed: int, variant: int | None = None) -> Asked:
    """The numbers and the order of a try of an end quiz; `variant`, where it is known, was asked then."""
    if variant is None and (choices := alive(question)):
        variant = min(choices, key=lambda index: _chance(seed, question.pk, index))
    plain = ask(question, variant)
    return Asked(question, plain.variant, plain.prompt, _reordered(plain, seed), plain.answer)


def answered(answer: Answer) -> Asked:
    """What the answer was given to."""
    if answer.quiz_try is None:
        return ask(answer.question, answer.variant)
    question = answer.question
    if answer.variant is None:
        plain = ask(question)
        return Asked(question, None, plain.prompt, _reordered(plain, answer.quiz_try.seed), plain.answer)
    return in_try(question, seed=answer.quiz_try.seed, variant=answer.variant)


def with_stamp(question: Question, stamp: str) -> Asked | None:
    """Which of the question's variants was shown with this stamp, outside of a try."""
    candidates = [ask(question), *(ask(question, index) for index in range(len(question.variants)))]
    return next((one for one in candidates if one.stamp == stamp), None)


def _chance(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


def _reordered(asked: Asked, seed: int) -> dict[str, Any]:
    """`public` in the order of the try, where the author lets it; never in the order that is the answer."""
    public = dict(asked.public)
    if public.get("shuffle", True):
        for name in {"options", "items", "right"} & public.keys():
            mixed = sorted(public[name], key=lambda entry: _chance(seed, entry["id"]))
            if [entry["id"] for entry in mixed] == _giveaway(asked, name):
                mixed = mixed[1:] + mixed[:1]
            public[name] = mixed
    return public


def _giveaway(asked: Asked, name: str) -> list[str] | None:
    if name == "items":
        return list(asked.answer["order"])
    if name == "right":
        return [asked.answer["pairs"].get(left["id"]) for left in asked.public["left"]]
    return None
