"""A network that loses answers and breaks streams, and a Ctrl-C: nothing counts twice, nothing is missed."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator

import pytest

from tests.browser.site import Site
from tests.cli.conftest import Program
from tests.cli.network import Network, network_before
from tests.cli.test_walk import RIGHT, SLOW, in_a_folder

pytestmark = pytest.mark.wall

ENDLESS = "def eta_maximo(hvp, n):\n    while True:\n        pass\n"


@pytest.fixture
def network(ana: Program, live_site: Site) -> Iterator[Network]:
    with network_before(live_site.url) as network:
        ana.environment["COURSESITE_SITE"] = network.url
        yield network


def handed_in(ana: Program, exercise: str) -> int:
    return len(ana("history", exercise, "-n", "500", "--json").json["submissions"])


def test_a_lost_answer_costs_nothing(ana: Program, network: Network):
    solved = in_a_folder(ana, RIGHT)
    before = handed_in(ana, solved)
    network.lose_answers = 2
    assert ana("submit", solved).status == 0
    keys = [one.headers["idempotency-key"] for one in network.hand_ins()]
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert handed_in(ana, solved) == before + 1


def test_a_program_that_gave_up_takes_it_up_again_when_it_is_called_again(ana: Program, network: Network):
    solved = in_a_folder(ana, RIGHT)
    before = handed_in(ana, solved)
    network.lose_answers = 50
    assert ana("submit", solved).status == 4
    network.lose_answers = 0
    assert ana("submit", solved).status == 0
    assert handed_in(ana, solved) == before + 1
    assert ana("submit", solved).status == 0
    assert handed_in(ana, solved) == before + 2, "once answered, the same source is another attempt"


def test_a_stream_that_breaks_is_resumed_after_the_last_event(ana: Program, network: Network):
    in_a_folder(ana, SLOW)
    network.cut_streams = [3, 2]
    done = ana("submit", "eta-maximo")
    assert done.status == 1, done.err
    first, second, third, *_more = network.streams()
    assert "last-event-id" not in first.headers
    assert second.headers["last-event-id"] < third.headers["last-event-id"]
    live, _page, _result = done.out.partition("/10")
    groups = [line[2:].partition(" · ")[0] for line in live.splitlines()[:-1] if line[:1] in ("✓", "✗")]
    assert len(groups) == len(set(groups)) == 5, "every group is told, and none twice"


def test_where_streams_are_held_back_the_submission_is_asked_for(ana: Program, network: Network):
    network.no_streams = True
    done = ana("submit", in_a_folder(ana, RIGHT))
    assert done.status == 0, done.err
    assert "100 puntos" in done.out


def until_running(ana: Program, kind: str) -> str:
    """The id of the newest, once it runs."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        rows = ana("history", "eta-maximo", "-n", "1", "--json").json["submissions"]
        if rows and rows[0]["kind"] == kind and rows[0]["state"] == "running":
            return str(rows[0]["id"])
        time.sleep(0.1)
    raise AssertionError("it never ran")


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_stops_a_run(sign: signal.Signals, ana: Program):
    in_a_folder(ana, ENDLESS)
    process = ana.start("run", "eta-maximo")
    found = until_running(ana, "run")
    process.send_signal(sign)
    _out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Prueba parada" in err.decode()
    assert ana("show", found, "--json").json["state"] == "cancelled"


def test_an_interrupt_leaves_a_hand_in_to_its_end_and_says_so(ana: Program):
    in_a_folder(ana, ENDLESS)
    process = ana.start("submit", "eta-maximo")
    found = until_running(ana, "submit")
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert f"coursesite show {found}" in err.decode()
    shown = ana("show", found)
    assert shown.status == 1
    assert "tiempo agotado" in shown.out
