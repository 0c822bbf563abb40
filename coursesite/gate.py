"""What no request gets past, before Django reads it.

Django keeps a whole body, on disk if it is large, before any view says whether it wants it; it lets the
asker choose the codec by which text is read, among them some that read no text; and a NUL, which no
database text can hold, gets as far as the query.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([^\s\"';,]*)", re.IGNORECASE)
PLAIN = {b"utf-8", b"utf8", b"us-ascii", b""}
NUL_IN_COOKIE = re.compile(rb"\x00|\\000|%00")
NUL_IN_QUERY = re.compile(rb"\x00|%00")


class TooLarge(Exception):
    """A body that went on past the limit."""


class Gate:
    """An ASGI application in front of `application`: bodies of at most `most_bytes`, UTF-8, no NUL."""

    def __init__(self, application: Application, *, most_bytes: int) -> None:
        self.application = application
        self.most_bytes = most_bytes

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it here."""
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if not readable(scope, headers):
            await refuse(send, headers, 400, "bad_request")
            return
        announced = headers.get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > self.most_bytes:
            await refuse(send, headers, 413, "too_large")
            return
        try:
            await self.application(scope, counted(receive, self.most_bytes), send)
        except TooLarge:  # Django reads all of a body before it answers, so nothing was sent yet
            await refuse(send, headers, 413, "too_large")


def readable(scope: Message, headers: dict[bytes, bytes]) -> bool:
    """Whether the request's text is UTF-8 by its own word, and free of NUL where a query may go by it."""
    named = CHARSET.search(headers.get(b"content-type", b""))
    if named and named[1].lower() not in PLAIN:
        return False
    if "\0" in scope["path"] or NUL_IN_QUERY.search(scope["query_string"]):
        return False
    return not NUL_IN_COOKIE.search(headers.get(b"cookie", b""))


def counted(receive: Receive, most: int) -> Receive:
    """`receive`, which raises TooLarge once more than `most` bytes have come."""
    came = 0

    async def receive_counted() -> Mapping[str, Any]:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > most:
            raise TooLarge
        return message

    return receive_counted


async def refuse(send: Send, headers: dict[bytes, bytes], status: int, code: str) -> None:
    """Say why, in a line of text, or as JSON to a script; the connection ends, for what comes is unread."""
    language = b"en" if headers.get(b"accept-language", b"").lower().startswith(b"en") else b"es"
    with override(language.decode()):
        message = {
            "bad_request": _("No entendemos la petición: su texto tiene que ser UTF-8 y no llevar NUL."),
            "too_large": _("Es demasiado grande; no se ha guardado nada. ¿Pegaste datos?"),
        }[code]
    as_json = b"json" in headers.get(b"accept", b"")
    body = json.dumps({"code": code, "message": message}) if as_json else f"{message}\n"
    kind = b"application/json" if as_json else b"text/plain; charset=utf-8"
    fields = [(b"content-type", kind), (b"content-language", language), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body.encode()})
