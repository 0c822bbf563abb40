"""The blocks of a rendered lesson, each with an id that a student's note can hold on to.

An id is made of what the block says, so that an edit elsewhere does not touch it. When a block itself is
edited, `followed` tells which of the new ones took its place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape

TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
VOID = frozenset({"br", "hr", "wbr", "col", "img", "input"})
ID = re.compile(r'\sid="([^"]*)"')
CLASS = re.compile(r'\sclass="([^"]*)"')
QUESTION = re.compile(r'\sdata-question="([^"]*)"')
DRAWN = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
IGNORED = re.compile(r"[\s.,;:!?¡¿«»\"'“”‘’()]+")
WORD = re.compile(r"\w+|[^\w\s]")
UNMARKED = frozenset({"aside"})
"""Tags that are no place for a note: side notes belong to the paragraph before them."""
ALIKE = 0.6
"""From this share of common text on, an edited block is taken for the one that it replaces."""


@dataclass(frozen=True)
class Block:
    """A block of a lesson, not inside any other; `html[start:end]` is all of it, its tag ends at `inner`.

    `id` is empty where there is none. A question's is that which its place gets once it is shown.
    """

    tag: str
    id: str
    classes: frozenset[str]
    start: int
    inner: int
    end: int


def blocks(html: str) -> Iterator[Block]:
    """The outermost elements of well-formed `html`, in order."""
    depth, opened = 0, None
    for found in TAG.finditer(html):
        closes, tag, attributes = found.groups()
        if closes:
            depth -= 1
            if depth == 0 and opened:
                yield _block(opened, found.end())
        elif tag not in VOID and not attributes.endswith("/"):
            if depth == 0:
                opened = found
            depth += 1


def _block(opened: re.Match[str], end: int) -> Block:
    attributes = opened[3]
    own, question, classes = (pattern.search(attributes) for pattern in (ID, QUESTION, CLASS))
    anchor = own[1] if own else f"q-{question[1]}" if question else ""
    names = frozenset(classes[1].split()) if classes else frozenset()
    return Block(opened[2], anchor, names, opened.start(), opened.end(), end)


def with_anchors(html: str) -> str:
    """Give every block without an id one of its own, made of its text; the same text again is counted.

    Placeholders stay as they are: what takes their place has an id.
    """
    pieces, end = [], 0
    taken = set(ID.findall(html))
    for block in blocks(html):
        if block.id or block.tag in UNMARKED or html.startswith("<div data-", block.start):
            continue
        anchor = _fresh(_anchor(html[block.start : block.end]), taken)
        pieces += [html[end : block.inner - 1], f' id="{anchor}">']
        end = block.inner
    return "".join([*pieces, html[end:]])


def _anchor(html: str) -> str:
    said = IGNORED.sub("", plain(html)).casefold() or html
    return f"par-{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def _fresh(anchor: str, taken: set[str]) -> str:
    name, number = anchor, 2
    while name in taken:
        name = f"{anchor}-{number}"
        number += 1
    taken.add(name)
    return name


def plain(html: str) -> str:
    """What `html` says, without drawings, on one line."""
    return " ".join(unescape(TAG.sub("", DRAWN.sub("", html))).split())


def beginnings(html: str, anchors: Collection[str], *, length: int = 90) -> dict[str, str]:
    """How each of these blocks begins, by its id, in the lesson's order; one that is gone is left out.

    Formulas are "…", unless there is nothing else.
    """
    found = {}
    for block in blocks(html) if anchors else ():
        if block.id in anchors:
            whole = html[block.start : block.end]
            text = plain(FORMULA.sub("…", whole))
            text = text if text.strip("… ") else plain(whole)
            found[block.id] = text if len(text) <= length else f"{text[:length].rpartition(' ')[0]}…"
    return found


def followed(before: str, after: str, anchors: Collection[str]) -> dict[str, str]:
    """For each of these ids that `after` no longer has: the id of the block that took its place, if one did.

    That is the one most alike of those that came, provided that they have most of their words in common.
    """
    old, new = _words(before), _words(after)
    came = {anchor: words for anchor, words in new.items() if anchor not in old}
    found: dict[str, str] = {}
    for gone in [anchor for anchor in old if anchor in anchors and anchor not in new]:
        alike = [
            (SequenceMatcher(None, old[gone], words, autojunk=False).ratio(), anchor)
            for anchor, words in came.items()
            if anchor not in found.values()
        ]
        ratio, best = max(alike, default=(0.0, ""))
        if ratio >= ALIKE:
            found[gone] = best
    return found


def _words(html: str) -> dict[str, list[str]]:
    return {
        block.id: WORD.findall(plain(html[block.start : block.end])) for block in blocks(html) if block.id
    }
