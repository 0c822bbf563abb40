"""What the pages are told when nothing can be graded."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from grading import health
from grading.runtimes import OFFERS, is_ready
from grading.sandbox import Holding
from tests.grading.conftest import Broker

pytestmark = pytest.mark.redis


@pytest.fixture
def ready(settings: object, tmp_path: object) -> None:
    """A machine where NumPy is installed and PyTorch is still on its way."""
    settings.RUNTIMES_DIR = tmp_path
    (tmp_path / "numpy").mkdir()
    (tmp_path / "numpy" / ".ready").write_text("numpy 2")


def test_a_standing_worker_offers_what_is_installed(broker: Broker, ready: None) -> None:
    health.report(problem="")
    now = health.read()
    assert now.can_grade("numpy")
    assert not now.can_grade("torch")


def test_a_worker_without_a_wall_says_why(broker: Broker, ready: None) -> None:
    health.report(problem="user namespaces are switched off")
    now = health.read()
    assert not now.can_grade("numpy")
    assert now.problem == "user namespaces are switched off"


def test_an_operator_reads_what_each_worker_holds(
    broker: Broker, ready: None, capsys: pytest.CaptureFixture[str]
) -> None:
    held = Holding("numpy", 30 << 20, (4 << 20, 12 << 20), forks=7, growth_bytes=1 << 20)
    health.report(problem="", holdings=[held])
    call_command("sandbox", "workers")
    told = capsys.readouterr().out
    assert "numpy" in told.splitlines()[0]
    assert "zygote 30.0 MB, children 4.0 MB, 12.0 MB; 7 forks, grown by 1.0 MB" in told


def test_an_operator_hears_that_no_worker_is_alive(
    broker: Broker, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        call_command("sandbox", "workers")
    assert "no worker is alive" in capsys.readouterr().err


def test_no_worker_at_all_is_said_too(broker: Broker) -> None:
    assert health.read().problem == "no worker is alive"


def test_without_redis_it_answers_all_the_same() -> None:
    assert health.read().problem == "the broker does not answer"


def test_a_runtime_nobody_offers_is_never_ready() -> None:
    assert "../../etc" not in OFFERS
    assert not is_ready("../../etc")
