"""A question as its template wants it: fields filled in, right and wrong said, no answer given away."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from string import ascii_uppercase
from typing import Any

from django.utils.html import strip_tags

from .asking import Asked, alive
from .models import Answer, Question, QuestionKind

_RICH = re.compile(r"<(?!/?(?:p|em|strong|code)\b)")


class Access(StrEnum):
    """What the reader must do before answering; SHOWN is over, and only to be read."""

    OPEN = "open"
    SHOWN = "shown"
    ENROL = "enrol"
    SIGN_IN = "sign_in"


@dataclass(frozen=True)
class Choice:
    """Something to pick. `label` is what a select box can show of it, which is plain text."""

    id: str
    html: str
    chosen: bool = False
    letter: str = ""

    @property
    def label(self) -> str:
        """The letter, and the text too where it loses nothing without its tags."""
        text = strip_tags(self.html).strip()
        return f"{self.letter}: {text}" if self.plain else self.letter

    @property
    def plain(self) -> bool:
        """Whether the text reads the same without its tags."""
        return not _RICH.search(self.html)


@dataclass(frozen=True)
class Place:
    """An item to order. `number` is the place chosen for it, None before."""

    id: str
    html: str
    number: int | None


@dataclass(frozen=True)
class Pair:
    id: str
    html: str
    choices: list[Choice]


@dataclass(frozen=True)
class QuestionCard:
    """Everything that `lessons/_question.html` shows. `error` is why a response was no answer.

    `prefix` stands before the names of its fields, where several questions share a form.
    """

    asked: Asked
    number: int
    total: int
    access: Access
    response: Mapping[str, Any]
    answer: Answer | None = None
    error: str = ""
    prefix: str = ""

    @property
    def question(self) -> Question:
        return self.asked.question

    @property
    def renews(self) -> bool:
        """Whether the next answer will be to other numbers, so that these take no more."""
        return self.answer is not None and not self.answer.correct and len(alive(self.question)) > 1

    @property
    def closed(self) -> bool:
        """Whether its fields only show."""
        return self.access != Access.OPEN or self.renews

    @property
    def template(self) -> str:
        """The template of its fields; kinds that look alike share one."""
        alike = {QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.CURVE}
        return f"lessons/fields/{'choice' if self.question.kind in alike else self.question.kind}.html"

    @property
    def multiple(self) -> bool:
        return self.question.kind == QuestionKind.MULTIPLE

    @property
    def value(self) -> str:
        """What was typed, for numbers and texts."""
        return str(self.response.get("value", self.response.get("text", "")))

    @property
    def options(self) -> list[Choice]:
        chosen = self.response.get("choices") or [self.response.get("choice")]
        return [Choice(o["id"], o["html"], o["id"] in chosen) for o in self.asked.public.get("options", [])]

    @property
    def places(self) -> list[Place]:
        """The items, in the order last given, else in that of the page."""
        order = self.response.get("order", [])
        ranks = {key: rank for rank, key in enumerate(order, start=1)}
        items = [Place(i["id"], i["html"], ranks.get(i["id"])) for i in self.asked.public.get("items", [])]
        return sorted(items, key=lambda item: item.number or len(items) + 1)

    @property
    def partners(self) -> list[Choice]:
        """What may be matched, lettered."""
        return [
            Choice(right["id"], right["html"], letter=letter)
            for letter, right in zip(ascii_uppercase, self.asked.public.get("right", []), strict=False)
        ]

    @property
    def partners_need_a_list(self) -> bool:
        """Whether some partner cannot be shown inside a select box."""
        return not all(partner.plain for partner in self.partners)

    @property
    def pairs(self) -> list[Pair]:
        given = self.response.get("pairs", {})
        return [
            Pair(
                left["id"],
                left["html"],
                [replace(partner, chosen=given.get(left["id"]) == partner.id) for partner in self.partners],
            )
            for left in self.asked.public.get("left", [])
        ]


def question_card(
    asked: Asked,
    *,
    number: int,
    total: int,
    access: Access,
    answer: Answer | None = None,
    response: Mapping[str, Any] | None = None,
    error: str = "",
    prefix: str = "",
) -> QuestionCard:
    """The card of a question, its fields as in `response`, else as in the stored `answer`."""
    if response is None:
        response = answer.response if answer else {}
    return QuestionCard(
        asked=asked,
        number=number,
        total=total,
        access=access,
        response=response,
        answer=None if error else answer,
        error=error,
        prefix=prefix,
    )
