"""What of an author's HTML and SVG may reach a page: two allow-lists."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from lxml import etree

from .mistakes import Mistakes, Where


def _words(text: str) -> set[str]:
    return set(text.split())


TAGS = _words(
    "p br hr h2 h3 h4 ul ol li dl dt dd em strong b i s sub sup code kbd samp var abbr q cite small mark "
    "blockquote a table thead tbody tfoot tr th td caption div span"
)
ATTRIBUTES = {
    "*": {"id", "lang", "title"},
    "a": {"href"},
    "ol": {"start", "reversed"},
    "th": {"align", "scope", "colspan", "rowspan"},
    "td": {"align", "colspan", "rowspan"},
    "sup": {"id"},
}


def html(text: str) -> str:
    """`text` without anything that runs, frames, styles or loads."""
    return nh3.clean(
        text, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel="noopener"
    )


SVG = "http://www.w3.org/2000/svg"
XLINK = "{http://www.w3.org/1999/xlink}href"
SVG_TAGS = _words(
    "svg g defs path line rect circle ellipse polyline polygon text tspan title desc use clipPath marker "
    "linearGradient radialGradient stop image symbol pattern mask"
)
SVG_ATTRIBUTES = _words(
    "id class viewBox width height x y x1 y1 x2 y2 dx dy cx cy r rx ry fx fy d points transform offset "
    "fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray stroke-dashoffset "
    "stroke-linecap stroke-linejoin stroke-miterlimit opacity paint-order clip-path clip-rule mask "
    "clipPathUnits gradientUnits gradientTransform patternUnits patternTransform markerWidth markerHeight "
    "markerUnits orient refX refY marker-start marker-mid marker-end preserveAspectRatio vector-effect "
    "font-family font-size font-weight font-style text-anchor dominant-baseline baseline-shift "
    "letter-spacing stop-color stop-opacity role aria-hidden aria-label data-script data-computing data-data "
    "shape-rendering image-rendering textLength"
)
VALUE = re.compile(r"[^<>{}\\@]*")
REFERENCE = re.compile(r"url\(\s*['\"]?\s*(?!#)|expression|javascript:|@import", re.IGNORECASE)
PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=\s]+")


@lru_cache(maxsize=512)
def _parsed(text: str) -> tuple[str, tuple[str, ...]]:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        return "", (f"not well-formed XML: {error.msg}",)
    if root.getroottree().docinfo.internalDTD is not None or "<!DOCTYPE" in text:
        return "", ("a document type is refused",)
    if root.tag != f"{{{SVG}}}svg":
        return "", ("the root is no <svg>",)
    refused = []
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            refused.append("entities are refused")
            continue
        name = element.tag.removeprefix(f"{{{SVG}}}")
        if name not in SVG_TAGS:
            refused.append(f"<{name}> is refused")
            continue
        for attribute, value in element.attrib.items():
            if reason := _refuse(name, str(attribute), str(value)):
                refused.append(reason)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode"), tuple(dict.fromkeys(refused))


def _refuse(tag: str, attribute: str, value: str) -> str:
    if attribute in {"href", XLINK}:
        if tag == "image" and PICTURE.fullmatch(value):
            return ""
        if tag == "use" and re.fullmatch(r"#[\w.-]+", value):
            return ""
        return f"a link on <{tag}> is refused"
    if attribute not in SVG_ATTRIBUTES:
        return f"the attribute {attribute.rpartition('}')[2]} on <{tag}> is refused"
    if REFERENCE.search(value) or not VALUE.fullmatch(value):
        return f"the value of {attribute} on <{tag}> is refused"
    return ""


def svg(text: str, where: Where, mistakes: Mistakes) -> str:
    """The drawing as it may stand in a page; anything off the list is a mistake, and nothing is kept."""
    drawing, refused = _parsed(text)
    for reason in refused:
        mistakes.add(where, f"SVG: {reason}")
    return "" if refused else drawing
