"""Makes a file for a page of what matplotlib writes: theme colours, real text, a third of the size.

No `style` attribute is left, so the page needs no `unsafe-inline`; ids begin with the figure's name,
so that two figures on a page never share one.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from .style import VARIABLES

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
SUPERSCRIPT = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿᵀ]+|\^\{[^{}]*\}")
SUBSCRIPT = re.compile(r"[₀₁₂₃₄₅₆₇₈₉ₖₙₜᵢⱼ]+|_\{[^{}]*\}")
SCRIPTS = re.compile(f"{SUPERSCRIPT.pattern}|{SUBSCRIPT.pattern}|(?:(?![_^]\\{{)[^⁰-₉ᵀⁿₖₙₜᵢⱼ¹²³])+|.")
PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿᵀ₀₁₂₃₄₅₆₇₈₉ₖₙₜᵢⱼ", "0123456789−+nT0123456789kntij")
FAMILY = "'Source Sans 3 Variable', 'Source Sans 3', 'Source Sans Pro', sans-serif"
DEFAULTS = {
    "stroke-linecap": "butt",
    "stroke-linejoin": "round",
    "stroke-opacity": "1",
    "fill-opacity": "1",
    "opacity": "1",
    "stroke-width": "1",
    "fill": "#000000",
    "stroke": "none",
    "stroke-miterlimit": "100000",
    "stroke-dashoffset": "0",
}


def shrink(text: str, *, prefix: str, stamps: dict[str, str]) -> str:
    """`text` as it is stored; `stamps` become attributes `data-…` of its root."""
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)
    root = ET.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", text))  # noqa: S314 - our own drawing
    _drop(root, {f"{{{SVG}}}metadata", f"{{{SVG}}}style"})
    _name_ids(root, prefix)
    for element in root.iter():
        _spell_out_style(element)
        _round(element)
    for group in list(root.iter(f"{{{SVG}}}g")):
        _mark_text(group)
    _unwrap(root)
    _drop_invisible(root)
    x, y, width, height = root.attrib["viewBox"].split()
    root.attrib.clear()
    root.attrib.update(
        {
            "viewBox": f"{x} {y} {width} {height}",
            "width": width,
            "height": height,
            "font-family": FAMILY,
            "stroke-linejoin": "round",
            **{f"data-{name}": value for name, value in stamps.items()},
        }
    )
    body = ET.tostring(root, encoding="unicode")
    for colour, variable in VARIABLES.items():
        body = body.replace(f'"{colour}"', f'"var({variable})"')
    return re.sub(r">\s+<", "><", body).strip() + "\n"


def _drop(root: ET.Element, tags: set[str]) -> None:
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in tags:
                parent.remove(child)


def _drop_invisible(root: ET.Element) -> None:
    clips = {path for clip in root.iter(f"{{{SVG}}}clipPath") for path in clip}
    for parent in list(root.iter()):
        for child in list(parent):
            bare = child.get("fill") == "none" and child.get("stroke", "none") == "none"
            if child.tag == f"{{{SVG}}}path" and bare and child not in clips and "id" not in child.attrib:
                parent.remove(child)


def _name_ids(root: ET.Element, prefix: str) -> None:
    """Keep only the ids that something points at, renamed after the figure; a group's id is its role."""
    body = ET.tostring(root, encoding="unicode")
    used = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', body))
    names = {old: f"{prefix}-{number}" for number, old in enumerate(sorted(used), start=1)}
    for element in root.iter():
        old = element.attrib.pop("id", None)
        if old in names:
            element.set("id", names[old])
        elif old and re.fullmatch(r"halo|y-name|heat-\d-ink", old):
            element.set("role-mark", old)
        for name, value in list(element.attrib.items()):
            if name == f"{{{XLINK}}}href" and value.startswith("#"):
                del element.attrib[name]
                element.set("href", "#" + names[value[1:]])
            elif "url(#" in value:
                element.set(name, re.sub(r"#([^)]+)", lambda m: "#" + names[m[1]], value))


def _spell_out_style(element: ET.Element) -> None:
    for declaration in filter(None, (part.strip() for part in element.attrib.pop("style", "").split(";"))):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name == "font":
            size = re.search(r"([\d.]+)px", value)
            element.set("font-size", size[1] if size else "13")
            if re.match(r"(?:italic\s+)?(?:[67]00|bold)", value):
                element.set("font-weight", "600")
            if "italic" in value.split("px")[0]:
                element.set("font-style", "italic")
        elif not (name.startswith("font") and name not in {"font-size", "font-weight", "font-style"}):
            element.set(name, value.removesuffix("px"))
    for name, default in DEFAULTS.items():
        if element.get(name) == default and (name != "fill" or element.tag != f"{{{SVG}}}text"):
            del element.attrib[name]
    if element.tag == f"{{{SVG}}}text" and element.get("fill") is None:
        element.set("fill", "#1b1d21")


def _round(element: ET.Element) -> None:
    for name in ("d", "transform", "points", "viewBox", "x", "y", "width", "height", "stroke-dasharray"):
        if value := element.get(name):
            value = NUMBER.sub(lambda m: f"{float(m[0]):.1f}".removesuffix(".0"), value).replace("-0 ", "0 ")
            if name == "d":
                value = re.sub(r"\s*([MLQCZz])\s*", r"\1", value).strip()
            elif name == "transform":
                value = re.sub(r"\s*rotate\(-?0(?:[ ,][^)]*)?\)", "", value).strip()
            element.set(name, value)
    if element.get("transform") == "":
        del element.attrib["transform"]


def _mark_text(group: ET.Element) -> None:
    mark = group.attrib.pop("role-mark", "")
    for text in group.findall(f"{{{SVG}}}text"):
        if mark == "halo":
            text.attrib.update({"stroke": "#fbfaf7", "stroke-width": "3", "paint-order": "stroke"})
        elif mark.startswith("heat-"):
            text.set("fill", f"var(--{mark})")
        _raise_and_lower(text)


def _raise_and_lower(text: ET.Element) -> None:
    """⁻³, ₀, ^{…} and _{…} become small raised and lowered text: the page's font has few such signs."""
    whole = text.text or ""
    pieces = SCRIPTS.findall(whole)
    if len(text) or not any(SUPERSCRIPT.fullmatch(p) or SUBSCRIPT.fullmatch(p) for p in pieces):
        return
    size = float(text.get("font-size", "13"))
    text.text, shift = "", 0.0
    for piece in pieces:
        raised, lowered = SUPERSCRIPT.fullmatch(piece), SUBSCRIPT.fullmatch(piece)
        wanted = -0.36 * size if raised else 0.18 * size if lowered else 0.0
        span = ET.SubElement(text, f"{{{SVG}}}tspan", {"dy": f"{wanted - shift:.1f}"})
        if raised or lowered:
            span.set("font-size", f"{0.78 * size:.1f}")
        span.text, shift = re.sub(r"^[_^]\{|\}$", "", piece).translate(PLAIN), wanted
        if span.get("dy") == "0.0":
            del span.attrib["dy"]


def _unwrap(root: ET.Element) -> None:
    """Take away groups that say nothing, inside out."""
    for parent in reversed(list(root.iter())):
        for position, child in reversed(list(enumerate(parent))):
            if child.tag == f"{{{SVG}}}g" and not child.attrib:
                parent.remove(child)
                for offset, grandchild in enumerate(list(child)):
                    parent.insert(position + offset, grandchild)
            elif child.tag == f"{{{SVG}}}defs" and not len(child):
                parent.remove(child)
