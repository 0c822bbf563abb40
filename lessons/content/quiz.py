"""Quiz questions: from the author's YAML to what a page may show and what marking knows.

The shapes of both, by kind, are in docs/authoring.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from . import ideas, variants
from .code import as_html
from .document import Document
from .fields import Fields, as_written
from .files import Data
from .mistakes import Where
from .records import QuestionRecord

ROUNDING = 1e-9
Shapes = tuple[dict[str, Any], dict[str, Any]]


def read(document: Document, data: Data) -> tuple[QuestionRecord, Where]:
    """One question; whatever is wrong with it is told, and the rest is read all the same."""
    fields = Fields(data, "the question", document.mistakes)
    if not variants.varies(fields):
        return _read(document, data), data.where
    key, kind = fields.slug("key"), fields.choice("kind", KINDS)
    fields.what = f"question {key}"
    found: list[QuestionRecord] = []
    if kind == "curve":
        fields.wrong("vary", "a 'curve' does not vary: its figure is drawn once")
    figures = document.context.figures
    for variant in variants.expand(fields, kind, figures) if kind not in {"", "curve"} else ():
        told = len(document.mistakes.found)
        document.numbers = variant.numbers
        found.append(_read(document, variant.data, variant.label))
        document.numbers = {}
        if len(document.mistakes.found) > told:
            break
    else:
        _differ(found, fields)
    first = found[0] if found else QuestionRecord(key, kind, "", "", {}, {})
    first.variants = [{name: getattr(one, name) for name in ("prompt", "public", "answer")} for one in found]
    return first, data.where


def _differ(found: list[QuestionRecord], fields: Fields) -> None:
    """Other numbers are there to be seen, and to change the answer."""
    shown = [(one.prompt, one.public) for one in found]
    if any(one in shown[:index] for index, one in enumerate(shown)):
        fields.wrong("vary", "two variants read the same: show every number that varies")
    values = {one.answer.get("value") for one in found}
    if len(found) > 1 and len(values) == 1 and None not in values:
        fields.wrong("answer", "every variant has the same answer")


def _read(document: Document, data: Data, variant: str = "") -> QuestionRecord:
    """One question as it stands, or one variant of it."""
    fields = Fields(data, "the question", document.mistakes)
    fields.skip(*variants.KEYS)
    key = fields.slug("key")
    fields.what = f"question {key}" if key else fields.what
    fields.what += f" ({variant})" if variant else ""
    kind = fields.choice("kind", KINDS)
    idea = fields.slug("idea")
    ideas.check(idea, fields, "idea", document.context)
    prompt = document.render(fields.text("prompt"), fields.where("prompt"))
    public, answer = KINDS[kind](document, fields, key) if kind else ({}, {})
    for name in ("right", "otherwise"):
        if fields.has(name):
            answer[name] = document.inline(fields.text(name), fields.where(name))
    if kind:
        fields.finish()
    return QuestionRecord(key, kind, idea, prompt, public, answer)


def short_id(*parts: str) -> str:
    """An id that tells nothing of the place or the truth of what it names."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:8]


def _shuffled(
    entries: list[dict[str, str]], fields: Fields, *, never: list[str] | None = None
) -> list[dict[str, str]]:
    """The same order for everybody, by id; `never` is the order that would give the answer away."""
    if not fields.flag("shuffle", default=True):
        return entries
    mixed = sorted(entries, key=lambda entry: entry["id"])
    if never is not None and len(mixed) > 1 and [entry["id"] for entry in mixed] == never:
        mixed = mixed[1:] + mixed[:1]
    return mixed


def _order_of(fields: Fields) -> dict[str, bool]:
    """That the author's order stays, for whoever shows the question in an order of their own."""
    return {} if fields.flag("shuffle", default=True) else {"shuffle": False}


def _unique(ids: list[str], what: str, fields: Fields, key: str) -> None:
    if len(set(ids)) < len(ids):
        fields.wrong(key, f"two {what} are the same")


def _options(
    document: Document, fields: Fields, key: str
) -> tuple[list[dict[str, str]], dict[str, str], list[str]]:
    shown, why, correct = [], {}, []
    for item in fields.items("options"):
        option = Fields(item, f"{fields.what}, an option", document.mistakes)
        text = option.text("text")
        own = short_id(key, text)
        shown.append({"id": own, "html": document.inline(text, option.where("text"))})
        why[own] = document.inline(option.text("why"), option.where("why"))
        if option.flag("correct", default=False):
            correct.append(own)
        option.finish()
    _unique([entry["id"] for entry in shown], "options", fields, "options")
    if len(shown) < 2:
        fields.wrong("options", "two options or more are needed")
    return _shuffled(shown, fields), why, correct


def _single(document: Document, fields: Fields, key: str) -> Shapes:
    shown, why, correct = _options(document, fields, key)
    if len(correct) != 1:
        fields.wrong("options", f"{len(correct)} options are 'correct: true'; exactly one must be")
    return {"options": shown, **_order_of(fields)}, {"correct": correct[0] if correct else "", "why": why}


