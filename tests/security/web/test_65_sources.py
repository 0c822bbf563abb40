"""Attack 65: text that no form expects, as large, as broken or as misleading as it gets."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.models import User
from exercises.models import Exercise
from grading.models import Comment, Submission
from tests import factories
from tests.lessons.conftest import lesson as lesson
from tests.lessons.conftest import quiz as quiz

from .conftest import Server

MEGABYTE = 1024 * 1024


@pytest.mark.redis
def test_65_a_hundred_megabytes_are_refused_by_their_header_before_one_of_them_is_sent(server: Server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as wire:
        wire.sendall(
            b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 104857600\r\n\r\n"
        )
        answer = b"".join(iter(lambda: wire.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 413")
    assert b'"code": "too_large"' in answer


@pytest.mark.redis
def test_65_a_body_of_no_announced_end_is_cut_off(server: Server):
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        for _piece in range(100):
            sent += MEGABYTE
            yield b"x" * MEGABYTE

    with server.browser() as browser:
        answer = browser.post("/accounts/login/", content=endless())
    assert answer.status_code == 413
    assert sent < 30 * MEGABYTE
    assert server.faults() == []


CODECS = ["rot13", "unicode_escape", "idna", "punycode", "utf-16", "zlib", '"utf-7"']


@pytest.mark.redis
def test_65_nobody_chooses_the_codec_by_which_their_text_is_read(server: Server, ana: User):
    body = b'--L\r\nContent-Disposition: form-data; name="name"\r\n\r\nA\\ud800\r\n--L--\r\n'
    with server.browser(ana) as browser:
        for charset in CODECS:
            page = browser.get("/", headers={"Content-Type": f"text/html; charset={charset}"})
            form = {"Content-Type": f"multipart/form-data; boundary=L; Charset={charset}"}
            posted = browser.post("/accounts/profile/", content=body, headers=form)
            assert (page.status_code, posted.status_code) == (400, 400), charset
    assert server.faults() == []


@pytest.mark.redis
def test_65_a_nul_in_an_address_a_query_or_a_cookie_is_a_bad_request(server: Server, exercise: Exercise):
    with server.browser() as browser:
        for address in ("/courses/%00/", "/courses/curso/lessons/%00/", "/?page=%00"):
            assert browser.get(address).status_code == 400, address
        cookie = {"Cookie": 'sessionid="\\000aaaaaaaaaaaa"'}
        assert browser.get("/", headers=cookie).status_code == 400
        assert browser.get("/").status_code == 200
    assert server.faults() == []


LINES = "a\n" * 1_000_000


def test_65_a_million_lines_are_refused_at_every_door_that_takes_code(as_ana: Client, exercise: Exercise):
    at = f"/courses/curso/exercises/{exercise.slug}"
    few = "a\n" * 100_000  # small enough in bytes; its page would be twenty megabytes
    for source in (LINES, few):
        form = {"source": source, "kind": "submit", "form_token": "7f3d7a0e-2a38-4f3c-9f0c-0a7b5d8e2a11"}
        page = as_ana.post(f"{at}/submissions/", form, headers={"accept": "application/json"})
        program = as_ana.post(
            f"/api/v1{at}/submissions/", {"source": source}, content_type="application/json"
        )
        lesson = as_ana.post("/courses/curso/code/", {"source": source, "runtime": "numpy"})
        for answer in (page, program, lesson):
            assert 400 <= answer.status_code < 500, answer.content[:200]
    assert page.json()["code"] == "too_many_lines"
    assert "4000" in page.json()["message"]
    assert not Submission.objects.exists()


def test_65_two_sources_of_a_hundred_thousand_form_feeds_are_not_compared_line_by_line(
    as_ana: Client, ana: User, exercise: Exercise, monkeypatch: pytest.MonkeyPatch
):
    """Python's splitlines ends a line there, and the quadratic comparison would take the page along."""
    lines = []
    monkeypatch.setattr("grading.pages.difference.SequenceMatcher", Seen(lines))
    for n in range(2):
        factories.hand_in(ana, exercise, source="x\x0c\u2028" * 50_000 + str(n))
    assert as_ana.get(f"/courses/curso/exercises/{exercise.slug}/history/diff/").status_code == 200
    assert max(lines) < 10


class Seen:
    """Stands before the real matcher and notes how many lines it is given."""

    def __init__(self, lines: list[int]) -> None:
        from difflib import SequenceMatcher

        self.matcher, self.lines = SequenceMatcher, lines

    def __call__(self, junk: None, old: list[str], new: list[str]) -> object:
        self.lines += [len(old), len(new)]
        return self.matcher(junk, old, new)


TURNED = "if level != 'user\u202e \u2066# solo admin\u2069 \u2066':\n    pasa = True\n"


def test_65_code_that_turns_its_text_around_is_read_with_its_marks_showing(
    as_carla: Client, as_ana: Client, ana: User, exercise: Exercise
):
    """Trojan Source (CVE-2021-42574): what the teacher reads is what Python reads."""
    first = factories.hand_in(ana, exercise, source="pasa = False\n")
    second = factories.hand_in(ana, exercise, source=TURNED)
    for client, url in (
        (as_carla, second.get_absolute_url()),
        (as_ana, f"/courses/curso/exercises/{exercise.slug}/history/diff/?a=1&b=2"),
    ):
        page = client.get(url).content.decode()
        assert "\u202e" not in page, url
        assert "\u2066" not in page, url
        assert '<span class="unseen" title="U+202E">' in page, url
    assert first.pk != second.pk


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\x1b", "\ufeff", "\u2028", "\x07"])
def test_65_no_invisible_mark_hides_in_a_line_of_code(
    hidden: str, as_carla: Client, ana: User, exercise: Exercise
):
    handed_in = factories.hand_in(ana, exercise, source=f"x = 'a{hidden}b'\n")
    listing = as_carla.get(handed_in.get_absolute_url()).content.decode().split('<ol class="listing">')[1]
    assert hidden not in listing
    assert f'title="U+{ord(hidden):04X}"' in listing


def test_65_a_nul_typed_as_an_answer_is_no_fault_of_ours(quiz: dict, as_ana: Client):
    from tests.lessons.conftest import answer_url

    for kind in ("predict", "numeric"):
        answer = as_ana.post(answer_url(quiz[kind]), {"value": "a\0b"})
        assert answer.status_code in {302, 422}


def test_65_a_comment_of_no_text_at_all_is_refused(as_carla: Client, ana: User, exercise: Exercise):
    url = f"/submissions/{factories.hand_in(ana, exercise).pk}/comments/"
    for text in (b"\xff\xfe\x00", b"\x00"):
        body = b'--L\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + text + b"\r\n--L--\r\n"
        answer = as_carla.generic("POST", url, body, content_type="multipart/form-data; boundary=L")
        assert answer.status_code == 422
    assert not Comment.objects.exists()
