"""Tables as files. What a spreadsheet would run as a formula is written as text (OWASP, CSV Injection)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from accounts.spreadsheets import Value, safe


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """RFC 4180 in UTF-8 with the byte order mark without which Excel misreads accents."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([safe(name) for name in head])
    writer.writerows([safe(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """One sheet; texts are written as texts whatever they begin with, numbers as numbers."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 1)
        bold = book.add_format({"bold": True})
        for column, name in enumerate(head):
            sheet.write_string(0, column, name, bold)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(line, column, value)
                elif value is not None:
                    sheet.write_number(line, column, value)
    return file.getvalue()
