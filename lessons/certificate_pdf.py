"""A certificate as a sheet of A4: what stands on its page, set in a font that the file brings along.

The font is STIX Two Math (OFL): the accents of Europe, Greek, Cyrillic and the letters of mathematics.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import qrcode
from django.contrib.staticfiles import finders
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from .certificate_words import due, reached
from .models import Certificate
from .selectors.certificate import shares_on
from .valley import valley

FONT = "fonts/stix-two-math.woff"
WIDTH, HEIGHT = 297, 210
LEFT, RIGHT = 26, 178  # the words; the valley has the rest
TEXT, MUTED, ACCENT, PATH = "#1b1d21", "#575a61", "#2148b5", "#c26e12"
PAPER, LEVEL = "#fbfaf7", "#dfdcd2"
NAME_SIZES, TITLE_SIZES = (40, 34, 28, 23, 19, 16), (21, 18, 15, 13)


class NoFont(Exception):
    """The front end, which holds the font, was not built."""


def font_file() -> Path:
    """Where the font lies. Raises NoFont."""
    found = finders.find(FONT)
    if not isinstance(found, str):
        raise NoFont(f"{FONT} is missing: run npm run build in frontend/")
    return Path(found)


@cache
def letters_of_the_font() -> frozenset[int]:
    """Every character that the font can write. Raises NoFont."""
    with TTFont(font_file(), lazy=True) as font:
        return frozenset(font.getBestCmap())


def unwritable(text: str) -> str:
    """The characters of `text` that the sheet could not show, each once. Raises NoFont."""
    known = letters_of_the_font()
    return "".join(dict.fromkeys(mark for mark in text if ord(mark) not in known))


def certificate_pdf(certificate: Certificate, *, address: str) -> bytes:
    """The sheet, in the active language; `address` is where anybody can check it. Raises NoFont."""
    sheet = FPDF("landscape", "mm", "A4")
    sheet.set_auto_page_break(False)
    sheet.set_margins(LEFT, 20, WIDTH - RIGHT)
    sheet.add_font("stix", "", font_file())
    title = _("Certificado: %(course)s") % {"course": certificate.facts["course"]}
    sheet.set_title(title)
    sheet.set_author("Coursesite")
    sheet.set_subject(certificate.name)
    sheet.set_lang(get_language() or "es")
    sheet.set_creation_date(certificate.issued_at)
    sheet.add_page()
    sheet.set_fill_color(PAPER)
    sheet.rect(0, 0, WIDTH, HEIGHT, style="F")
    _valley(sheet)
    _words(sheet, certificate)
    _foot(sheet, certificate, address)
    return bytes(sheet.output())


def _words(sheet: FPDF, certificate: Certificate) -> None:
    sheet.set_xy(LEFT, 24)
    _line(sheet, f"Coursesite  ·  {_('Certificado')}", 12, ACCENT, gap=20)
    _fitted(sheet, certificate.name, NAME_SIZES, TEXT, lines=2)
    sheet.ln(5)
    _line(sheet, _("ha completado el curso"), 14, MUTED, gap=3)
    _fitted(sheet, certificate.facts["course"], TITLE_SIZES, TEXT, lines=3)
    sheet.ln(9)
    for share in shares_on(certificate):
        _line(sheet, f"{reached(share)}  ({due(share)})", 12, TEXT, gap=1.2)


def _foot(sheet: FPDF, certificate: Certificate, address: str) -> None:
    day = date_format(localtime(certificate.issued_at), "DATE_FORMAT")
    sheet.set_xy(LEFT, 158)
    _line(sheet, _("Expedido el %(day)s") % {"day": day}, 12, TEXT, gap=8)
    _line(sheet, _("Cualquiera puede comprobarlo en"), 10, MUTED, gap=1)
    _line(sheet, address, 11, ACCENT, link=address, gap=1)
    _line(sheet, _("o con el código %(code)s") % {"code": certificate.code}, 11, TEXT)
    _qr(sheet, address, x=WIDTH - 26 - 34, y=154, side=34)


def _line(sheet: FPDF, text: str, size: float, colour: str, *, gap: float = 0, link: str = "") -> None:
    sheet.set_font("stix", size=size)
    sheet.set_text_color(colour)
    sheet.cell(RIGHT - LEFT, size * 0.47, text, link=link, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    sheet.ln(gap)


def _fitted(sheet: FPDF, text: str, sizes: tuple[int, ...], colour: str, *, lines: int) -> None:
    """`text` in the largest of `sizes` that needs so few lines; the smallest takes what it takes."""
    sheet.set_text_color(colour)
    for size in sizes:
        sheet.set_font("stix", size=size)
        rows = sheet.multi_cell(RIGHT - LEFT, text=text, align="L", dry_run=True, output="LINES")
        if isinstance(rows, list) and len(rows) <= lines:
            break
    sheet.multi_cell(RIGHT - LEFT, size * 0.43, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _qr(sheet: FPDF, address: str, *, x: float, y: float, side: float) -> None:
    """The address as a QR code, in squares, with the quiet zone that readers need."""
    code = qrcode.QRCode(border=4)
    code.add_data(address)
    rows = code.get_matrix()
    step = side / len(rows)
    sheet.set_fill_color("#ffffff")
    sheet.rect(x, y, side, side, style="F")
    sheet.set_fill_color(TEXT)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                sheet.rect(x + across * step, y + down * step, step, step, style="F")
    sheet.link(x, y, side, side, address, alt_text=address)


def _valley(sheet: FPDF) -> None:
    picture = valley()
    centre_x, centre_y, scale = 224.5, 76.0, 33.0
    sheet.set_draw_color(LEVEL)
    sheet.set_line_width(0.3)
    for wide, high in picture.rings:
        half_width, half_height = scale * wide, scale * high
        left, top = centre_x - half_width, centre_y - half_height
        sheet.ellipse(left, top, 2 * half_width, 2 * half_height, style="D")
    way = [(centre_x + scale * x, centre_y + scale * y) for x, y in picture.way]
    sheet.set_draw_color(PATH)
    sheet.set_line_width(0.7)
    sheet.polyline(way)
    sheet.set_fill_color(PATH)
    for x, y in way:
        sheet.circle(x, y, 0.8, style="F")
