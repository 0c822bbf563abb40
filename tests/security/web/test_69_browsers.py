"""Attack 69: another site that acts with the reader's browser, or takes the reader along."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from exercises.models import Draft, Exercise
from lessons.models import Course, Enrolment
from tests import factories
from tests.conftest import signed_in
from tests.coursesite.test_permissions import BODIES, JSON_BODIES, address_of, rows

READS = sorted({name for name, method, _statuses in rows() if method == "GET"})
WRITES = sorted({name for name, method, _statuses in rows() if method == "POST"})
BY_ITS_OWN_TOKEN = {
    "accounts:unsubscribe"
}  # a mail program's one-click POST (RFC 8058): the address is signed
OTHERS = [
    "/accounts/login/", "/accounts/signup/", "/accounts/logout/", "/accounts/email/",
    "/accounts/password/reset/", "/accounts/password/change/", "/accounts/reauthenticate/",
    "/accounts/sessions/", "/accounts/2fa/totp/activate/",
]  # fmt: skip


def forger(person: User) -> Client:
    """Another site in the browser of `person`: their cookies go along, the form's token does not."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in WRITES if name not in BY_ITS_OWN_TOKEN])
def test_69_no_form_of_ours_is_sent_by_another_site(name: str, place: dict[str, object]):
    address = address_of(name, place)
    for person in ("ana", "carla"):
        client = forger(User.objects.get(email=f"{person}@example.org"))
        if name.startswith("api:"):
            answer = client.post(address, JSON_BODIES.get(name, {}), content_type="application/json")
        else:
            answer = client.post(address, BODIES.get(name, {}))
        refused = {403, 404} if name.startswith("api:") else {403}
        assert answer.status_code in refused, person


@pytest.mark.parametrize("address", OTHERS)
def test_69_no_form_of_the_account_is_sent_by_another_site(address: str, ana: User):
    assert forger(ana).post(address, {"login": "x", "email": "x@example.org"}).status_code == 403


def test_69_a_draft_is_not_written_by_another_site_in_any_way_of_sending_it(ana: User, exercise: Exercise):
    url = "/courses/curso/exercises/doble/draft/"
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        answer = forger(ana).post(url, '{"source": "robado", "revision": 0}', content_type=kind)
        assert answer.status_code == 403
    assert not Draft.objects.exists()


def test_69_a_token_of_a_program_needs_no_form_and_gives_no_session(ana: User, exercise: Exercise):
    """What is not sent by itself cannot be borrowed; and it must not turn into what is."""
    from accounts.models import Scope
    from accounts.services.tokens import create_token

    _token, secret = create_token(person=ana, name="t", scopes=[Scope.SUBMIT, Scope.READ])
    client = Client(enforce_csrf_checks=True, headers={"authorization": f"Bearer {secret}"})
    url = "/api/v1/courses/curso/exercises/doble/submissions/"
    assert client.post(url, {"source": "x = 1"}, content_type="application/json").status_code == 201
    assert "sessionid" not in client.cookies
    foreign = client.get("/api/v1/me/", headers={"origin": "https://evil.example"})
    assert not [name for name in foreign.headers if name.lower().startswith("access-control-")]


def test_69_a_session_that_somebody_else_planted_does_not_become_anas(ana: User, dario: Client):
    """Fixation: the attacker's own anonymous session, put into her browser before she enters."""
    dario.get("/accounts/login/")
    session = dario.session
    session["planted"] = "1"
    session.save()
    planted = session.session_key
    dario.cookies["sessionid"] = planted
    dario.post("/accounts/login/", {"login": ana.email, "password": factories.PASSWORD})
    assert dario.cookies["sessionid"].value != planted
    attacker = Client()
    attacker.cookies["sessionid"] = planted
    assert not attacker.get("/").wsgi_request.user.is_authenticated


def test_69_a_made_up_session_key_is_not_adopted(ana: User, dario: Client):
    dario.cookies["sessionid"] = "a" * 32
    dario.post("/accounts/login/", {"login": ana.email, "password": factories.PASSWORD})
    assert dario.cookies["sessionid"].value != "a" * 32
    assert dario.cookies["sessionid"]["httponly"]
    assert dario.cookies["sessionid"]["samesite"] == "Lax"


AWAY = [
    "https://evil.example/", "//evil.example/", "///evil.example/", "/\\evil.example/",
    "\\\\evil.example/", "http:evil.example", "https:/evil.example", "/\t/evil.example/",
    "\t//evil.example/", "\n//evil.example", "javascript:alert(1)", "data:text/html,x",
    "https://testserver@evil.example/", "https://testserver.evil.example/",
    "http://evil.example#testserver", "/%09/evil.example", "//testserver%2eevil.example",
    "https://evil.example/\\@testserver/", "http://[::1", " https://evil.example",
]  # fmt: skip


def lands(response: HttpResponse) -> str:
    """The host on which a browser lands: it drops tabs and line ends, and reads a backslash as a slash."""
    target = re.sub(r"[\t\r\n]", "", response.headers.get("Location", "/").strip()).replace("\\", "/")
    return urlsplit(urljoin("http://testserver/somewhere/", target)).netloc


