from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import PersonalToken, Scope, User
from accounts.services.tokens import MOST, create_token, token_of

URL = "/accounts/tokens/"
ASKED = {"name": "faro", "scopes": ["read", "submit"], "days": "90"}


def secret_in(page: str) -> str:
    return re.search(r'value="(cs_[^"]+)"', page)[1]


def test_the_secret_is_shown_once_and_works(ana: User, as_ana: Client):
    made = as_ana.post(URL, ASKED)
    secret = secret_in(made.content.decode())
    assert "no-store" in made.headers["Cache-Control"]
    assert token_of(secret).person == ana
    again = as_ana.get(URL).content.decode()
    assert secret not in again
    assert "faro" in again


def test_a_revoked_token_opens_nothing_more(ana: User, as_ana: Client):
    secret = secret_in(as_ana.post(URL, ASKED).content.decode())
    token = PersonalToken.objects.get()
    as_ana.post(f"{URL}{token.pk}/revoke/")
    assert token_of(secret) is None
    assert "faro" not in as_ana.get(URL).content.decode()


@pytest.mark.parametrize(
    "change", [{"name": "  "}, {"name": "x" * 300}, {"scopes": []}, {"scopes": ["admin"]}, {"days": "9999"}]
)
def test_what_makes_no_token_is_told(change: dict[str, object], as_ana: Client, ana: User):
    answer = as_ana.post(URL, ASKED | change)
    assert answer.status_code == 422
    assert not PersonalToken.objects.exists()


def test_who_has_enough_tokens_must_revoke_one_first(ana: User, as_ana: Client):
    for _ in range(MOST):
        create_token(person=ana, name="t", scopes=[Scope.READ])
    answer = as_ana.post(URL, ASKED)
    assert answer.status_code == 422
    assert "demasiadas claves" in answer.content.decode()


def test_tokens_are_their_persons(dario: Client, ana: User, as_bruno: Client):
    token, _secret = create_token(person=ana, name="de ana", scopes=[Scope.READ])
    assert dario.get(URL).status_code == 302
    assert dario.post(f"{URL}{token.pk}/revoke/").status_code == 302
    assert "de ana" not in as_bruno.get(URL).content.decode()
    assert as_bruno.post(f"{URL}{token.pk}/revoke/").status_code == 404
    assert as_bruno.get(f"{URL}{token.pk}/revoke/").status_code == 405
