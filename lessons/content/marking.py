"""Marking a quiz response: pure, from the stored answer and what the student sent.

The shapes are in docs/authoring.md. What comes back is HTML of the author's, cleaned when it was loaded;
nothing that the student wrote is in it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _


class BadResponse(Exception):
    """What was sent is no answer; the message tells the student why. It counts as nothing."""


@dataclass(frozen=True)
class Marked:
    """Whether it is right, and the reason to show."""

    correct: bool
    feedback_html: str


def mark(kind: str, answer: Mapping[str, Any], response: Mapping[str, Any]) -> Marked:
    """Mark `response` to a question of `kind`. Raises `BadResponse` where there is nothing to mark."""
    return MARKERS[kind](answer, response)


LONGEST = 2000
NUMBER = re.compile(
    r"(?P<mantissa>[+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:e(?P<e>[+-]?\d{1,3})|(?:\*|x)?10\^(?P<ten>[+-]?\d{1,3}))?"
    r"(?P<percent>%)?"
)
BARE_POWER = re.compile(r"(?P<sign>[+-]?)10\^(?P<ten>[+-]?\d{1,3})")
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺"


def parse_number(text: str) -> float:
    """A number as people type it: 0,1 · 0.1 · 1e-3 · 3·10⁻² · 12 500 · 5 %. Raises `BadResponse`."""
    sentence = _("Escribe un número, como 0,1 o 1e-3.")
    raised = re.sub(f"[{SUPERSCRIPTS}]+", lambda m: "^" + unicodedata.normalize("NFKC", m[0]), text[:LONGEST])
    plain = (
        unicodedata.normalize("NFKC", raised).replace("−", "-").replace("·", "*").replace("×", "*").lower()
    )
    plain = re.sub(r"\s+", "", plain).replace("**", "^").replace("^(", "^").removesuffix(")")
    plain = _with_point(plain)
    if bare := BARE_POWER.fullmatch(plain):
        return float(f"{bare['sign']}1e{bare['ten']}")
    found = NUMBER.fullmatch(plain)
    if not found:
        raise BadResponse(sentence)
    value = float(f"{found['mantissa']}e{found['e'] or found['ten'] or 0}")
    if not math.isfinite(value):
        raise BadResponse(sentence)
    return value / 100 if found["percent"] else value


def _with_point(text: str) -> str:
    """Of comma and point, the last kind is the decimal one; a sign that repeats parts thousands."""
    if "," in text and "." in text:
        thousands = "," if text.rindex(".") > text.rindex(",") else "."
        return text.replace(thousands, "").replace(",", ".")
    for sign in ",.":
        if text.count(sign) > 1:
            return text.replace(sign, "")
    return text.replace(",", ".")


def _without_unit(text: str, unit: str) -> str:
    """`text` without the question's unit behind the number; another unit is no answer. Case doesn't count."""
    typed, due = text.strip(), unit.strip()
    if not due:
        return typed
    if typed.casefold().endswith(due.casefold()) and not typed[: -len(due)].rstrip()[-1:].isalpha():
        return typed[: -len(due)]
    number = typed.rstrip("%°").rstrip()
    while number and number[-1].isalpha():
        number = number[:-1]
    other = typed[len(number) :].strip()
    if not other or not any(char.isdigit() for char in number):
        return typed
    if other.casefold() == due.casefold().removesuffix("s"):
        return number
    raise BadResponse(_("Aquí la unidad es «%(unit)s»: escribe el número en ella.") % {"unit": due})


def _join(*parts: str) -> str:
    return "".join(f"<p>{part}</p>" for part in parts if part)


def _chosen(response: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    choice = response.get("choice")
    if not isinstance(choice, str) or choice not in known:
        raise BadResponse(_("Elige una opción."))
    return choice


def _single(answer: Mapping[str, Any], response: Mapping[str, Any]) -> Marked:
    choice = _chosen(response, answer["why"])
    correct = choice == answer["correct"]
    return Marked(correct, _join(answer["why"][choice], answer.get("right", "") if correct else ""))


def _multiple(answer: Mapping[str, Any], response: Mapping[str, Any]) -> Marked:
    choices = response.get("choices")
    if not isinstance(choices, list) or not choices:
        raise BadResponse(_("Elige al menos una opción."))
    if not all(isinstance(choice, str) and choice in answer["why"] for choice in choices):
        raise BadResponse(_("Una de las opciones ya no existe; recarga la página."))
    given, due = set(choices), set(answer["correct"])
    if given == due:
        reasons = [answer["why"][choice] for choice in answer["correct"]]
        return Marked(True, _join(*reasons, answer.get("right", "")))
    excess = [answer["why"][choice] for choice in sorted(given - due)]
    if excess:
        return Marked(False, _join(*excess))
    return Marked(False, _join(escape(_("Lo que has marcado es correcto, pero falta algo."))))


def _numeric(answer: Mapping[str, Any], response: Mapping[str, Any]) -> Marked:
    value = parse_number(_without_unit(str(response.get("value", ""))[:LONGEST], answer.get("unit", "")))
    if _near(value, answer["value"], answer["tolerance"]):
        return Marked(True, _join(answer.get("right", "")))
    for wrong in answer["wrong"]:
        if _near(value, wrong["value"], wrong["tolerance"]):
            return Marked(False, _join(wrong["why"]))
    return Marked(False, _join(answer.get("otherwise", "")))


def _near(value: float, due: float, tolerance: float) -> bool:
    return abs(value - due) <= tolerance + 1e-9 * abs(due)


def _text(value: str) -> str:
    """What counts of a printed text: its words, not its spaces nor the kind of its quotes."""
    return " ".join(value.replace('"', "'").split())


def _predict(answer: Mapping[str, Any], response: Mapping[str, Any]) -> Marked:
    given = response.get("text")
    if not isinstance(given, str) or not given.strip():
        raise BadResponse(_("Escribe lo que crees que imprime."))
    if len(given) > LONGEST:
        raise BadResponse(
            _("Son más de %(most)d caracteres; escribe solo lo que imprime.") % {"most": LONGEST}
        )
    typed = _text(given)
    if any(typed == _text(text) for text in answer["accept"]):
        return Marked(True, _join(answer.get("right", "")))
    for wrong in answer["wrong"]:
        if typed == _text(wrong["value"]):
            return Marked(False, _join(wrong["why"]))
    return Marked(False, _join(answer.get("otherwise", "")))


def _order(answer: Mapping[str, Any], response: Mapping[str, Any]) -> Marked:
    given, due = response.get("order"), answer["order"]
    if not isinstance(given, list) or sorted(map(str, given)) != sorted(due):
        raise BadResponse(_("Da a cada elemento un lugar distinto."))
    if given == due:
        return Marked(True, _join(answer.get("right", "")))
    placed = sum(one == other for one, other in zip(given, due, strict=True))
    count = _("%(placed)d de %(total)d están en su lugar.") % {"placed": placed, "total": len(due)}
    return Marked(False, _join(escape(count), answer.get("otherwise", "")))


def _match(answer: Mapping[str, Any], response: Mapping[str, Any]) -> Marked:
    given, due = response.get("pairs"), answer["pairs"]
    if (
        not isinstance(given, Mapping)
        or set(given) != set(due)
        or not set(map(str, given.values())) <= set(due.values())
    ):
        raise BadResponse(_("Empareja todos los elementos."))
    missed = [left for left in due if given[left] != due[left]]
    if not missed:
        return Marked(True, _join(answer.get("right", "")))
    count = _("%(good)d de %(total)d parejas son correctas.") % {
        "good": len(due) - len(missed),
        "total": len(due),
    }
    reasons = [answer.get("why", {}).get(left, "") for left in missed]
    return Marked(False, _join(escape(count), *reasons, answer.get("otherwise", "")))


MARKERS: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Marked]] = {
    "single": _single,
    "curve": _single,
    "multiple": _multiple,
    "numeric": _numeric,
    "predict": _predict,
    "order": _order,
    "match": _match,
}
