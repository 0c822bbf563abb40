"""What a page of a course may ask about the rest of it: links, figures, terms, formulas."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from .figure import Figure
from .maths import Maths, keep_signs
from .mistakes import Mistakes, Where
from .scan import TOKEN


def plain_slug(text: str) -> str:
    """`text` as an id: small ASCII letters, digits and hyphens."""
    ascii_text = unicodedata.normalize("NFKD", TOKEN.sub("", text)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")


def term_key(text: str) -> str:
    """The form in which a glossary term is looked up: case and accents don't count."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(char for char in folded if not unicodedata.combining(char)).split())


@dataclass
class Context:
    """Filled while the outline, the figures and the glossary are read; then every page renders with it."""

    course: str
    mistakes: Mistakes
    maths: Maths
    lessons: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)
    exercises: set[str] = field(default_factory=set)
    labs: set[str] = field(default_factory=set)
    ideas: set[str] | None = None  # None: the course lists none
    figures: Mapping[str, Figure] = field(default_factory=dict)
    terms: dict[str, str] = field(default_factory=dict)  # key → id on the glossary page
    anchors: dict[str, set[str]] = field(default_factory=dict)  # URL of a page → the ids on it
    asked: list[tuple[Where, str, str]] = field(default_factory=list)  # links to check: URL, id
    mathml: dict[str, str] = field(default_factory=dict)

    def lesson_url(self, number: str) -> str:
        """As in `lessons.urls`; a test holds them together."""
        return f"/courses/{self.course}/lessons/{number}/"

    def page_url(self, slug: str) -> str:
        """As in `lessons.urls`."""
        return f"/courses/{self.course}/pages/{slug}/"

    def exercise_url(self, slug: str) -> str:
        """As in `exercises`' URLs."""
        return f"/courses/{self.course}/exercises/{slug}/"

    def url(self, target: str, here: str, where: Where) -> str:
        """The address of a link as written; a dead one is a mistake and leads nowhere."""
        kind, _, rest = target.partition(":")
        name, _, anchor = rest.partition("#")
        places = {
            "leccion": ("lesson", self.lessons, self.lesson_url),
            "pagina": ("page", self.pages, self.page_url),
            "ejercicio": ("exercise", self.exercises, self.exercise_url),
        }
        if kind in {"http", "https", "mailto"} and rest:
            return target
        if target.startswith("#"):
            self.asked.append((where, here, target[1:]))
            return target
        if kind == "figura":
            self.asked.append((where, here, f"fig-{rest}"))
            return f"#fig-{rest}"
        if kind not in places:
            known = "leccion:, ejercicio:, pagina:, figura:, #id, https:"
            self.mistakes.add(where, f"a link to {target!r} leads nowhere; a link begins with {known}")
            return "#"
        what, names, build = places[kind]
        if name not in names:
            close = get_close_matches(name, names, n=1)
            hint = f"; do you mean {close[0]}?" if close else ""
            self.mistakes.add(where, f"there is no {what} {name}{hint}")
            return "#"
        url = build(name)
        if anchor:
            self.asked.append((where, url, anchor))
        return f"{url}#{anchor}" if anchor else url

    def term(self, term: str, text: str, where: Where) -> str:
        """Markdown that links to the glossary."""
        found = self.terms.get(term_key(term))
        if found is None:
            close = get_close_matches(term_key(term), self.terms, n=1)
            hint = f"; do you mean {close[0]!r}?" if close else ""
            self.mistakes.add(where, f"the glossary has no {term!r}{hint}")
            return text
        return f"[{text}]({self.page_url('glosario')}#{found})"

    def check_anchors(self) -> None:
        """Tell every link to an id that its page has not; pages not read have all."""
        for where, url, anchor in self.asked:
            if url in self.anchors and anchor not in self.anchors[url]:
                close = get_close_matches(anchor, self.anchors[url], n=1)
                hint = f"; do you mean #{close[0]}?" if close else ""
                self.mistakes.add(where, f"there is no #{anchor} on that page{hint}")

    def filled(self, value: Any) -> Any:
        """`value` with its formulas in place: a text, or lists and mappings of texts."""
        if isinstance(value, str):
            return keep_signs(TOKEN.sub(self._formula, value))
        if isinstance(value, list):
            return [self.filled(item) for item in value]
        if isinstance(value, dict):
            return {key: self.filled(item) for key, item in value.items()}
        return value

    def _formula(self, found: re.Match[str]) -> str:
        mathml = self.mathml.get(found[2], "")
        return f'<div class="equation">{mathml}</div>' if found[1] == "d" else mathml
