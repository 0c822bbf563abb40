"""The site's API as the commands use it: patient with the network, plain about refusals.

Everything asked here may be asked twice: reading changes nothing, a submission carries an idempotency key,
a draft the revision that it was written on. So a lost answer is asked for again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from . import __version__
from .config import Account
from .trouble import Exit, Trouble, no_contact, refused
from .words import _, language

Json = dict[str, Any]

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 8.0
AWAY = {502, 503, 504}  # a proxy whose site restarts
TOO_OFTEN = 429
LONGEST_WAIT = 60.0


def nothing_said(_text: str) -> None:
    """For whoever wants to hear of no delay."""


class Site:
    """One site, asked by one person. `patience` is how many seconds a silence may last."""

    def __init__(
        self,
        account: Account,
        *,
        patience: float = 12.0,
        say: Callable[[str], None] = nothing_said,
    ) -> None:
        self.address = account.site
        self.patience = patience
        self.say = say
        self._http = httpx.Client(
            base_url=f"{account.site}/api/v1/",
            headers={
                "Authorization": f"Bearer {account.token}",
                "Accept-Language": language(),
                "User-Agent": f"coursesite-cli/{__version__}",
            },
            timeout=httpx.Timeout(20.0, connect=8.0),
        )

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def get(self, path: str, **query: str) -> Json:
        """Read one thing."""
        return self._ask("GET", path, params=query)

    def post(self, path: str, body: Json | None = None, *, key: str = "") -> Json:
        """Do something, once for each `key`."""
        return self._ask("POST", path, json=body or {}, headers={"Idempotency-Key": key} if key else {})

    def put(self, path: str, body: Json) -> Json:
        """Store something."""
        return self._ask("PUT", path, json=body)

    def pages(self, path: str, **query: str) -> Iterator[Json]:
        """The rows of a list, page after page, as they are wanted."""
        page = self.get(path, **query)
        while True:
            yield from page["results"]
            if not page["next"]:
                return
            query["cursor"] = httpx.URL(page["next"]).params["cursor"]
            page = self.get(path, **query)

    @contextmanager
    def stream(self, path: str, *, after: str, silence: float) -> Iterator[Iterator[str]]:
        """The lines of a stream of events. Raises httpx.TransportError and Trouble; asks once only."""
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": after} if after else {})
        timeout = httpx.Timeout(silence, connect=8.0)
        with self._http.stream("GET", path, headers=headers, timeout=timeout) as response:
            if response.status_code != httpx.codes.OK:
                response.read()
                raise trouble_of(response, self.address)
            if not response.headers.get("Content-Type", "").startswith("text/event-stream"):
                raise not_a_site(self.address)
            yield response.iter_lines()

    def _ask(self, method: str, path: str, **options: Any) -> Json:
        until, pause = time.monotonic() + self.patience, FIRST_PAUSE
        while True:
            try:
                response = self._http.request(method, path, **options)
            except httpx.TransportError as lost:
                trouble, wait = unreachable(self.address, lost), pause
            else:
                if response.status_code not in AWAY | {TOO_OFTEN}:
                    return body_of(response, self.address)
                trouble, wait = trouble_of(response, self.address), wait_of(response, pause)
                if response.status_code == TOO_OFTEN and wait <= LONGEST_WAIT and trouble.code == "throttled":
                    until = max(until, time.monotonic() + wait + 1)
            if time.monotonic() + wait > until:
                raise trouble
            waits = trouble.code == "throttled"
            text = (
                _("%(site)s pide esperar %(s).0f s.")
                if waits
                else _("%(site)s no contesta; otra vez en %(s).0f s.")
            )
            self.say(text % {"site": self.address, "s": wait + 0.5})
            time.sleep(wait)
            pause = min(2 * pause, LONGEST_PAUSE)


def wait_of(response: httpx.Response, otherwise: float) -> float:
    """The seconds of Retry-After, if it names any."""
    told = response.headers.get("Retry-After", "")
    return float(told) if told.isascii() and told.isdecimal() else otherwise


def body_of(response: httpx.Response, site: str) -> Json:
    """The body of an answer that grants. Raises Trouble for one that does not."""
    if not response.is_success:
        raise trouble_of(response, site)
    try:
        told = response.json()
    except ValueError:
        raise not_a_site(site) from None
    if not isinstance(told, dict):
        raise not_a_site(site)
    return told


def unreachable(site: str, lost: httpx.TransportError) -> Trouble:
    """Nobody answered."""
    why = str(lost) or type(lost).__name__
    return no_contact(
        _("%(site)s no contesta (%(why)s). ¿Está en marcha, y es esa la dirección?")
        % {"site": site, "why": why}
    )


def not_a_site(site: str) -> Trouble:
    """Somebody answered, but with something else."""
    return no_contact(_("Lo que contesta en %(site)s no es Coursesite.") % {"site": site}, "not_a_site")


def trouble_of(response: httpx.Response, site: str) -> Trouble:
    """What a refusal means here, in the site's words where it has some."""
    status = response.status_code
    try:
        problem = response.json()
        detail, code = str(problem["detail"]), str(problem["code"])
        wrong = problem.get("fields_wrong")
    except (ValueError, KeyError, TypeError):
        detail, code, wrong = "", "", None
    if response.is_redirect:
        moved = {"site": site, "to": response.headers.get("Location", "")}
        return no_contact(
            _("%(site)s manda a %(to)s. Entra allí: coursesite login DIRECCIÓN") % moved, "moved"
        )
    if status >= 500:
        text = _("Fallo del sitio (%(status)d), no tuyo. No se pierde nada: prueba dentro de un rato.")
        return Trouble(text % {"status": status}, exit=Exit.SITE_FAULT, code=code or "site_fault")
    if not detail:
        return not_a_site(site)
    if status == 401:
        return no_contact(f"{detail} {_('Entra otra vez: coursesite login')}", code)
    if code == "missing_scope":
        return no_contact(f"{detail} {site}/accounts/tokens/", code)
    if isinstance(wrong, dict) and wrong:
        detail = "; ".join(f"{name}: {said(text)}" for name, text in wrong.items())
    return refused(detail, code)


def said(text: object) -> str:
    """What is wrong with a field, one sentence after another."""
    return " ".join(str(one) for one in text) if isinstance(text, list) else str(text)
