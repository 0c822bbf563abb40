"""Program text to HTML: Pygments' short classes in `<pre class="code">`, no style of its own."""

from __future__ import annotations

from html import escape

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from .mistakes import Mistakes, Where

PLAIN = {"", "text", "txt", "salida"}
FORMATTER = HtmlFormatter(nowrap=True)


def as_html(code: str, language: str, where: Where, mistakes: Mistakes) -> str:
    """`code` in its colours; an unknown language is a mistake."""
    if language in PLAIN:
        body = escape(code, quote=False)
    else:
        try:
            body = highlight(code, get_lexer_by_name(language, stripnl=False), FORMATTER).rstrip("\n")
        except ClassNotFound:
            mistakes.add(where, f"unknown language {language!r}; text shows it plain")
            body = escape(code, quote=False)
    return f'<pre class="code"><code>{body}</code></pre>'