@pytest.mark.parametrize("away", AWAY)
def test_69_no_form_leads_off_the_site(away: str, ana: User, course: Course):
    entering = {"login": ana.email, "password": factories.PASSWORD, "next": away}
    answers = [
        Client().post("/accounts/login/", entering),
        Client().post(
            "/accounts/login/", {k: v for k, v in entering.items() if k != "next"} | {"next": [away]}
        ),
        Client().post("/accounts/theme/", {"theme": "dark", "next": away}),
        Client().post("/language/setlang/", {"language": "en", "next": away}),
        signed_in(ana).post("/courses/curso/enrol/", {"next": away}),
        signed_in(ana).post("/accounts/logout/", {"next": away}),
        signed_in(ana).get("/accounts/login/", {"next": away}),
        signed_in(ana).post("/accounts/reauthenticate/", {"password": factories.PASSWORD, "next": away}),
        Client().get("/", {"lengua": "en", "next": away}),
    ]
    for number, answer in enumerate(answers):
        assert lands(answer) == "testserver", f"{number}: {answer.headers.get('Location')}"
    for page in ("/accounts/login/", "/accounts/signup/"):
        form = Client().get(page, {"next": away}).content.decode()
        assert "evil.example" not in re.sub(r'<input[^>]*name="next"[^>]*>|\?next=[^"]*', "", form)


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/\\evil.example", "//evil.example/%2f..", "///evil.example"]
)
def test_69_the_language_switch_keeps_to_the_site_whatever_the_path(path: str, db: None, dario: Client):
    answer = dario.get(f"{path}?lengua=en")
    assert lands(answer) == "testserver"


@pytest.mark.parametrize("away", AWAY[:6])
def test_69_signing_up_leads_nowhere_else_once_the_address_is_confirmed(away: str, db: None, dario: Client):
    dario.post("/accounts/signup/", {"email": "n@example.org", "password1": factories.PASSWORD, "next": away})
    link = re.search(r"https?://[^/\s]+(/\S+)", mail.outbox[0].body)[1]
    assert lands(dario.post(link)) == "testserver"


@pytest.mark.parametrize(
    "headers",
    [{"X-Forwarded-Host": "evil.example"}, {"X-Host": "evil.example"}, {"Forwarded": "host=evil.example"},
     {"X-Forwarded-Proto": "https"}, {"X-Original-URL": "/admin/"}],
)  # fmt: skip
def test_69_a_mail_leads_to_this_site_whoever_asked_for_it(headers: dict[str, str], ana: User, dario: Client):
    dario.post("/accounts/password/reset/", {"email": ana.email}, headers=headers)
    assert "http://testserver/accounts/password/reset/key/" in mail.outbox[0].body
    assert "evil" not in mail.outbox[0].body


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "testserver:x", ""]
)
def test_69_another_host_is_refused_before_a_mail_is_written(host: str, ana: User, dario: Client):
    answer = dario.post("/accounts/password/reset/", {"email": ana.email}, headers={"Host": host})
    assert answer.status_code in {302, 400}
    assert all("http://testserver/" in message.body for message in mail.outbox)
    if host:
        assert answer.status_code == 400


INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE)
HANDLER = re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE)


@pytest.mark.django_db
@pytest.mark.parametrize("name", READS)
def test_69_no_answer_can_be_framed_or_run_a_script_of_its_own(name: str, place: dict[str, object]):
    for person in (None, "ana", "carla"):
        client = signed_in(User.objects.get(email=f"{person}@example.org")) if person else Client()
        answer = client.get(address_of(name, place), follow=True)
        policy = dict(rule.split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split("; "))
        assert policy["script-src"] == "'self'"
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["form-action"] == "'self'"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        if answer.headers["Content-Type"].startswith("text/html"):
            page = answer.content.decode()
            assert not INLINE.search(page)
            assert not HANDLER.search(page)
            assert "<style" not in page
            assert not re.search(
                r'(?:href|src|action)="\s*(?:javascript|data|https?):', page.replace(SITE, "")
            )


SITE = 'href="https://creativecommons.org'


@pytest.mark.django_db
def test_69_what_is_somebodys_own_is_not_kept_by_a_shared_cache(place: dict[str, object]):
    """Pages of somebody signed in depend on the cookie; data of theirs is not kept at all."""
    client = signed_in(User.objects.get(email="ana@example.org"))
    for name in READS:
        answer = client.get(address_of(name, place))
        kept = answer.headers.get("Cache-Control", "")
        varies = answer.headers.get("Vary", "").lower()
        private = any(word in kept for word in ("no-store", "private", "no-cache"))
        assert private or "cookie" in varies or answer.status_code >= 300 or name in PUBLIC, name


PUBLIC = {"healthz", "api:schema"}


def test_69_a_session_ends_with_the_account_that_was_signed_in(as_ana: Client, ana: User):
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert not as_ana.get("/").wsgi_request.user.is_authenticated
    assert EmailAddress.objects.filter(user=ana).exists()
    assert Enrolment.objects.filter(student=ana).exists()
