"""The blocks of a page, each to its HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import escape

from . import quiz
from .blocks import Block
from .code import as_html
from .context import Context
from .document import Document
from .fields import SLUG, Fields
from .records import Heading, Snippet

RUNNABLE = re.compile(
    r"\s*(?P<head>(?:[a-z]+:[^\n]*\n)*)\s*```python[^\n]*\n(?P<code>.*?)\n?```\s*"
    r"(?:```salida[^\n]*\n(?P<output>.*?)\n?```\s*)?",
    re.DOTALL,
)


def open_page(context: Context, url: str) -> Document:
    """A page to render, that knows every block."""
    return Document(context, url, block_html)


def block_html(document: Document, block: Block) -> str:
    """The HTML of a block, or nothing after telling what is wrong with it."""
    build = BLOCKS.get(block.name)
    if build is None:
        known = ", ".join(sorted(BLOCKS))
        document.mistakes.add(block.opened, f"unknown block ':::{block.name}'; there are: {known}")
        return ""
    return build(document, block)


def _fields(document: Document, block: Block) -> Fields | None:
    data = document.yaml(block.body, block.where)
    return None if data is None else Fields(data, f":::{block.name}", document.mistakes)


def _named(document: Document, block: Block) -> str:
    if SLUG.fullmatch(block.argument):
        return block.argument
    document.mistakes.add(block.opened, f"':::{block.name}' needs a name of a-z, 0-9 and hyphens after it")
    return ""


def figure(document: Document, block: Block) -> str:
    """A figure with its caption."""
    name, fields = _named(document, block), _fields(document, block)
    if not name or fields is None:
        return ""
    alt = fields.text("alt")
    caption = document.inline(fields.text("caption"), fields.where("caption"))
    width = fields.choice("width", {"text", "page"}, default="text")
    fields.finish()
    return document.figure(name, block.opened, alt=alt, caption=caption, width=width)


def lab(document: Document, block: Block) -> str:
    """A lab: its task in words, and the figure that stands in for it without scripts."""
    name, fields = _named(document, block), _fields(document, block)
    if not name or fields is None:
        return ""
    if name not in document.context.labs:
        document.mistakes.add(block.opened, f"the outline has no lab {name!r}")
    title = fields.text("title", required=False, default=name.replace("-", " ").capitalize())
    task = document.inline(fields.text("task"), fields.where("task"))
    notice = document.inline(fields.text("notice"), fields.where("notice"))
    settings = fields.mapping("settings", required=False)
    fallback = fields.text("fallback", required=False)
    alt = fields.text("alt", required=False, default=f"{title}: figura en lugar del laboratorio")
    fields.finish()
    document.labs[name] = block.opened
    document.claim(f"lab-{name}", block.opened)
    drawn = ""
    if fallback:
        where = fields.where("fallback")
        drawn = document.figure(fallback, where, alt=alt, caption="", width="page", numbered=False)
    shown = f"Laboratorio: {document.inline(title, block.opened)}"
    stored = escape(json.dumps(settings.value if settings else {}, ensure_ascii=False))
    return (
        f'<section class="lab" id="lab-{name}" data-lab="{name}" data-settings="{stored}" '
        f'aria-labelledby="lab-{name}-titulo">'
        f'<h3 class="lab__title" id="lab-{name}-titulo">{shown}</h3>'
        f'<p class="lab__task"><strong>Tarea.</strong> {task}</p>'
        f'<p class="lab__notice"><strong>Fíjate.</strong> {notice}</p>'
        f'<div class="lab__stage">{drawn}</div></section>'
    )


def exercise(document: Document, block: Block) -> str:
    """The place of an exercise's card."""
    name = _named(document, block)
    if name and name not in document.context.exercises:
        document.mistakes.add(block.opened, f"the outline has no exercise {name!r}")
        return ""
    if block.body.strip():
        document.mistakes.add(block.where, "':::exercise' has an empty body")
    document.asked[name] = block.opened
    return f'<div data-exercise="{name}"></div>'


def aviso(document: Document, block: Block) -> str:
    """A warning."""
    title = document.inline(block.argument, block.opened) if block.argument else ""
    head = f'<p class="aviso__title">{title}</p>' if title else ""
    return f'<div class="aviso" role="note">{head}{document.render(block.body, block.where)}</div>'


def demostracion(document: Document, block: Block) -> str:
    """A proof, folded."""
    title = document.inline(block.argument or "Demostración", block.opened)
    body = document.render(block.body, block.where)
    return f'<details class="demostracion"><summary>{title}</summary>{body}</details>'


