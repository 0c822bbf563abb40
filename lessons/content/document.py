"""One page of Markdown to HTML: blocks, maths, notes, headings, everything checked on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import cast

import lxml.html
from lxml.html import HtmlElement
from markdown import Markdown

from . import blocks, clean, code
from .context import Context, plain_slug
from .files import Data, read_yaml
from .mistakes import Where
from .records import Heading, QuestionRecord, Snippet
from .scan import CLOSE, OPEN, TOKEN, Answers, scan
from .values import OWN, NoValue, find, write

EXTENSIONS = ["tables", "footnotes", "attr_list", "def_list", "abbr", "sane_lists", "pymdownx.betterem"]
BLOCK_TOKEN = re.compile(f"({OPEN}[bd][0-9a-f]+{CLOSE})")
PARAGRAPH = re.compile(r"<p\b[^>]*>(.*?)</p>", re.DOTALL)
FORMULAS = re.compile(f"({OPEN}m[0-9a-f]+{CLOSE}|\\s)+")
PER_CENT = re.compile(r"(?<=\d) %")
ALIGNED = re.compile(r' style="text-align: (left|center|right);"')


class Document:
    """A page being rendered. `url` is its own address; `render` may be called many times for its parts."""

    def __init__(self, context: Context, url: str, build: Callable[[Document, blocks.Block], str]) -> None:
        self.context, self.url, self.build = context, url, build
        self.mistakes = context.mistakes
        self.ids: set[str] = set()
        self.headings: list[Heading] = []
        self.questions: list[QuestionRecord] = []
        self.labs: dict[str, Where] = {}
        self.asked: dict[str, Where] = {}  # exercises that have a card here
        self.snippets: list[Snippet] = []
        self.sources: dict[str, str] = {}  # key → how a citation of it reads
        self.cited: list[tuple[str, Where]] = []
        self.copies: dict[str, int] = {}
        self.numbers: Mapping[str, float] = {}  # those of the variant being rendered
        self.figures = self.notes = 0
        self.kept: list[str] = []

    def page(self, text: str, where: Where) -> str:
        """The whole body of a page; then its ids are known, and its citations are checked."""
        html = self.render(text, where)
        for key, at in self.cited:
            if key not in self.sources:
                self.mistakes.add(at, f"no source has the key {key!r}; write it in ':::fuentes'")
            html = html.replace(f"{OPEN}c{key.encode().hex()}{CLOSE}", self.sources.get(key, key))
        self.headings.sort(key=lambda heading: html.find(f'id="{heading.id}"'))
        self.context.anchors.setdefault(self.url, set()).update(self.ids)
        return html

    def inline(self, text: str, where: Where) -> str:
        """A short text: as `render`, without the paragraph around it if there is only one."""
        html = self.render(text, where).strip()
        only = PARAGRAPH.fullmatch(html)
        return only[1] if only and "<p" not in only[1] else html

    def render(self, text: str, where: Where) -> str:
        """Markdown to clean HTML; formulas are still tokens, for the course renders them together."""
        parts, here = [], where
        for piece in blocks.split(text, where, self.mistakes):
            if isinstance(piece, str):
                parts.append(scan(piece, here, self._answers, self._keep, self.mistakes))
                here = here.down(piece.count("\n"))
            else:
                parts.append(f"\n\n{self._keep(self.build(self, piece), True)}\n\n")
                here = here.down(piece.lines)
        markdown = Markdown(extensions=EXTENSIONS, output_format="html", tab_length=4)
        html = ALIGNED.sub(r' align="\1"', markdown.convert("".join(parts)))
        if "<h1" in html:
            self.mistakes.add(where, "a heading with one # is the page's title; begin with ##")
        return self._put_back(self._arrange(clean.html(html), where))

    def yaml(self, text: str, where: Where) -> Data | None:
        """The data in a block, or None after telling what is wrong with it."""
        return read_yaml(text, where, self.mistakes)

    def claim(self, anchor: str, where: Where) -> str:
        """Take an id for this page; one that is taken is a mistake."""
        if anchor in self.ids:
            self.mistakes.add(where, f"the id {anchor!r} stands twice on this page")
        self.ids.add(anchor)
        return anchor

    def figure(
        self, name: str, where: Where, *, alt: str, caption: str, width: str, numbered: bool = True
    ) -> str:
        """The figure's HTML, or nothing after telling that there is none."""
        figure = self.context.figures.get(name)
        if figure is None:
            known = ", ".join(sorted(self.context.figures)) or "none"
            self.mistakes.add(where, f"there is no figure {name!r}; there are: {known}")
            return ""
        copy = self.copies[name] = self.copies.get(name, 0) + 1
        self.figures += numbered
        self.ids.add(f"fig-{name}")
        number = self.figures if numbered else 0
        return figure.html(alt=alt, caption=caption, width=width, number=number, copy=copy)

    def _keep(self, html: str, block: bool) -> str:
        self.kept.append(html)
        return f"{OPEN}{'b' if block else 'k'}{len(self.kept) - 1:x}{CLOSE}"

    @property
    def _answers(self) -> Answers:
        return Answers(
            code=lambda text, language, where: code.as_html(text, language, where, self.mistakes),
            formula=lambda tex, where, display: self.context.maths.add(tex, where, display=display),
            value=self._value,
            term=self.context.term,
            citation=self._citation,
            target=lambda target, where: self.context.url(target, self.url, where),
        )

    def _value(self, found: re.Match[str], where: Where, kind: str) -> str:
        name, path, form = found.groups()
        figure = self.context.figures.get(name)
        try:
            if name != OWN and figure is None:
                raise NoValue(f"there is no figure {name!r}")
            value = find(figure.data if figure else self.numbers, path)
            if kind == "code":
                return f"{value:.6g}" if isinstance(value, float) else str(value)
            return write(value, form or "", latex=kind == "latex")
        except NoValue as error:
            self.mistakes.add(where, f"{found[0]}: {error}")
            return "?"

    def _citation(self, key: str, where: Where) -> str:
        self.cited.append((key, where))
        return f"[{OPEN}c{key.encode().hex()}{CLOSE}](#fuente-{key})"

    def _arrange(self, html: str, where: Where) -> str:
        """Ids for headings, notes beside their paragraphs, boxes around tables."""
        root = cast(HtmlElement, lxml.html.fragment_fromstring(html, create_parent="div"))
        _keep_per_cent(root)
        for element in list(_elements(root)):
            if element.tag in {"h2", "h3", "h4"}:
                self._heading(element, where)
            elif element.tag == "table":
                _box(element)
            elif element.tag == "a" and FORMULAS.fullmatch(element.text_content()):
                self.mistakes.add(
                    where, "a link that is only a formula has no name to be read aloud; put a word into it"
                )
            elif (anchor := str(element.get("id") or "")) and not anchor.startswith(("fn:", "fnref")):
                self.claim(anchor, where)
        self._notes(root)
        inner = (root.text or "") + "".join(lxml.html.tostring(child, encoding="unicode") for child in root)
        return PARAGRAPH.sub(_split, inner)

    def _heading(self, element: HtmlElement, where: Where) -> None:
        title = element.text_content()
        own = element.get("id")
        anchor = own or plain_slug(title) or "seccion"
        number = 2
        while not own and anchor in self.ids:
            anchor = f"{plain_slug(title) or 'seccion'}-{number}"
            number += 1
        element.set("id", self.claim(anchor, where))
        self.headings.append(Heading(int(element.tag[1]), anchor, self._put_back(title)))

    def _notes(self, root: HtmlElement) -> None:
        """Footnotes become asides right after the outermost element that calls them."""
        lists = [
            item
            for item in root.iter("div")
            if item.find("ol/li[@id]") is not None and item.find("hr") is not None
        ]
        notes = {str(item.get("id")): item for found in lists for item in found.iter("li")}
        for call in [
            element for element in root.iter("sup") if str(element.get("id", "")).startswith("fnref")
        ]:
            target = str(call[0].get("href", ""))[1:]
            note = notes.pop(target, None)
            if note is None:
                continue
            self.notes += 1
            aside = lxml.html.Element(
                "aside", {"class": "sidenote", "role": "note", "id": f"nota-{self.notes}"}
            )
            mark = lxml.html.Element("span", {"class": "sidenote__number"})
            mark.text = str(self.notes)
            aside.append(mark)
            _move_note(note, aside)
            call.attrib.clear()
            call.set("class", "sidenote-call")
            call.set("id", f"llamada-{self.notes}")
            link = lxml.html.Element("a", {"href": f"#nota-{self.notes}"})
            link.text = str(self.notes)
            call[:] = [link]
            outer = call
            while outer.getparent() is not root:
                outer = cast(HtmlElement, outer.getparent())
            after = outer
            while (following := after.getnext()) is not None and following.get("class") == "sidenote":
                after = following
            aside.tail, after.tail = after.tail, None
            after.addnext(aside)
        for found in lists:
            found.drop_tree()

    def _put_back(self, html: str) -> str:
        return TOKEN.sub(lambda m: self.kept[int(m[2], 16)] if m[1] in "bk" else m[0], html)


