"""A student's note as it is shown: a little Markdown, and no HTML of theirs."""

from __future__ import annotations

import re
from functools import lru_cache
from xml.etree.ElementTree import Element

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

TAGS = {"p", "br", "em", "strong", "code", "pre", "ul", "ol", "li", "a"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
CLASSES = {"code": {"tex"}}
LINK = r"\[([^\[\]\n]{1,300})\]\(([^()\s<>]{1,500})\)"
ADDRESS = r"(?<![\w/(\[])(https?://[^\s<>()\[\]]{1,500}[^\s<>()\[\].,;:!?])"
MATHS = r"(?<![\\$\w])\$(?!\s)([^$\n]{1,300}?)(?<![\s\\])\$(?![\w$])"
UNUSED_BLOCKS = ("hashheader", "setextheader", "hr", "quote", "reference")
UNUSED_INLINE = (
    "reference",
    "link",
    "image_link",
    "image_reference",
    "short_reference",
    "short_image_ref",
    "autolink",
    "automail",
    "html",
)
"""A note has no HTML and no pictures, and Markdown's own links take half a minute over 10 000 brackets."""


class _Link(InlineProcessor):
    """`[text](address)`, and an address by itself."""

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], _data: str
    ) -> tuple[Element, int, int]:
        element = Element("a", {"href": m[m.lastindex or 1]})
        element.text = m[1] if m.lastindex == 2 else AtomicString(m[1])
        return element, m.start(), m.end()


class _Maths(InlineProcessor):
    """`$κ$` as code that a script may set as a formula."""

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], _data: str
    ) -> tuple[Element, int, int]:
        element = Element("code", {"class": "tex"})
        element.text = AtomicString(m[1])
        return element, m.start(), m.end()


def _renderer() -> Markdown:
    markdown = Markdown(
        extensions=["sane_lists", "nl2br", "fenced_code", "pymdownx.betterem"], output_format="html"
    )
    markdown.preprocessors.deregister("html_block")
    for name in UNUSED_BLOCKS:
        markdown.parser.blockprocessors.deregister(name)
    for name in UNUSED_INLINE:
        markdown.inlinePatterns.deregister(name)
    markdown.inlinePatterns.register(_Maths(MATHS, markdown), "maths", 185)
    markdown.inlinePatterns.register(_Link(LINK, markdown), "link", 160)
    markdown.inlinePatterns.register(_Link(ADDRESS, markdown), "address", 120)
    return markdown


@lru_cache(maxsize=512)
def note_html(text: str) -> SafeString:
    """Emphasis, code, lists, links and `$formulas$`; all else is the text that it is."""
    return mark_safe(  # noqa: S308
        nh3.clean(
            _renderer().convert(text),
            tags=TAGS,
            attributes=ATTRIBUTES,
            allowed_classes=CLASSES,
            url_schemes={"http", "https", "mailto"},
            link_rel="noopener nofollow",
        )
    )
