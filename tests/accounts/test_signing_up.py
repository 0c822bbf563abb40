from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import enter, link_in
from tests.factories import PASSWORD

SIGN_UP = "/accounts/signup/"


def sign_up(client: Client, email: str = "nueva@example.org", **fields: str):
    return client.post(SIGN_UP, {"email": email, "password1": PASSWORD, **fields}, follow=True)


def without_tokens(response) -> str:
    return re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]+"', "", response.content.decode())


def test_a_stranger_confirms_by_mail_and_is_in(db, dario: Client):
    page = sign_up(dario, next="/courses/curso/").content.decode()
    assert "Te hemos escrito" in page
    assert not dario.get("/").wsgi_request.user.is_authenticated

    (message,) = mail.outbox
    assert message.to == ["nueva@example.org"]
    assert message.subject == "Coursesite: Confirma tu correo"
    confirmed = dario.post(link_in(message))
    assert confirmed.url == "/courses/curso/"
    assert dario.get("/").wsgi_request.user.email == "nueva@example.org"


def test_the_link_opened_in_another_browser_confirms_but_lets_nobody_in(db, dario: Client):
    sign_up(dario)
    other = Client()
    other.post(link_in(mail.outbox[0]))

    assert not other.get("/").wsgi_request.user.is_authenticated
    assert enter(other, "nueva@example.org").url == "/"


def test_the_link_works_once(db, dario: Client):
    sign_up(dario)
    link = link_in(mail.outbox[0])
    dario.post(link)

    page = Client().get(link).content.decode()
    assert "ya no vale" in page


def test_an_unconfirmed_address_does_not_open_the_door(db, dario: Client):
    sign_up(dario)
    enter(dario, "nueva@example.org")

    assert not dario.get("/").wsgi_request.user.is_authenticated


def test_a_taken_address_gets_the_same_answer_and_its_owner_a_mail(ana: User):
    """Same status, same words, same way; only the mails differ, and those only the owner reads."""
    answers = [sign_up(Client(), email) for email in ("nueva@example.org", "Ana@Example.org")]

    assert [a.status_code for a in answers] == [200, 200]
    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert without_tokens(answers[0]) == without_tokens(answers[1])
    new, taken = mail.outbox
    assert new.to == ["nueva@example.org"]
    assert taken.to == ["ana@example.org"]
    assert taken.subject == "Coursesite: Ya tienes cuenta"
    assert User.objects.get(email=ana.email).check_password(PASSWORD)


def test_a_taken_address_takes_as_many_hashes_as_a_new_one(ana: User, monkeypatch):
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *a, **k: hashed.append("") or encode(self, *a, **k)
    )
    counts = []
    for email in ("nueva@example.org", ana.email):
        sign_up(Client(), email)
        counts.append(len(hashed))
        hashed.clear()

    assert counts[0] == counts[1] > 0


def test_a_name_of_spaces_is_no_name(db, dario: Client):
    sign_up(dario, name="  \u00a0\u200b ")

    assert User.objects.get(email="nueva@example.org").name == ""


def test_a_name_of_three_hundred_letters_is_refused_with_a_reason(db, dario: Client):
    page = sign_up(dario, name="a" * 300).content.decode()

    assert "field__error" in page
    assert "150" in page
    assert not User.objects.exists()


def test_a_name_cannot_turn_the_text_beside_it_around(db, dario: Client):
    sign_up(dario, name="Ana\u202e\u2066 Gil\u200f")

    assert User.objects.get(email="nueva@example.org").name == "Ana Gil"


@pytest.mark.parametrize(
    "email", ["", "  ", "nadie", "a@b", "a@exa mple.org", "a" * 300 + "@example.org", "a\x00@b.es"]
)
def test_an_address_that_is_none_is_refused_and_gets_no_mail(email, db, dario: Client):
    assert sign_up(dario, email).status_code == 200
    assert not User.objects.exists()
    assert mail.outbox == []


def test_spaces_around_an_address_are_thrown_away(db, dario: Client):
    sign_up(dario, "  nueva@example.org ")

    assert EmailAddress.objects.get().email == "nueva@example.org"


def test_accounts_made_by_an_operator_need_no_mail(db, dario: Client):
    call_command("createsuperuser", email="op@example.org", interactive=False)
    operator = User.objects.get(email="op@example.org")
    operator.set_password(PASSWORD)
    operator.save()

    assert enter(dario, "op@example.org").url == "/"
    assert mail.outbox == []


def test_on_ones_own_machine_the_page_says_where_the_mail_lies_and_a_server_does_not(db, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    assert str(tmp_path) in Client().get("/accounts/confirm-email/").content.decode()

    settings.LOCAL = False
    assert str(tmp_path) not in Client().get("/accounts/confirm-email/").content.decode()