def _elements(root: HtmlElement) -> Iterator[HtmlElement]:
    return (element for element in root.iterdescendants() if isinstance(element.tag, str))


def _keep_per_cent(root: HtmlElement) -> None:
    """A number and its % are one word: no line ends between them. Code is left as it was written."""
    for element in root.iter():
        if element.text and element.tag not in {"code", "pre"}:
            element.text = PER_CENT.sub("\u00a0%", element.text)
        if element.tail:
            element.tail = PER_CENT.sub("\u00a0%", element.tail)


def _box(table: HtmlElement) -> None:
    box = lxml.html.Element("div", {"class": "table-box"})
    box.tail, table.tail = table.tail, None
    table.addprevious(box)
    box.append(table)


def _move_note(note: HtmlElement, aside: HtmlElement) -> None:
    """The note's text into the aside; its paragraphs become spans, for an aside's text runs on."""
    paragraphs = note.findall("p") or [note]
    for paragraph in paragraphs:
        for back in [link for link in paragraph.iter("a") if str(link.get("href", "")).startswith("#fnref")]:
            back.drop_tree()
        text = lxml.html.Element("span", {"class": "sidenote__text"})
        text.text = (paragraph.text or "").rstrip("\u00a0 ")
        text.extend(list(paragraph))
        if len(text) and text[-1].tail:
            text[-1].tail = str(text[-1].tail).rstrip("\u00a0 ")
        text.tail = " "
        aside[-1].tail = " "
        aside.append(text)


def _split(paragraph: re.Match[str]) -> str:
    """A paragraph with a block in it (an equation, code) becomes paragraphs around the block."""
    pieces = BLOCK_TOKEN.split(paragraph[1])
    if len(pieces) == 1:
        return paragraph[0]
    start = paragraph[0][: paragraph.start(1) - paragraph.start(0)]
    return "".join(
        piece if BLOCK_TOKEN.fullmatch(piece) else f"{start}{piece.strip()}</p>"
        for piece in pieces
        if piece.strip()
    )
