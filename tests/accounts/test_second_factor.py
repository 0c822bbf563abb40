from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import enter, entered, prove

TOTP = "/accounts/2fa/totp/activate/"


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def secret(ana: User) -> str:
    """Ana has switched on the codes; the secret that her phone keeps."""
    client = entered(ana)
    page = client.get(TOTP).content.decode()
    secret = re.search(r'<code class="secret">(\w+)</code>', page)[1]
    assert client.post(TOTP, {"code": code_for(secret)}).url == "/accounts/2fa/recovery-codes/"
    return secret


def test_the_password_alone_no_longer_opens_and_the_code_does(ana: User, secret: str, dario: Client):
    assert enter(dario, ana.email).url == "/accounts/2fa/authenticate/"
    assert not dario.get("/").wsgi_request.user.is_authenticated

    cache.clear()  # the code that switched it on cannot be used again for half a minute
    response = dario.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert response.url == "/"
    assert dario.get("/").wsgi_request.user == ana


def test_a_wrong_code_is_told_in_our_words(ana: User, secret: str, dario: Client):
    enter(dario, ana.email)
    page = dario.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()

    assert "El código no coincide." in page
    assert not dario.get("/").wsgi_request.user.is_authenticated


def test_guessing_codes_meets_a_limit(ana: User, secret: str, dario: Client):
    enter(dario, ana.email)
    pages = [
        dario.post("/accounts/2fa/authenticate/", {"code": f"{guess:06}"}).content.decode()
        for guess in range(12)
    ]

    assert "Demasiados intentos" in pages[-1]


def test_a_recovery_code_opens_once(ana: User, secret: str):
    codes = Authenticator.objects.get(user=ana, type="recovery_codes").wrap().get_unused_codes()
    opened = []
    for _again in range(2):
        client = Client()
        enter(client, ana.email)
        client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        opened.append(client.get("/").wsgi_request.user.is_authenticated)

    assert len(codes) == 10
    assert opened == [True, False]


@pytest.mark.django_db(transaction=True)  # the mail leaves after the commit
def test_switching_it_on_and_off_is_told_by_mail(ana: User, secret: str):
    client = entered_with(ana, secret)
    client.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.filter(user=ana).exists()
    subjects = [message.subject for message in mail.outbox]
    assert "Coursesite: Aplicación de códigos activada" in subjects
    assert "Coursesite: Aplicación de códigos desactivada" in subjects
    assert "Fue el " in mail.outbox[-1].body


def entered_with(person: User, secret: str) -> Client:
    client = Client()
    enter(client, person.email)
    cache.clear()
    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    prove(client)
    return client


@pytest.mark.parametrize(
    "url",
    ["/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/2fa/recovery-codes/generate/"],
)
def test_an_open_session_alone_changes_nothing_about_the_second_step(url, as_ana: Client):
    assert as_ana.get(url).url.startswith("/accounts/reauthenticate/?next=")


def test_the_passkey_door_gives_its_challenge_to_scripts_only(db, dario: Client):
    options = dario.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"}).json()

    assert options["request_options"]["publicKey"]["challenge"]
    assert dario.get("/accounts/2fa/webauthn/login/").url == "/accounts/login/"


@pytest.mark.parametrize("credential", ["", "{}", "[]", "null", '{"id": 1}', "x" * 10_000])
def test_a_forged_passkey_opens_nothing(credential, db, dario: Client):
    response = dario.post("/accounts/2fa/webauthn/login/", {"credential": credential})

    assert response.status_code == 302
    assert not dario.get("/").wsgi_request.user.is_authenticated


@pytest.mark.parametrize(
    "page",
    [
        "",
        "totp/activate/",
        "totp/deactivate/",
        "recovery-codes/",
        "recovery-codes/generate/",
        "webauthn/",
        "webauthn/add/",
    ],
)
def test_every_page_of_it_is_ours(page, ana: User, secret: str):
    text = entered_with(ana, secret).get(f"/accounts/2fa/{page}", follow=True).content.decode()

    assert 'class="top__name"' in text
    assert text.count("<h1") == 1
    assert "<script>" not in text
    assert 'name="robots" content="noindex"' in text


def test_the_codes_can_be_taken_along_as_text(ana: User, secret: str):
    response = entered_with(ana, secret).get("/accounts/2fa/recovery-codes/download/")

    assert len(response.content.decode().split()) == 10
