"""The site's HTML as text: Markdown for a file, plain lines for a terminal; formulas as readable signs."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from .formulas import formula
from .words import _

VOID = {"br", "hr", "img", "input", "wbr", "mspace", "source", "col", "path", "line", "rect", "circle", "use"}
BLOCKS = {
    "p", "div", "ul", "ol", "li", "pre", "table", "blockquote", "section", "details", "summary", "figure",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "dl", "dt", "dd", "aside",
}  # fmt: skip
SILENT = {"script", "style", "button", "form", "template"}
HEADING = re.compile(r"h([1-6])")
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
BLANKS = re.compile(r"[ \t\r\n\f]+")


@dataclass
class Node:
    """An element, or with the tag "" a text."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    text: str = ""

    def all_text(self) -> str:
        """Every letter inside."""
        return self.text + "".join(child.all_text() for child in self.children)

    def find(self, *tags: str) -> list[Node]:
        """The elements with one of these tags inside, in order; not those within another of them."""
        found: list[Node] = []
        for child in self.children:
            found += [child] if child.tag in tags else child.find(*tags)
        return found


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("root")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open) - 1, 0, -1):
            if self.open[place].tag == tag:
                del self.open[place:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(Node("", text=data))


def parse(html: str) -> Node:
    """The HTML as a tree."""
    tree = _Tree()
    tree.feed(html)
    tree.close()
    return tree.root


def harmless(value: Any) -> Any:
    """`value` with every text in it stripped of what could steer a terminal: escape codes, bidi overrides."""
    if isinstance(value, str):
        return STEERING.sub("\ufffd", value)
    if isinstance(value, list):
        return [harmless(one) for one in value]
    if isinstance(value, dict):
        return {name: harmless(one) for name, one in value.items()}
    return value


def markdown(html: str, *, base: str) -> str:
    """As Markdown with formulas between dollars; addresses from `base` on."""
    return Writer(base=base, marked=True).blocks(parse(html)).strip() + "\n"


def plain(html: str, *, width: int = 0) -> str:
    """For a terminal: no marks, formulas as signs; paragraphs `width` wide, 0: as long as they are."""
    text = Writer(base="", marked=False).blocks(parse(html)).strip()
    if not width:
        return text
    return "\n".join(textwrap.fill(line, width, break_long_words=False) for line in text.splitlines())


@dataclass(frozen=True)
class Writer:
    """Writes a tree, `marked` as Markdown."""

    base: str
    marked: bool

    def blocks(self, node: Node) -> str:
        """What stands in `node`, each block apart from the next by an empty line."""
        written, run = list[str](), list[Node]()
        for child in [*node.children, Node("end")]:
            if child.tag not in BLOCKS and child.tag != "end":
                run.append(child)
                continue
            written += [text] if (text := self.inline(run)) else []
            run = []
            if child.tag in BLOCKS:
                written += [text] if (text := self.block(child)) else []
        return "\n\n".join(written)

    def block(self, node: Node) -> str:
        """One block."""
        if node.tag in {"ul", "ol"}:
            return self.listed(node)
        if node.tag == "pre":
            return self.code(node)
        if node.tag == "table":
            return self.table(node)
        if node.tag == "hr":
            return "---"
        if node.tag == "figure":
            return self.figure(node)
        if level := HEADING.fullmatch(node.tag):
            marks = "#" * int(level[1]) + " " if self.marked else ""
            return marks + self.inline(node.children)
        inside = self.blocks(node)
        if node.tag in {"blockquote", "aside"} and self.marked:
            return textwrap.indent(inside, "> ", lambda _line: True)
        if node.tag == "summary" and self.marked and inside:
            return f"**{inside}**"
        return inside

    def listed(self, node: Node) -> str:
        """A list, each item's further lines under its first."""
        items = []
        for place, item in enumerate(node.find("li"), start=1):
            mark = f"{place}. " if node.tag == "ol" else "- " if self.marked else "· "
            items.append(mark + textwrap.indent(self.blocks(item), " " * len(mark)).lstrip())
        return "\n".join(items)

    def code(self, node: Node) -> str:
        """A listing as it is."""
        text = node.all_text().strip("\n")
        return f"```python\n{text}\n```" if self.marked else textwrap.indent(text, "    ")

    def table(self, node: Node) -> str:
        """A table with bars."""
        rows = [[self.inline(cell.children) for cell in row.find("th", "td")] for row in node.find("tr")]
        rows = [[cell.replace("|", "\\|") for cell in row] for row in rows if row]
        if not rows:
            return ""
        lines = [f"| {' | '.join(row)} |" for row in rows]
        lines.insert(1, "|" + " --- |" * len(rows[0]))
        return "\n".join(lines)

    def figure(self, node: Node) -> str:
        """What a figure shows, in words: it is drawn on the page only."""
        caption = " ".join(self.inline(found.children) for found in node.find("figcaption"))
        return f"[{_('figura')}: {caption}]" if caption else f"[{_('figura')}]"

    def inline(self, nodes: list[Node]) -> str:
        """A run of text on one line, but for forced breaks."""
        text = BLANKS.sub(" ", "".join(self.span(node) for node in nodes).replace("\v", " \v "))
        return "\n".join(part.strip() for part in text.split("\v")).strip()

    def span(self, node: Node) -> str:
        """One piece of a run."""
        if not node.tag:
            return node.text
        if node.tag in SILENT:
            return ""
        if node.tag == "br":
            return "\v"
        if node.tag == "math":
            return self.maths(node)
        if node.tag in {"svg", "img"}:
            said = node.attributes.get("alt") or node.attributes.get("aria-label", "")
            return f"[{_('figura')}: {said}]" if said else ""
        inside = "".join(self.span(child) for child in node.children)
        if not self.marked or not inside.strip():
            return inside
        if node.tag == "a" and node.attributes.get("href"):
            return f"[{inside}]({urljoin(self.base, node.attributes['href'])})"
        if node.tag == "code":
            return f"`{node.all_text()}`"
        mark = {"strong": "**", "b": "**", "em": "*", "i": "*"}.get(node.tag, "")
        return f"{mark}{inside}{mark}"

    def maths(self, node: Node) -> str:
        """A formula, between dollars in Markdown."""
        told = formula(node, tex=self.marked)
        dollars = "$$" if node.attributes.get("display") == "block" else "$"
        return f"{dollars}{told}{dollars}" if self.marked else told
