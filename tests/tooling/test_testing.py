"""How lanes are counted: nothing that failed, fell over or could not run in CI goes unnoticed."""

from __future__ import annotations

import os
import subprocess
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from tooling import postgres, testing
from tooling.testing import Lane, Outcome

JUNIT = """<testsuites><testsuite name="pytest" tests="9" failures="1" errors="1" skipped="2">
</testsuite></testsuites>"""


@pytest.fixture
def results(monkeypatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(testing, "RESULTS", tmp_path)
    return tmp_path


def test_a_lane_is_counted_from_its_xml(results):
    (results / "fast.xml").write_text(JUNIT)
    outcome = Outcome("fast", broken=True)
    testing.count(outcome)
    assert (outcome.passed, outcome.failed, outcome.skipped) == (5, 2, 2)


def test_a_runner_that_fell_over_counts_as_a_failure(results):
    outcome = Outcome("fast", broken=True)
    testing.count(outcome)
    assert outcome.failed == 1


def test_a_lane_that_cannot_run_is_skipped_at_home_and_fails_in_ci(monkeypatch):
    lane = Lane("browser", "browser", lacks=lambda: "no Chromium")
    monkeypatch.delenv("CI", raising=False)
    assert not testing.run(lane, []).broken
    monkeypatch.setenv("CI", "true")
    assert testing.run(lane, []).broken


def test_the_last_line_is_the_count_and_a_lacking_lane_says_why(capsys):
    outcomes = [Outcome("fast", passed=5, failed=1, broken=True), Outcome("browser", lacks="no Chromium")]
    assert testing.close(outcomes) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any("browser" in line and "no Chromium" in line for line in lines)
    assert lines[-1] == "5 passed, 1 failed, 0 skipped"


def test_the_end_says_what_schemathesis_asked_and_how_often_the_api_failed(results, capsys):
    assert testing.close([Outcome("fast", passed=1)]) == 0
    assert "schemathesis" not in capsys.readouterr().out
    (results / "schemathesis.json").write_text(
        '{"student": {"operations": 18, "cases": 288, "server_errors": 1},'
        ' "nobody": {"operations": 18, "cases": 280, "server_errors": 0}}'
    )
    testing.close([Outcome("fast", passed=1)])
    told = "schemathesis: 18 operations, 568 cases as student, nobody; 1 server errors"
    assert told in capsys.readouterr().out


def test_a_lane_of_one_folder_is_part_of_another_and_runs_when_named(monkeypatch, tmp_path: Path):
    ran: list[tuple[str, list[str]]] = []

    def noted(lane: Lane, options: list[str]) -> Outcome:
        ran.append((lane.name, options))
        return Outcome(lane.name)

    monkeypatch.setattr(testing, "run", noted)
    monkeypatch.setattr(testing, "ready", lambda **_: None)
    monkeypatch.setattr(testing, "RESULTS", tmp_path / "results")
    testing.test([])
    assert "security" not in [name for name, _ in ran]
    testing.test(["security", "--without", "landlock"])
    assert ran[-1] == ("security", ["--without", "landlock"])
    assert testing.LANES["security"].marks == testing.LANES["wall"].marks


def test_fuzzing_goes_on_by_rounds_until_the_minutes_are_over_or_one_fails(monkeypatch, capsys):
    ran: list[dict[str, str]] = []
    codes = iter([0, 0, 1])

    def noted(command: list[str], cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
        assert command[-2:] == ["tests/fuzz", "--pdb"]
        ran.append(env)
        return subprocess.CompletedProcess(command, next(codes))

    monkeypatch.setattr(testing, "ready", lambda **_: None)
    monkeypatch.setattr(testing.postgres, "programs", lambda: None)
    monkeypatch.setattr(testing.subprocess, "run", noted)
    assert testing.test(["fuzz", "--pdb"]) == 0
    assert "1 rounds, nothing found" in capsys.readouterr().out
    assert testing.test(["fuzz", "--minutes", "1", "--pdb"]) == 1
    assert [env["FUZZ"] for env in ran] == ["round"] * 3


def test_the_tests_see_nothing_of_the_local_site(monkeypatch):
    monkeypatch.setenv("COURSESITE_DATABASE_URL", "sqlite:////home/ana/site.sqlite3")
    monkeypatch.setenv("COURSESITE_VAR_DIR", "/home/ana/var")
    with ExitStack() as stack:
        env = testing.test_environment(stack, on_postgres=False)
        assert "COURSESITE_DATABASE_URL" not in env
        folder = Path(env["COURSESITE_VAR_DIR"])
        assert folder != Path("/home/ana/var")
        assert folder.is_dir()
    assert not folder.exists()


def test_a_postgresql_of_our_own_answers_and_is_gone_afterwards():
    found = postgres.programs()
    if not found:
        pytest.skip("this machine has no PostgreSQL server")
    with postgres.running(found) as url:
        folder = Path(url.partition("@")[2].rpartition("/")[0].replace("%2F", "/"))
        with psycopg.connect(host=str(folder), user="coursesite", dbname="coursesite") as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        server = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)


def test_a_lane_that_grades_in_every_runtime_does_not_install_what_is_for_gpus(monkeypatch):
    grades = Lane("wall", "wall", every_runtime=True)
    assert "tensorflow" in testing.runtimes_for([grades])
    assert "torch-gpu" not in testing.runtimes_for([grades])
    monkeypatch.setattr(testing, "named_by_courses", set)
    assert testing.runtimes_for([Lane("gpu", "gpu")]) == {"torch-gpu"}


def test_without_a_gpu_its_lane_says_why(monkeypatch):
    monkeypatch.setenv("LD_LIBRARY_PATH", "/nowhere")
    if not Path("/dev/nvidiactl").exists():
        assert "driver" in testing.LANES["gpu"].lacks()
