"""From the fields of a posted question to the response that marking reads."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from .asking import Asked
from .content.marking import LONGEST
from .models import QuestionKind

MAX_ID = 80


def read_response(asked: Asked, fields: QueryDict, prefix: str = "") -> dict[str, Any]:
    """The response in the shape that its kind wants; marking says whether it is an answer at all.

    `prefix` stands before the names of the fields. A text that is too long stays so, by one character;
    NUL goes, which no database text can hold.
    """
    text = fields.get(f"{prefix}value", "")[: LONGEST + 1].replace("\0", "")
    public = asked.public
    match QuestionKind(asked.question.kind):
        case QuestionKind.NUMERIC:
            return {"value": text}
        case QuestionKind.PREDICT:
            return {"text": text}
        case QuestionKind.SINGLE | QuestionKind.CURVE:
            return {"choice": fields.get(f"{prefix}choice", "")[:MAX_ID]}
        case QuestionKind.MULTIPLE:
            chosen = fields.getlist(f"{prefix}choice")[: len(public.get("options", []))]
            return {"choices": [choice[:MAX_ID] for choice in chosen]}
        case QuestionKind.ORDER:
            return {"order": _in_order(public.get("items", []), fields, prefix)}
        case QuestionKind.MATCH:
            names = {left["id"]: f"{prefix}pair-{left['id']}" for left in public.get("left", [])}
            return {"pairs": {left: fields.get(name, "")[:MAX_ID] for left, name in names.items()}}


def _in_order(items: list[dict[str, str]], fields: QueryDict, prefix: str) -> list[str]:
    """Item ids by the place chosen for each; items without a place are left out."""
    places = {item["id"]: fields.get(f"{prefix}place-{item['id']}", "") for item in items}
    chosen = {key: int(place) for key, place in places.items() if place.isdecimal() and len(place) < 4}
    if len(set(chosen.values())) != len(chosen):
        return []
    return sorted(chosen, key=chosen.__getitem__)
