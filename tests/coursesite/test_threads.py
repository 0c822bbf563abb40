import asyncio
import threading
import time
from typing import Any

import pytest
from asgiref.sync import SyncToAsync, sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.db import connections

from coursesite.asgi import pages
from coursesite.threads import KeptThreads

HTTP: dict[str, Any] = {"type": "http"}


async def nobody(*_message: object) -> dict[str, Any]:
    return {}


async def settle(kept: KeptThreads, idle: int) -> None:
    async with asyncio.timeout(5):
        while len(kept.idle) != idle:
            await asyncio.sleep(0.001)


def test_a_request_runs_on_the_thread_of_the_one_before_and_finds_its_memory():
    local = threading.local()
    found = []

    def visit() -> None:
        found.append(getattr(local, "visits", 0))
        local.visits = found[-1] + 1

    async def application(*_request: object) -> None:
        await sync_to_async(visit)()
        await sync_to_async(visit)()

    async def two_requests() -> None:
        kept = KeptThreads(application, most_idle=2)
        for _ in range(2):
            await kept(HTTP, nobody, nobody)
            await settle(kept, 1)

    asyncio.run(two_requests())
    assert found == [0, 1, 2, 3]


def test_requests_at_once_have_a_thread_each_and_only_some_are_kept():
    together = threading.Barrier(3)

    async def application(*_request: object) -> None:
        await sync_to_async(together.wait)(timeout=5)

    async def three_at_once() -> int:
        kept = KeptThreads(application, most_idle=2)
        await asyncio.gather(*(kept(HTTP, nobody, nobody) for _ in range(3)))
        await settle(kept, 2)
        return len(kept.idle)

    before = threading.active_count()
    assert asyncio.run(three_at_once()) == 2
    until = time.monotonic() + 5  # the third ends by itself, soon
    while threading.active_count() > before + 2:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_thread_that_still_works_for_a_reader_who_left_is_given_to_nobody():
    release = threading.Event()

    async def application(scope: dict[str, Any], *_rest: object) -> None:
        await sync_to_async(release.wait if scope.get("slow") else threading.get_ident)()

    async def leave_then_come() -> None:
        kept = KeptThreads(application, most_idle=2)
        slow = asyncio.ensure_future(kept({"type": "http", "slow": True}, nobody, nobody))
        await asyncio.sleep(0.05)
        slow.cancel()
        with pytest.raises(asyncio.CancelledError):
            await slow
        async with asyncio.timeout(5):
            await kept(HTTP, nobody, nobody)
        release.set()
        await settle(kept, 2)

    asyncio.run(leave_then_come())


@pytest.mark.django_db(transaction=True)
def test_a_request_goes_to_its_thread_five_times_however_much_middleware_there_is(monkeypatch):
    """There and back cost more than most of what the middleware does."""
    trips = []
    call = SyncToAsync.__call__

    async def counted(self: SyncToAsync[..., Any], *args: Any, **kwargs: Any) -> Any:
        trips.append(self.func)
        return await call(self, *args, **kwargs)

    monkeypatch.setattr(SyncToAsync, "__call__", counted)
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)  # none may outlive the test

    async def ask() -> int:
        scope = {"type": "http", "method": "GET", "path": "/healthz", "headers": [(b"host", b"localhost")]}
        asked = ApplicationCommunicator(pages, {**scope, "query_string": b"", "http_version": "1.1"})
        await asked.send_input({"type": "http.request", "body": b""})
        status: int = (await asked.receive_output(5))["status"]
        await asked.receive_output(5)
        await asked.wait(5)
        return status

    assert asyncio.run(ask()) == 200
    assert len(trips) <= 5, trips
