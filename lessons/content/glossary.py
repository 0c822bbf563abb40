"""The glossary: entries read before any page, for all pages link to them; rendered as one list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from .context import Context, plain_slug, term_key
from .document import Document
from .mistakes import Where

HEAD = re.compile(r"^###[ \t]+(.+?)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """A term; `names` begins with the one shown, the rest are other ways to link to it."""

    names: tuple[str, ...]
    english: str
    lesson: str
    body: str
    where: Where

    @property
    def anchor(self) -> str:
        return f"termino-{plain_slug(self.names[0])}"


def entries(text: str, where: Where, context: Context) -> tuple[str, list[Entry]]:
    """The text before the first entry, and the entries; their terms go into the context."""
    heads = list(HEAD.finditer(text))
    found = []
    for index, head in enumerate(heads):
        end = heads[index + 1].start() if index + 1 < len(heads) else len(text)
        here = where.down(text.count("\n", 0, head.start()))
        parts = [part.strip() for part in head[1].split("|")]
        if len(parts) != 3 or not all(parts[:2]):
            context.mistakes.add(here, "an entry begins '### término, otro nombre | English term | 1.1.1'")
            continue
        names = tuple(name.strip() for name in parts[0].split(",") if name.strip())
        entry = Entry(names, parts[1], parts[2], text[head.end() : end], here)
        for name in (*names, parts[1]):
            other = context.terms.setdefault(term_key(name), entry.anchor)
            if other != entry.anchor:
                context.mistakes.add(here, f"{name!r} already names #{other}")
        found.append(entry)
    return text[: heads[0].start()] if heads else text, found


def as_html(document: Document, found: list[Entry]) -> str:
    """The list, in alphabetical order; each entry with its English term and the lesson that explains it."""
    rows = []
    for entry in sorted(found, key=lambda entry: term_key(entry.names[0])):
        document.claim(entry.anchor, entry.where)
        lesson = ""
        if entry.lesson:
            url = document.context.url(f"leccion:{entry.lesson}", document.url, entry.where)
            lesson = f' <a class="glossary__lesson" href="{url}">{escape(entry.lesson)}</a>'
        others = (
            f' <span class="glossary__others">({escape(", ".join(entry.names[1:]))})</span>'
            if entry.names[1:]
            else ""
        )
        body = document.render(entry.body.strip("\n"), entry.where.down(1))
        rows.append(
            f'<div class="glossary__entry" id="{entry.anchor}"><dt>{escape(entry.names[0])}{others} '
            f'<span class="glossary__english" lang="en">{escape(entry.english)}</span>{lesson}</dt>'
            f"<dd>{body}</dd></div>"
        )
    return f'<dl class="glossary">{"".join(rows)}</dl>' if rows else ""
