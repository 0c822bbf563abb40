"""A question as its template wants it: fields filled in, right and wrong said, no answer given away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .models import Answer, Question, QuestionKind


class Access(StrEnum):
    """What the reader must do before answering."""

    OPEN = "open"
    ENROL = "enrol"
    SIGN_IN = "sign_in"


@dataclass(frozen=True)
class Choice:
    id: str
    html: str
    chosen: bool = False


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
    """Everything that `lessons/_question.html` shows. `error` is why a response was no answer."""

    question: Question
    number: int
    total: int
    access: Access
    response: Mapping[str, Any]
    answer: Answer | None = None
    error: str = ""

    @property
    def kind(self) -> str:
        """The template that holds its fields: kinds that look alike share one."""
        shared = {
            QuestionKind.CURVE: QuestionKind.SINGLE,
        }
        return str(shared.get(QuestionKind(self.question.kind), self.question.kind))

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
        return [Choice(o["id"], o["html"], o["id"] in chosen) for o in self.question.public["options"]]

    @property
    def places(self) -> list[Place]:
        """The items, in the order last given, else in that of the page."""
        order = self.response.get("order", [])
        ranks = {key: rank for rank, key in enumerate(order, start=1)}
        items = [Place(i["id"], i["html"], ranks.get(i["id"])) for i in self.question.public["items"]]
        return sorted(items, key=lambda item: item.number or len(items) + 1)

    @property
    def pairs(self) -> list[Pair]:
        given = self.response.get("pairs", {})
        public = self.question.public
        return [
            Pair(
                left["id"],
                left["html"],
                [Choice(r["id"], r["html"], given.get(left["id"]) == r["id"]) for r in public["right"]],
            )
            for left in public["left"]
        ]


def question_card(
    question: Question,
    *,
    number: int,
    total: int,
    access: Access,
    answer: Answer | None = None,
    response: Mapping[str, Any] | None = None,
    error: str = "",
) -> QuestionCard:
    """The card of a question, its fields as in `response`, else as in the stored `answer`."""
    if response is None:
        response = answer.response if answer else {}
    return QuestionCard(
        question=question,
        number=number,
        total=total,
        access=access,
        response=response,
        answer=None if error else answer,
        error=error,
    )