def codigo(document: Document, block: Block) -> str:
    """Code with a button that runs it."""
    name, found = _named(document, block), RUNNABLE.fullmatch(block.body)
    if found is None:
        why = "holds options as 'key: value', a ```python and, if you like, a ```salida, and nothing else"
        document.mistakes.add(block.where, f"':::codigo' {why}")
        return ""
    data = document.yaml(found["head"] or "{}", block.where)
    fields = Fields(data, ":::codigo", document.mistakes) if data else None
    runtime = (fields and fields.slug("runtime", required=False)) or "numpy"
    if fields:
        fields.finish()
    document.claim(f"codigo-{name}", block.opened)
    here = block.where
    document.snippets.append(Snippet(name, runtime, found["code"], found["output"], here.path, here.line))
    source = as_html(found["code"], "python", block.where, document.mistakes)
    output = ""
    if found["output"] is not None:
        output = (
            '<p class="runnable__label">Salida</p>'
            f'<pre class="runnable__output"><samp>{escape(found["output"], quote=False)}</samp></pre>'
        )
    start = f'<div class="runnable" id="codigo-{name}" data-runnable="{name}" data-runtime="{runtime}">'
    return f"{start}{source}{output}</div>"


def fuentes(document: Document, block: Block) -> str:
    """The page's sources, which `[@key]` cites."""
    data = document.yaml(block.body, block.where)
    if data is None or not isinstance(data.value, list) or not data.value:
        if data is not None:
            document.mistakes.add(block.where, "':::fuentes' holds a YAML list")
        return ""
    entries = []
    for index in range(len(data.value)):
        fields = Fields(data.sub(index), "the source", document.mistakes)
        key, authors, year = fields.slug("key"), fields.text("authors"), fields.text("year")
        title = document.inline(fields.text("title"), fields.where("title"))
        where = fields.text("where", required=False)
        why = document.inline(fields.text("why", required=False), fields.where("why"))
        document.claim(f"fuente-{key}", fields.data.where)
        last = authors.split(";")[0].split(" y ")[0].split(",")[0].split()[-1:] or [key]
        document.sources[key] = escape(fields.text("cite", required=False) or f"{last[0]}, {year}")
        link = _source_link(fields)
        fields.finish()
        entries.append(
            f'<li id="fuente-{key}">{escape(authors)} ({escape(year)}). <cite>{title}</cite>.'
            + (f" {document.inline(where, block.where)}." if where else "")
            + f" {link}"
            + (f' <span class="sources__why">{why}</span>' if why else "")
            + "</li>"
        )
    document.claim("fuentes", block.opened)
    document.headings.append(Heading(2, "fuentes", "Fuentes"))
    body = "".join(entries)
    title = '<h2 id="fuentes">Fuentes</h2>'
    return f'<section class="sources" aria-labelledby="fuentes">{title}<ul>{body}</ul></section>'


def _source_link(fields: Fields) -> str:
    kinds = {
        "doi": (r"10\.\d{4,9}/\S+", "https://doi.org/", "doi:"),
        "arxiv": (
            r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?",
            "https://arxiv.org/abs/",
            "arXiv:",
        ),
        "url": (r"https?://\S+", "", ""),
    }
    links = []
    for kind, (pattern, base, shown) in kinds.items():
        value = fields.text(kind, required=False)
        if value and not re.fullmatch(pattern, value):
            fields.wrong(kind, f"{value!r} is no {kind}")
        elif value:
            address = escape(base + value)
            links.append(f'<a href="{address}" rel="noopener">{shown}{escape(value)}</a>')
    isbn = fields.text("isbn", required=False)
    if isbn:
        links.append(f"ISBN {escape(isbn)}")
    if not links:
        fields.mistakes.add(fields.data.where, "the source: one of doi, arxiv, url, isbn is needed")
    return " ".join(links)


def quiz_block(document: Document, block: Block) -> str:
    """The places of the questions."""
    data = document.yaml(block.body, block.where)
    if data is None or not isinstance(data.value, list) or not data.value:
        if data is not None:
            document.mistakes.add(block.where, "':::quiz' holds a YAML list of questions")
        return ""
    found = [quiz.read(document, data.sub(index)) for index in range(len(data.value))]
    places = []
    for question, where in found:
        if any(other.key == question.key for other in document.questions):
            document.mistakes.add(where, f"two questions have the key {question.key!r}")
        document.questions.append(question)
        places.append(f'<div data-question="{question.key}"></div>')
    return "".join(places)


BLOCKS: dict[str, Callable[[Document, Block], str]] = {
    "figure": figure,
    "lab": lab,
    "exercise": exercise,
    "aviso": aviso,
    "demostracion": demostracion,
    "codigo": codigo,
    "fuentes": fuentes,
    "quiz": quiz_block,
}
