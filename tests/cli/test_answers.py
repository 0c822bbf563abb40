"""What the program makes of strange answers: the exit status for scripts, the sentence for people."""

from __future__ import annotations

import json
import socket

import pytest

from tests.cli.conftest import Program
from tests.cli.network import site_that_answers

JSON = {"Content-Type": "application/json"}
PROBLEM = {"Content-Type": "application/problem+json"}


def problem(status: int, code: str, **more: object) -> bytes:
    return json.dumps({"status": status, "detail": "No puede ser.", "code": code} | more).encode()


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        ((500, {}, b"<h1>Oops</h1>"), 3, "Fallo del sitio"),
        ((401, PROBLEM, problem(401, "authentication_failed")), 4, "coursesite login"),
        ((403, PROBLEM, problem(403, "missing_scope")), 4, "/accounts/tokens/"),
        ((404, PROBLEM, problem(404, "not_found")), 2, "No puede ser."),
        ((422, PROBLEM, problem(422, "invalid", fields_wrong={"page_size": ["Mal."]})), 2, "page_size: Mal."),
        ((200, {"Content-Type": "text/html"}, b"<p>Wifi</p>"), 4, "no es Coursesite"),
        ((404, {}, b"nginx"), 4, "no es Coursesite"),
        ((301, {"Location": "https://new.example/"}, b""), 4, "https://new.example/"),
    ],
)  # fmt: skip
def test_each_kind_of_trouble_has_its_status_and_says_what_to_do(answer, status, words, program: Program):
    with site_that_answers(answer) as network:
        program.environment |= {"COURSESITE_SITE": network.url, "COURSESITE_TOKEN": "cs_x"}
        done = program("list")
    assert (done.status, done.out) == (status, "")
    assert words in done.err
    assert "Traceback" not in done.err


def test_a_site_that_asks_to_wait_is_waited_for(program: Program):
    empty = json.dumps({"next": None, "previous": None, "results": []}).encode()
    later = (429, PROBLEM | {"Retry-After": "1"}, problem(429, "throttled"))
    with site_that_answers(later, later, (200, JSON, empty)) as network:
        program.environment |= {"COURSESITE_SITE": network.url, "COURSESITE_TOKEN": "cs_x"}
        done = program("list", "--json")
    assert (done.status, done.json) == (0, {"courses": []})
    assert "pide esperar" in done.err


def test_a_site_that_restarts_is_asked_again(program: Program):
    empty = json.dumps({"next": None, "previous": None, "results": []}).encode()
    with site_that_answers((502, {}, b""), (503, {}, b""), (200, JSON, empty)) as network:
        program.environment |= {"COURSESITE_SITE": network.url, "COURSESITE_TOKEN": "cs_x"}
        assert program("list").status == 0
    assert len(network.asked) == 3


def test_nobody_there_is_said_with_the_address_that_was_tried(program: Program):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        program.environment |= {"COURSESITE_SITE": url, "COURSESITE_TOKEN": "cs_x"}
        done = program("list", "--json")
    assert (done.status, done.json["error"]["code"]) == (4, "no_contact")
    assert url in done.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["frob"], "no es una opción"),
        (["get"], "faltan: EJERCICIO"),
        (["history", "-n", "0"], "no es un número"),
        (["--lang", "en", "get"], "required: EXERCISE"),
        (["list", "--lang=en", "--frob"], "unrecognized"),
    ],
)
def test_what_makes_no_sense_is_refused_in_the_readers_language(
    words: list[str], told: str, program: Program
):
    done = program(*words)
    assert done.status == 2
    assert told in done.err
    assert "--help" in done.err


def test_without_a_token_it_says_how_to_get_one_and_sends_nothing(program: Program):
    with site_that_answers((200, JSON, b"{}")) as network:
        done = program("list", "--site", network.url)
    assert (done.status, network.asked) == (4, [])
    assert f"coursesite login {network.url}" in done.err


def test_a_solution_outside_a_folder_of_its_own_is_not_sent_to_anywhere(program: Program):
    (program.folder / "solution.py").write_text("x = 1\n")
    with site_that_answers((200, JSON, b"{}")) as network:
        program.environment |= {"COURSESITE_SITE": network.url, "COURSESITE_TOKEN": "cs_x"}
        assert program("run").status == 2
        (program.folder / "coursesite.json").write_text(
            json.dumps({"site": "https://other.example", "course": "c", "exercise": "e"})
        )
        other = program("run")
        assert other.status == 2
        assert "https://other.example" in other.err
        (program.folder / "coursesite.json").write_text("{")
        assert program("run").status == 2
        (program.folder / "coursesite.json").write_text(
            json.dumps({"site": network.url, "course": "c", "exercise": "e"})
        )
        (program.folder / "solution.py").write_bytes(b"x = 1\n\xff\n")
        assert "línea 2" in program("run").err
    assert network.asked == []
