"""Cut the maths font down to what a lesson sets, and mend its square roots.

Chromium reserves for a radical the width of its widest √, so in STIX Two a short root is followed by a
hole of 0.38 em. Squeezing the taller √ and the parts of the tallest to the width of the plain one closes it.

Usage: subset_maths.py SOURCE.woff2 TARGET.woff2
"""

from __future__ import annotations

import sys

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

RADICAL = 0x221A
RANGES = (
    (0x20, 0x7E), (0xA0, 0xFF), (0x131, 0x131), (0x237, 0x237), (0x2B0, 0x36F), (0x370, 0x3FF),
    (0x2010, 0x205F), (0x2070, 0x20DF), (0x2100, 0x214F), (0x2190, 0x21FF), (0x2200, 0x22FF),
    (0x2308, 0x230B), (0x23B4, 0x23DF), (0x25A0, 0x25FF), (0x27C2, 0x27F7), (0x2A00, 0x2AFF),
    (0x1D400, 0x1D7FF),
)  # fmt: skip


def squeeze_radicals(font: TTFont) -> None:
    """Give every √ of the font the advance width of the plain one."""
    plain = font.getBestCmap()[RADICAL]
    width = font["hmtx"][plain][0]
    variants = font["MATH"].table.MathVariants
    construction = variants.VertGlyphConstruction[variants.VertGlyphCoverage.glyphs.index(plain)]
    tall = {record.VariantGlyph for record in construction.MathGlyphVariantRecord} - {plain}
    tall |= {part.glyph for part in construction.GlyphAssembly.PartRecords}
    for name in tall:
        advance, bearing = font["hmtx"][name]
        glyph = font["glyf"][name]
        glyph.coordinates.scale((width / advance, 1))
        glyph.coordinates.toInt()
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = (width, round(bearing * width / advance))


def main(source: str, target: str) -> None:
    """Write the smaller font to `target`."""
    font = TTFont(source)
    options = Options(layout_features=["*"], hinting=False, glyph_names=False, notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for low, high in RANGES for code in range(low, high + 1)])
    subsetter.subset(font)
    squeeze_radicals(font)
    font.flavor = "woff2"
    font.save(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
