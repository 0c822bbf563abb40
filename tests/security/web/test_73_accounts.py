"""Attack 73: guessing passwords, and learning who has an account, by words or by time.

The words are in tests/accounts/: the same for an address that is known, unknown or taken.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import pytest
from django.conf import global_settings
from django.core import mail
from django.test import Client
from django.utils.timezone import now

from accounts.models import User
from tests import factories

LOGIN = "/accounts/login/"


@pytest.fixture
def real_hashes(settings: object) -> None:
    """The hashes of the site, and not the quick ones of the tests."""
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS


def work(what: Callable[[], object]) -> float:
    """Seconds of processor time, the median of three: other processes do not count."""
    taken = []
    for _time in range(3):
        started = time.process_time()
        what()
        taken.append(time.process_time() - started)
    return median(taken)


def enter(email: str, password: str = "una frase equivocada", **headers: str) -> bool:
    """Whether a browser of its own gets in."""
    client = Client(headers=headers)
    client.post(LOGIN, {"login": email, "password": password})
    return client.get("/").wsgi_request.user.is_authenticated


@pytest.fixture
def people(db: None, real_hashes: None) -> dict[str, str]:
    """The addresses that an attacker would like to tell apart."""
    made = {
        name: factories.make_user(name) for name in ("known", "inactive", "social", "leaving", "unconfirmed")
    }
    User.objects.filter(pk=made["inactive"].pk).update(is_active=False)
    User.objects.filter(pk=made["leaving"].pk).update(deletion_asked_at=now())
    made["social"].set_unusable_password()
    made["social"].save()
    made["unconfirmed"].emailaddress_set.update(verified=False)
    return {name: person.email for name, person in made.items()} | {"unknown": "nadie@example.org"}


def test_73_whoever_it_is_a_wrong_password_costs_the_same_work(people: dict[str, str], settings: object):
    settings.ACCOUNT_RATE_LIMITS = False
    enter("warm@example.org")
    costs = {name: work(lambda email=email: enter(email)) for name, email in people.items()}
    usual = costs["known"]
    assert usual > 0.05, "these are no real hashes"
    assert {name for name, cost in costs.items() if not 0.7 * usual < cost < 1.4 * usual} == set(), costs


def test_73_asking_for_an_account_costs_the_same_work_whether_there_is_one(
    people: dict[str, str], settings: object
):
    settings.ACCOUNT_RATE_LIMITS = False

    def ask(email: str) -> None:
        Client().post("/accounts/signup/", {"email": email, "password1": factories.PASSWORD})

    new = iter(f"nueva{n}@example.org" for n in range(9))
    ask(next(new))
    costs = work(lambda: ask(next(new))), work(lambda: ask(people["known"]))
    assert costs[0] > 0.05
    assert 0.7 < costs[0] / costs[1] < 1.4, costs


@pytest.mark.parametrize("email", ["ana@example.org", "nadie@example.org"])
def test_73_a_forgotten_password_writes_one_mail_whether_there_is_an_account_or_not(email: str, ana: User):
    """A mail server takes its second for each: none for a stranger would tell who is none."""
    answer = Client().post("/accounts/password/reset/", {"email": email}, follow=True)
    assert "Si ese correo existe, le hemos escrito." in answer.content.decode()
    (message,) = mail.outbox
    assert message.to == [email]
    assert ("/password/reset/key/" in message.body) == (email == ana.email)


@pytest.mark.parametrize(
    "way",
    ["another address of origin", "other capitals", "spaces around", "another browser", "a forwarded port"],
)
def test_73_no_disguise_gives_more_than_five_guesses(way: str, ana: User):
    for number in range(5):
        enter(ana.email)
        if way == "another browser":
            Client().get("/")
        assert number < 5
    headers = {
        "another address of origin": {"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9"},
        "a forwarded port": {"Forwarded": "for=203.0.113.9"},
    }.get(way, {})
    email = {"other capitals": ana.email.upper(), "spaces around": f"  {ana.email} "}.get(way, ana.email)
    assert not enter(email, factories.PASSWORD, **headers)


def test_73_guesses_at_one_account_do_not_lock_another_out(ana: User, bruno: User):
    for _guess in range(6):
        enter(ana.email)
    assert enter(bruno.email, factories.PASSWORD)


def test_73_one_address_of_origin_does_not_try_one_password_on_everybody(db: None):
    """Spraying: each account is tried once, which no limit of an account would meet."""
    people = [factories.make_user(f"p{number}") for number in range(12)]
    for person in people[:-1]:
        enter(person.email, "verano de 2026")
    assert not enter(people[-1].email, factories.PASSWORD)


def test_73_guessing_tokens_meets_a_limit(db: None):
    client = Client()
    statuses = []
    for number in range(62):
        headers = {"authorization": f"Bearer cs_{number:040}", "X-Forwarded-For": f"203.0.113.{number}"}
        statuses.append(client.get("/api/v1/me/", headers=headers).status_code)
    assert statuses[0] == 401
    assert statuses[-1] == 429


def test_73_the_same_door_for_a_code_of_the_phone_twice(ana: User):
    """A code that somebody has seen over a shoulder is of no use once it was used."""
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.totp.internal.auth import (
        TOTP,
        format_hotp_value,
        generate_totp_secret,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    secret = generate_totp_secret()
    TOTP.activate(ana, secret)
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    opened = []
    for _again in range(2):
        client = Client()
        client.post(LOGIN, {"login": ana.email, "password": factories.PASSWORD})
        client.post("/accounts/2fa/authenticate/", {"code": code})
        opened.append(client.get("/").wsgi_request.user.is_authenticated)
    assert opened == [True, False]
    assert get_adapter().decrypt(get_adapter().encrypt(secret)) == secret
