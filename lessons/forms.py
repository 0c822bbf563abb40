"""From the fields of a posted question to the response that marking reads."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from .models import Question, QuestionKind

MAX_TEXT = 2000


def read_response(question: Question, fields: QueryDict) -> dict[str, Any]:
    """The response in the shape that its kind wants; marking says whether it is an answer at all."""
    text = fields.get("value", "")[:MAX_TEXT]
    public = question.public
    match QuestionKind(question.kind):
        case QuestionKind.NUMERIC:
            return {"value": text}
        case QuestionKind.PREDICT:
            return {"text": text}
        case QuestionKind.SINGLE | QuestionKind.CURVE:
            return {"choice": fields.get("choice", "")}
        case QuestionKind.MULTIPLE:
            return {"choices": fields.getlist("choice")[: len(public["options"])]}
        case QuestionKind.ORDER:
            return {"order": _in_order(public["items"], fields)}
        case QuestionKind.MATCH:
            return {"pairs": {left["id"]: fields.get(f"pair-{left['id']}", "") for left in public["left"]}}


def _in_order(items: list[dict[str, str]], fields: QueryDict) -> list[str]:
    """Item ids by the place chosen for each; items without a place are left out."""
    places = {item["id"]: fields.get(f"place-{item['id']}", "") for item in items}
    chosen = {key: int(place) for key, place in places.items() if place.isdecimal() and len(place) < 4}
    if len(set(chosen.values())) != len(chosen):
        return []
    return sorted(chosen, key=chosen.__getitem__)
