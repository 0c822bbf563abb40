"""Finding `:::name argument` … `:::` in Markdown: what is in a block, and on which line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .mistakes import Mistakes, Where

OPENING = re.compile(r":::[ \t]*([a-zñáéíóú]+)[ \t]*(.*?)[ \t]*")
FENCE = re.compile(r"[ \t]*(```+|~~~+)")


@dataclass(frozen=True)
class Block:
    """A block: `body` begins at `where`, `opened` is the line of its name."""

    name: str
    argument: str
    body: str
    opened: Where

    @property
    def where(self) -> Where:
        return self.opened.down(1)

    @property
    def lines(self) -> int:
        """How many lines of the file it takes, its own two included."""
        return self.body.count("\n") + 2


def split(text: str, where: Where, mistakes: Mistakes) -> list[str | Block]:
    """`text` as pieces in order; blocks within blocks stay in the outer one's body."""
    pieces: list[str | Block] = []
    plain: list[str] = []
    inside: list[str] = []
    opened: tuple[str, str, Where] | None = None
    depth, fence = 0, ""
    for number, line in enumerate(text.split("\n")):
        here, bare = where.down(number), line.rstrip()
        if mark := FENCE.match(line):
            if not fence:
                fence = mark[1]
            elif mark[1].startswith(fence) and bare.strip() == mark[1]:
                fence = ""
        is_mark = bare.startswith(":::") and not fence
        if is_mark and bare != ":::" and not OPENING.fullmatch(bare):
            mistakes.add(here, f"{bare!r} opens no block: ':::name argument'")
        elif is_mark and bare == ":::" and depth == 0:
            mistakes.add(here, "':::' closes no block")
        elif is_mark and bare == ":::":
            depth -= 1
            if depth == 0 and opened:
                pieces.append(Block(opened[0], opened[1], "".join(inside), opened[2]))
                opened, inside = None, []
                continue
        elif is_mark:
            depth += 1
            if depth == 1 and (found := OPENING.fullmatch(bare)):
                if plain:
                    pieces.append("\n".join([*plain, ""]))
                opened, plain = (found[1], found[2], here), []
                continue
        (inside if depth else plain).append(line + "\n" if depth else line)
    if opened:
        mistakes.add(opened[2], f"the block ':::{opened[0]}' is never closed with ':::'")
        if fence:
            mistakes.add(opened[2], f"a {fence} in it, or before it, is never closed")
    if plain:
        pieces.append("\n".join(plain))
    return pieces
