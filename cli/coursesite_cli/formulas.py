"""MathML as a line of signs: TeX with Unicode letters for Markdown, or what a terminal can show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .text import Node

UNSEEN = str.maketrans("", "", "\u2061\u2062\u2063\u2064\u200b")
FUNCTIONS = {
    "log", "ln", "exp", "max", "min", "sup", "inf", "sin", "cos", "tan", "tanh", "det", "dim", "lim", "arg",
}  # fmt: skip
SPACED = set("=≠<>≤≥≈∼≃≡→←↦⇒∈∉⊂⊆+−±·×∝≪≫∧∨")
RAISED = dict(zip("0123456789+−-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ", strict=True)) | {
    "⊤": "ᵀ",
    "T": "ᵀ",
    "⋆": "*",
    "*": "*",
    "′": "′",
}
LOWERED = dict(zip("0123456789+−-aeijkmnoprstx", "₀₁₂₃₄₅₆₇₈₉₊₋₋ₐₑᵢⱼₖₘₙₒₚᵣₛₜₓ", strict=True))
ACCENTS = {"^": "hat", "ˆ": "hat", "¯": "bar", "‾": "bar", "~": "tilde", "˜": "tilde", "→": "vec", "˙": "dot"}
ATOM = re.compile(r"\w+|[^\w\s]|[\w.,]+", re.UNICODE)


def formula(node: Node, *, tex: bool) -> str:
    """The formula of a `<math>` element."""
    text = _Writer(tex).row(node).translate(UNSEEN)
    return re.sub(r"\s+", " ", text).strip()


class _Writer:
    def __init__(self, tex: bool) -> None:
        self.tex = tex

    def row(self, node: Node) -> str:
        return "".join(self.one(child) for child in node.children)

    def one(self, node: Node) -> str:
        write = getattr(self, f"of_{node.tag}", None)
        if write is not None:
            return str(write(node))
        if not node.tag:
            return node.text.strip()
        return "" if node.tag.startswith("annotation") else self.row(node)

    def parts(self, node: Node) -> list[str]:
        """The operands, at least three: what is missing is empty."""
        told = [self.one(child) for child in node.children if child.tag]
        return [*told, "", "", ""][: max(3, len(told))]

    def of_mi(self, node: Node) -> str:
        name = node.all_text().strip().translate(UNSEEN)
        if not self.tex or len(name) < 2:
            return name
        return f"\\{name} " if name in FUNCTIONS else f"\\mathrm{{{name}}}"

    def of_mo(self, node: Node) -> str:
        sign = node.all_text().strip().translate(UNSEEN)
        if node.attributes.get("form") == "prefix":
            return sign
        if sign in SPACED:
            return f" {sign} "
        return f"{sign} " if node.attributes.get("separator") == "true" or sign in {",", ";"} else sign

    def of_mn(self, node: Node) -> str:
        told = node.all_text().strip()
        return told.replace(",", "{,}") if self.tex else told

    def of_mtext(self, node: Node) -> str:
        told = node.all_text().replace("\u00a0", " ")
        return f"\\text{{{told}}}" if self.tex and told.strip() else told

    def of_mspace(self, node: Node) -> str:
        width = node.attributes.get("width", "0").removesuffix("em")
        try:
            return "  " if float(width) >= 0.2 else ""
        except ValueError:
            return " "

    def of_mfrac(self, node: Node) -> str:
        above, below = self.parts(node)[:2]
        if self.tex:
            return f"\\frac{{{above}}}{{{below}}}"
        return f"{_grouped(above)}/{_grouped(below)}"

    def of_msqrt(self, node: Node) -> str:
        inside = self.row(node)
        return f"\\sqrt{{{inside}}}" if self.tex else f"√{_grouped(inside)}"

    def of_mroot(self, node: Node) -> str:
        inside, degree = self.parts(node)[:2]
        return (
            f"\\sqrt[{degree}]{{{inside}}}"
            if self.tex
            else f"{self.script(degree, RAISED, '^')}√{_grouped(inside)}"
        )

    def of_msup(self, node: Node) -> str:
        base, above = self.parts(node)[:2]
        return base + self.script(above, RAISED, "^")

    def of_msub(self, node: Node) -> str:
        base, below = self.parts(node)[:2]
        return base + self.script(below, LOWERED, "_")

    def of_msubsup(self, node: Node) -> str:
        base, below, above = self.parts(node)[:3]
        return base + self.script(below, LOWERED, "_") + self.script(above, RAISED, "^")

    of_munder = of_msub
    of_munderover = of_msubsup

    def of_mover(self, node: Node) -> str:
        base, above = self.parts(node)[:2]
        accent = ACCENTS.get(above.strip())
        if accent is None:
            return base + self.script(above, RAISED, "^")
        return (
            f"\\{accent}{{{base}}}"
            if self.tex
            else base + {"hat": "\u0302", "bar": "\u0304"}.get(accent, "\u0303")
        )

    def of_mtable(self, node: Node) -> str:
        rows = [[self.row(cell) for cell in row.find("mtd")] for row in node.find("mtr")]
        if self.tex:
            lines = " \\\\ ".join(" & ".join(row) for row in rows)
            return f"\\begin{{matrix}}{lines}\\end{{matrix}}"
        return "; ".join(" ".join(row) for row in rows)

    def script(self, text: str, signs: dict[str, str], mark: str) -> str:
        """Above or below the line: small signs where there are some, else after a mark."""
        text = re.sub(r"^([+−-]) ", r"\1", text.strip().translate(UNSEEN).strip())  # a sign, no sum
        if not text:
            return ""
        if self.tex:
            return f"{mark}{text}" if len(text) == 1 else f"{mark}{{{text}}}"
        if all(sign in signs for sign in text):
            return "".join(signs[sign] for sign in text)
        return f"{mark}{text}" if ATOM.fullmatch(text) else f"{mark}({text})"


def _grouped(text: str) -> str:
    """In brackets, unless it is one piece."""
    text = text.strip()
    return text if len(text) < 2 or ATOM.fullmatch(text) else f"({text})"