def _multiple(document: Document, fields: Fields, key: str) -> Shapes:
    shown, why, correct = _options(document, fields, key)
    if not correct:
        fields.wrong("options", "no option is 'correct: true'")
    return {"options": shown, **_order_of(fields)}, {"correct": sorted(correct), "why": why}


def _curve(document: Document, fields: Fields, key: str) -> Shapes:
    public, answer = _single(document, fields, key)
    name, alt = fields.text("figure"), fields.text("alt", required=False, default="")
    where = fields.where("figure")
    caption = fields.text("caption", required=False)
    public["figure"] = document.figure(
        name,
        where,
        alt=alt or caption or fields.text("prompt"),
        caption=document.inline(caption, fields.where("caption")) if caption else "",
        width="text",
        numbered=False,
    )
    return public, answer


def _numeric(document: Document, fields: Fields, _: str) -> Shapes:
    value = fields.number("answer")
    absolute, relative = fields.number("tolerance", required=False), fields.number("rtol", required=False)
    if (absolute is None) == (relative is None):
        fields.wrong("answer", "one of 'tolerance' (absolute) and 'rtol' (relative) is needed")
    if min(absolute or 0, relative or 0) < 0:
        fields.wrong("tolerance", "a tolerance is not negative")
    value = value or 0.0
    tolerance = absolute if absolute is not None else abs(value) * (relative or 0)
    wrong: list[dict[str, Any]] = []
    for item in fields.items("wrong", required=False):
        part = Fields(item, f"{fields.what}, a wrong value", document.mistakes)
        other = part.number("value") or 0.0
        near = part.number("tolerance", required=False)
        if near is None:
            near = abs(other) * relative if relative is not None else tolerance
        if abs(other - value) <= tolerance + ROUNDING * abs(value):
            part.wrong("value", f"{other:g} is within the tolerance of the right answer")
        if any(abs(other - one["value"]) <= one["tolerance"] for one in wrong):
            part.wrong("value", f"{other:g} is within the tolerance of a wrong value before it")
        why = document.inline(part.text("why"), part.where("why"))
        wrong.append({"value": other, "tolerance": near, "why": why})
        part.finish()
    unit = fields.text("unit", required=False)
    shown = document.inline(unit, fields.where("unit"))
    return {"unit": shown}, {"value": value, "tolerance": tolerance, "wrong": wrong, "unit": unit}


def _predict(document: Document, fields: Fields, _: str) -> Shapes:
    language = fields.text("language", required=False, default="python")
    source = as_html(fields.text("code"), language, fields.where("code"), document.mistakes)
    accepted = [fields.text("answer"), *fields.texts("accept", required=False)]
    wrong = []
    for item in fields.items("wrong", required=False):
        part = Fields(item, f"{fields.what}, a wrong value", document.mistakes)
        wrong.append(
            {"value": part.text("value"), "why": document.inline(part.text("why"), part.where("why"))}
        )
        part.finish()
    return {"code": source}, {"accept": accepted, "wrong": wrong}


def _order(document: Document, fields: Fields, key: str) -> Shapes:
    texts = fields.texts("items")
    ids = [short_id(key, text) for text in texts]
    _unique(ids, "items", fields, "items")
    if len(texts) < 3:
        fields.wrong("items", "three items or more are needed")
    shown = [
        {"id": own, "html": document.inline(text, fields.data.at("items", index))}
        for index, (own, text) in enumerate(zip(ids, texts, strict=True))
    ]
    return {"items": _shuffled(shown, fields, never=ids), **_order_of(fields)}, {"order": ids}


def _match(document: Document, fields: Fields, key: str) -> Shapes:
    left, right, pairs, why = [], {}, {}, {}
    for item in fields.items("pairs"):
        pair = item.value
        if (
            not isinstance(pair, list)
            or len(pair) not in {2, 3}
            or not all(isinstance(t, str | int | float) for t in pair)
        ):
            document.mistakes.add(item.where, f"{fields.what}: a pair is [left, right] or [left, right, why]")
            continue
        one, two = as_written(pair[0]), as_written(pair[1])
        left_id, right_id = short_id(key, "left", one), short_id(key, "right", two)
        left.append({"id": left_id, "html": document.inline(one, item.where)})
        right[right_id] = {"id": right_id, "html": document.inline(two, item.where)}
        pairs[left_id] = right_id
        if len(pair) == 3:
            why[left_id] = document.inline(as_written(pair[2]), item.where)
    _unique([entry["id"] for entry in left], "left sides", fields, "pairs")
    if len(left) < 2:
        fields.wrong("pairs", "two pairs or more are needed")
    shown = _shuffled(list(right.values()), fields, never=[pairs[entry["id"]] for entry in left])
    return {"left": left, "right": shown, **_order_of(fields)}, {"pairs": pairs, "why": why}


KINDS: dict[str, Callable[[Document, Fields, str], Shapes]] = {
    "single": _single,
    "multiple": _multiple,
    "curve": _curve,
    "numeric": _numeric,
    "predict": _predict,
    "order": _order,
    "match": _match,
}
