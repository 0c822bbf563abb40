"""The threads on which requests run: kept from one request to the next, with their database connection.

Django gives each request of ASGI a thread and ends it with the request, and a connection to the database
belongs to its thread: opening one, and reading the schema anew, cost a third of a hand-in.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import ThreadSensitiveContext

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


class KeptThreads:
    """An ASGI application in front of `application`: a thread for each request, at most `most_idle` kept."""

    def __init__(self, application: Application, *, most_idle: int) -> None:
        self.application = application
        self.most_idle = most_idle
        self.idle: deque[ThreadPoolExecutor] = deque()  # the newest first: its memory is warm

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer the request, its synchronous code on one thread."""
        try:
            thread = self.idle.pop()
        except IndexError:
            thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="request")
        try:
            async with ThreadSensitiveContext(executor=thread):
                await self.application(scope, receive, send)
        finally:
            # by the thread itself: where the reader has left, it may still be busy with what they asked
            thread.submit(self.free, thread)

    def free(self, thread: ThreadPoolExecutor) -> None:
        """Keep the thread for the next request; end it when enough wait."""
        if len(self.idle) < self.most_idle:
            self.idle.append(thread)
        else:
            thread.shutdown(wait=False)
