"""A proxy before the site that loses what it is told to lose, and remembers who asked for what."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

KEPT = {"authorization", "accept", "accept-language", "content-type", "idempotency-key", "last-event-id"}


@dataclass
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass
class Network:
    """What it does to whom. `lose_answers` is how many answers to hand-ins get lost on their way back;
    `cut_streams` after how many events each stream breaks, in turn; `no_streams` refuses them.
    """

    url: str = ""
    lose_answers: int = 0
    cut_streams: list[int] = field(default_factory=list)
    no_streams: bool = False
    asked: list[Asked] = field(default_factory=list)

    def streams(self) -> list[Asked]:
        return [one for one in self.asked if one.path.endswith("/events/")]

    def hand_ins(self) -> list[Asked]:
        return [one for one in self.asked if one.method == "POST" and one.path.endswith("/submissions/")]


class Door(BaseHTTPRequestHandler):
    """What both servers below have in common."""

    network: Network

    def note(self) -> tuple[Asked, bytes]:
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path.partition("?")[0], headers)
        self.network.asked.append(asked)
        return asked, self.rfile.read(int(headers.get("content-length") or 0))

    def hang_up(self) -> None:
        """In the middle."""
        self.close_connection = True
        self.wfile.flush()
        self.connection.close()

    def log_message(self, *_: object) -> None:
        return


class Proxy(Door):
    site: str

    def answer(self) -> None:
        asked, body = self.note()
        network = self.network
        headers = {name: value for name, value in asked.headers.items() if name in KEPT}
        streams, hands_in = asked in network.streams(), asked in network.hand_ins()
        if streams and network.no_streams:
            self.send_error(502)
            return
        url = self.site + self.path
        with httpx.stream(self.command, url, content=body, headers=headers, timeout=30) as found:
            if hands_in and network.lose_answers:
                found.read()
                network.lose_answers -= 1
                self.hang_up()
                return
            self.send_response(found.status_code)
            for name in ("Content-Type", "Retry-After"):
                if name in found.headers:
                    self.send_header(name, found.headers[name])
            self.end_headers()
            self.pass_on(found, network.cut_streams.pop(0) if streams and network.cut_streams else 0)

    def pass_on(self, found: httpx.Response, events: int) -> None:
        for line in found.iter_lines():
            self.wfile.write(line.encode() + b"\n")
            self.wfile.flush()
            events -= line.startswith("id:")
            if events == 0 and line.startswith("id:"):
                self.hang_up()
                return


@contextmanager
def network_before(site: str) -> Iterator[Network]:
    """The proxy, at its own address, until the body ends."""
    network = Network()
    with serving(type("Before", (Proxy,), {"network": network, "site": site}), network):
        yield network


@contextmanager
def site_that_answers(*answers: tuple[int, dict[str, str], bytes]) -> Iterator[Network]:
    """A server that gives these answers in turn, the last one for ever."""
    network, left = Network(), list(answers)

    def answer(self: Door) -> None:
        self.note()
        status, said, body = left.pop(0) if len(left) > 1 else left[0]
        self.send_response(status)
        for name, value in said.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    with serving(type("Fixed", (Door,), {"network": network, "answer": answer}), network):
        yield network


@contextmanager
def serving(door: Any, network: Network) -> Iterator[None]:
    """The door's `answer` for every method, at an address of its own."""
    for method in ("GET", "POST", "PUT"):
        setattr(door, f"do_{method}", door.answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), door)
    server.daemon_threads = True
    network.url = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
