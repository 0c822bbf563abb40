from __future__ import annotations

import re

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from lessons.models import Course

PAGES = ["/", "/courses/curso/", "/courses/curso/lessons/1.1.1/", "/accounts/login/", "/nada/"]


@pytest.mark.parametrize("url", PAGES)
def test_no_page_lets_a_script_in_the_page_run_or_itself_be_framed(url, course: Course, dario: Client):
    headers = dario.get(url).headers
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))

    assert policy["script-src"] == "'self'"
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("url", PAGES)
def test_no_page_of_ours_needs_what_its_policy_forbids(url, course: Course, dario: Client):
    page = dario.get(url).content.decode()

    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\son[a-z]+=", page)
    assert "<style" not in page
    assert not re.search(r'(?:src|href)="https?:', page)


@pytest.mark.parametrize("url", PAGES)
def test_every_page_has_one_heading_a_skip_link_and_both_live_regions(url, course: Course, dario: Client):
    page = dario.get(url).content.decode()

    assert page.count("<h1") == 1
    assert 'class="skip" href="#contenido"' in page
    assert re.search(r'id="aviso"[^>]*role="status"></div>', page)
    assert re.search(r'id="alerta"[^>]*role="alert"></div>', page)


def test_two_answers_never_share_a_nonce(db, dario: Client):
    first, second = (dario.get("/").headers["Content-Security-Policy"] for _time in range(2))

    assert first != second


def test_a_host_that_is_not_ours_is_refused_in_our_words(db, dario: Client):
    response = dario.get("/", headers={"Host": "example.org"})

    assert response.status_code == 400
    assert "No entendemos la petición" in response.content.decode()


def test_a_fault_of_ours_gives_a_reference_that_stands_in_the_log(course: Course, caplog, monkeypatch):
    monkeypatch.setattr("lessons.views.pages.selectors.course_outline", lambda **_kwargs: 1 / 0)
    response = Client(raise_request_exception=False).get("/")
    page = response.content.decode()

    assert response.status_code == 500
    reference = re.search(r"<code>([0-9A-F]{4}-[0-9A-F]{2})</code>", page)[1]
    assert reference in caplog.text
    assert "ZeroDivisionError" not in page
    assert "Traceback" not in page


def test_the_health_address_tells_when_the_database_is_gone(db, dario: Client, monkeypatch):
    assert dario.get("/healthz").json() == {"status": "ok"}

    def gone() -> None:
        raise DatabaseError

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", gone)
        assert dario.get("/healthz").status_code == 503
