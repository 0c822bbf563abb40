from __future__ import annotations

import re

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from accounts.models import User
from accounts.templatetags.devices import device
from tests.accounts.conftest import enter, entered, link_in, prove

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Mobile Safari/537.36"
)
SESSIONS = "/accounts/sessions/"


@pytest.fixture
def laptop(ana: User) -> Client:
    client = Client(headers={"User-Agent": FIREFOX})
    enter(client, ana.email)
    return client


@pytest.fixture
def phone(ana: User) -> Client:
    client = Client(headers={"User-Agent": PHONE})
    enter(client, ana.email)
    return client


def is_in(client: Client) -> bool:
    return client.get("/").wsgi_request.user.is_authenticated


def test_ana_sees_where_she_is_signed_in(laptop: Client, phone: Client):
    page = laptop.get(SESSIONS).content.decode()

    assert "Firefox en Linux" in page
    assert "Chrome en Android" in page
    assert page.count("Este</span>") == 1


def test_she_ends_one_device_and_stays_on_this_one(laptop: Client, phone: Client):
    (address,) = re.findall(r'action="(/accounts/sessions/\d+/end/)"', laptop.get(SESSIONS).content.decode())
    assert laptop.post(address).url == SESSIONS

    assert is_in(laptop)
    assert not is_in(phone)


def test_she_ends_all_others_at_once(laptop: Client, phone: Client):
    laptop.post(SESSIONS)

    assert is_in(laptop)
    assert not is_in(phone)


def test_nobody_ends_a_session_of_somebody_else(laptop: Client, bruno: User):
    session = UserSession.objects.get()

    assert entered(bruno).post(f"/accounts/sessions/{session.pk}/end/").status_code == 404
    assert Client().post(f"/accounts/sessions/{session.pk}/end/").url.startswith("/accounts/login/")
    assert laptop.get(f"/accounts/sessions/{session.pk}/end/").status_code == 405
    assert is_in(laptop)


def test_a_new_password_keeps_this_device_and_ends_the_others(laptop: Client, phone: Client):
    fields = {"oldpassword": "una frase bien larga", "password1": "otra frase más larga"}
    laptop.post("/accounts/password/change/", fields | {"password2": "otra frase más larga"})

    assert is_in(laptop)
    assert not is_in(phone)
    assert mail.outbox[-1].subject == "Coursesite: Tu contraseña ha cambiado"


def test_a_new_address_counts_once_it_is_confirmed(ana: User, laptop: Client):
    prove(laptop)
    laptop.post("/accounts/email/", {"email": "otra@example.org", "action_add": ""})
    ana.refresh_from_db()
    assert ana.email == "ana@example.org"

    (message,) = mail.outbox
    assert message.to == ["otra@example.org"]
    laptop.post(link_in(message))
    ana.refresh_from_db()
    assert ana.email == "otra@example.org"
    assert mail.outbox[-1].to == ["ana@example.org"]
    assert "otra@example.org" in mail.outbox[-1].body


def test_asking_for_an_address_that_is_taken_reveals_nothing(ana: User, bruno: User, laptop: Client):
    prove(laptop)
    free, taken = (
        laptop.post("/accounts/email/", {"email": email, "action_add": ""}, follow=True).content.decode()
        for email in ("otra@example.org", bruno.email)
    )

    tokens = re.compile(r'value="\w{64}"')
    assert tokens.sub("", free.replace("otra@example.org", "@")) == tokens.sub(
        "", taken.replace(bruno.email, "@")
    )


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("", "un navegador sin nombre"),
        ("curl/8.0", "curl"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1",
            "Safari en iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141.0 Safari/537.36 Edg/141.0", "Edge en Windows"),
    ],
)
def test_a_browser_is_called_as_people_call_it(header, words):
    assert device(header) == words
