"""What Markdown must not touch, taken out before it runs: code, maths, values, links, citations.

Each becomes a token of private-use characters, which Markdown and the sanitiser leave alone; a file that
already holds such a character was refused when it was read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .mistakes import Mistakes, Where
from .values import VALUE

OPEN, CLOSE = "\ue000", "\ue001"
TOKEN = re.compile(f"{OPEN}([a-z])([0-9a-f]+){CLOSE}")

PIECE = re.compile(
    r"""
    ^(?P<indent>[ ]*)(?P<fence>```+|~~~+)[ ]*(?P<language>[\w+-]*)[^\n]*\n(?P<code>.*?)^[ ]*(?P=fence)[ ]*$
    | (?P<comment><!--.*?-->)
    | (?P<inline_code>(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))
    | (?P<image>!\[[^\]\n]*\]\([^)\n]*\))
    | (?P<dollar>\\\$)
    | \$\$(?P<display>.+?)\$\$
    | (?<![\\$])\$(?!\s)(?P<formula>(?:\\.|[^$\\\n]|\n(?!\s*\n))+?)(?<!\s)\$(?!\d)
    | (?P<value>\{\{.*?\}\})
    | \[\[(?P<term>[^\[\]\n|]+)(?:\|(?P<term_text>[^\[\]\n|]+))?\]\]
    | \[@(?P<citation>[\w-]+)\]
    | \]\(\s*<?(?P<target>[^)\s>]*)>?
    | ^\[(?!\^)[^\]\n]+\]:[ ]*<?(?P<reference>[^\s>]+)>?
    | (?P<lone>(?<!\\)\$)
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Answers:
    """What the scanner asks of the page. Each takes what was found and where, and gives its text."""

    code: Callable[[str, str, Where], str]  # code, language → HTML
    formula: Callable[[str, Where, bool], str]  # LaTeX, display → key
    value: Callable[[re.Match[str], Where, str], str]  # value, "text", "latex" or "code" → text
    term: Callable[[str, str, Where], str]  # term, text → Markdown
    citation: Callable[[str, Where], str]  # key → Markdown
    target: Callable[[str, Where], str]  # link target → URL


def scan(text: str, where: Where, ask: Answers, keep: Callable[[str, bool], str], mistakes: Mistakes) -> str:
    """`text` with its pieces answered. `keep(html, block)` stores it and returns its token."""

    def values(source: str, here: Where, kind: str) -> str:
        return VALUE.sub(lambda m: ask.value(m, here.down(source.count("\n", 0, m.start())), kind), source)

    def replace(found: re.Match[str]) -> str:
        here = where.down(text.count("\n", 0, found.start()))
        if found["fence"]:
            html = ask.code(_dedent(found["code"], found["indent"]), found["language"], here)
            return f"\n{found['indent']}{keep(html, True)}\n"
        if found["comment"] is not None:
            return ""
        if found["inline_code"]:
            return values(found[0], here, "code")
        if found["image"]:
            mistakes.add(here, "a picture comes from a figure script: ':::figure name'")
            return ""
        if found["dollar"]:
            return keep("$", False)
        if found["display"] or found["formula"]:
            display = found["display"] is not None
            tex = values(found["display"] or found["formula"], here, "latex")
            return f"{OPEN}{'d' if display else 'm'}{ask.formula(tex.strip(), here, display)}{CLOSE}"
        if found["value"]:
            if not (match := VALUE.fullmatch(found[0])):
                mistakes.add(here, f"{found[0]!r} is no value: {{{{ figure.path | format }}}}")
                return ""
            return ask.value(match, here, "text")
        if found["term"]:
            shown = scan((found["term_text"] or found["term"]).strip(), here, ask, keep, mistakes)
            return ask.term(found["term"].strip(), shown, here)
        if found["citation"]:
            return ask.citation(found["citation"], here)
        if found["target"] is not None:
            return "](" + ask.target(found["target"], here)
        if found["reference"]:
            return found[0].replace(found["reference"], ask.target(found["reference"], here))
        mistakes.add(here, "a $ without its partner; write \\$ for the sign itself")
        return keep("$", False)

    return PIECE.sub(replace, text)


def _dedent(code: str, indent: str) -> str:
    return "\n".join(line.removeprefix(indent) for line in code.split("\n")).rstrip("\n")
