"""Notes beside their paragraph where there is a margin, folded under it where there is none."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

_ASIDE = r'<aside class="sidenote".*?</aside>'
_RUN = re.compile(rf"{_ASIDE}(?:\s*{_ASIDE})*", re.DOTALL)
_NOTE = re.compile(
    r'<aside class="sidenote"[^>]* id="nota-(\d+)"><span class="sidenote__number">\d+</span>(.*?)</aside>',
    re.DOTALL,
)


def with_margin_notes(html: str) -> str:
    """Fold each note, and tie the notes after a paragraph to it, so that the page can set them side by side.

    The id goes on the folded text: following the number in the text then opens the note by itself.
    """
    pieces, end = [], 0
    for run in _RUN.finditer(html):
        before = html[end : run.start()].rstrip()
        notes = "".join(_folded(number, text) for number, text in _NOTE.findall(run[0]))
        start = max(before.rfind("<p>"), before.rfind("<p ")) if before.endswith("</p>") else -1
        if start < 0:
            pieces += [before, notes]
        else:
            tied = f'<div class="noted">{before[start:]}<div class="noted__notes">{notes}</div></div>'
            pieces += [before[:start], tied]
        end = run.end()
    return "".join([*pieces, html[end:]])


def _folded(number: str, text: str) -> str:
    label = _("Nota %(number)s") % {"number": number}
    return (
        f'<aside class="sidenote" role="note"><details class="sidenote__fold"><summary>{label}</summary>'
        f'<div id="nota-{number}"><span class="sidenote__number">{number}</span>{text}</div>'
        "</details></aside>"
    )
