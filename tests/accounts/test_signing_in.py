from __future__ import annotations

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.factories import PASSWORD

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()
    yield
    cache.clear()


def enter(client: Client, email: str, password: str = PASSWORD, **extra: str):
    return client.post(LOGIN, {"login": email, "password": password, **extra})


def test_ana_enters_with_her_e_mail_in_any_case_and_lands_on_home(ana: User, dario: Client):
    response = enter(dario, "Ana@Example.org")

    assert response.url == "/"
    assert dario.get("/").wsgi_request.user == ana


def test_she_comes_back_to_where_she_was_and_never_off_the_site(ana: User):
    assert enter(Client(), ana.email, next="/courses/curso/").url == "/courses/curso/"
    assert enter(Client(), ana.email, next="https://example.org/").url == "/"


def test_the_session_changes_when_she_enters(ana: User, dario: Client):
    dario.get(LOGIN)
    dario.session["x"] = 1
    dario.session.save()
    before = dario.cookies["sessionid"].value if "sessionid" in dario.cookies else None
    enter(dario, ana.email)

    assert dario.cookies["sessionid"].value != before


def test_a_wrong_password_and_an_unknown_address_are_told_in_the_same_words(ana: User, dario: Client):
    wrong = enter(dario, ana.email, "otra cosa distinta").content.decode()
    unknown = enter(dario, "nadie@example.org", "otra cosa distinta").content.decode()

    for page in (wrong, unknown):
        assert "Correo o contraseña no coinciden." in page
        assert "otra cosa distinta" not in page
    assert f'value="{ana.email}"' in wrong


def test_a_password_is_hashed_once_whether_the_account_exists_or_not(ana: User, dario: Client, monkeypatch):
    """Two hashes for one and one for the other would tell accounts apart by time."""
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def count(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", count)
    enter(dario, ana.email, "mala contraseña 1")
    known = len(hashed)
    hashed.clear()
    enter(dario, "nadie@example.org", "mala contraseña 1")

    assert known == len(hashed) == 1


def test_too_many_failures_close_the_door_even_to_the_right_password(ana: User, dario: Client):
    for _try in range(5):
        enter(dario, ana.email, "otra cosa distinta")
    page = enter(dario, ana.email).content.decode()

    assert "Demasiados intentos; prueba en 5 min." in page
    assert not dario.get("/").wsgi_request.user.is_authenticated


def test_leaving_asks_for_a_post(as_ana: Client):
    as_ana.get("/accounts/logout/")
    assert as_ana.get("/").wsgi_request.user.is_authenticated
    as_ana.post("/accounts/logout/")
    assert not as_ana.get("/").wsgi_request.user.is_authenticated


def test_a_new_account_is_made_with_a_phrase_and_cannot_make_itself_staff(db, dario: Client):
    fields = {"email": "nueva@example.org", "password1": PASSWORD, "name": "Nueva", "is_staff": "1"}
    response = dario.post("/accounts/signup/", {**fields, "is_superuser": "on"})

    person = User.objects.get(email="nueva@example.org")
    assert response.status_code == 302
    assert person.name == "Nueva"
    assert not person.is_staff
    assert not person.is_superuser


@pytest.mark.parametrize("password", ["corta", "password1234", "nueva@example.org"])
def test_a_weak_password_is_refused(password, db, dario: Client):
    page = dario.post(
        "/accounts/signup/", {"email": "nueva@example.org", "password1": password}
    ).content.decode()

    assert not User.objects.exists()
    assert "field__error" in page


def test_a_forgotten_password_is_reset_by_mail(ana: User, dario: Client):
    response = dario.post("/accounts/password/reset/", {"email": ana.email}, follow=True)
    assert "Si ese correo existe, le hemos escrito." in response.content.decode()

    (message,) = mail.outbox
    link = re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", message.body)[1]
    form = dario.get(link, follow=True)
    done = dario.post(
        form.request["PATH_INFO"], {"password1": "otra frase más larga", "password2": "otra frase más larga"}
    )

    assert done.status_code == 302
    ana.refresh_from_db()
    assert ana.check_password("otra frase más larga")
    assert "ya no vale" in Client().get(link, follow=True).content.decode()


def test_resetting_an_unknown_address_says_the_same_and_tells_its_owner_alone(db, dario: Client):
    response = dario.post("/accounts/password/reset/", {"email": "nadie@example.org"}, follow=True)

    assert "Si ese correo existe, le hemos escrito." in response.content.decode()
    (message,) = mail.outbox
    assert message.to == ["nadie@example.org"]
    assert "no tiene cuenta aquí" in message.body
    assert "/password/reset/key/" not in message.body


def test_the_admin_has_no_door_of_its_own_without_limits(db, dario: Client):
    assert dario.get("/admin/login/?next=/admin/").status_code == 302
    assert dario.get("/admin/").url.startswith("/admin/login/")


def test_the_admin_is_closed_to_students(as_ana: Client):
    assert as_ana.get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize(
    "url",
    [
        LOGIN,
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/done/",
        "/accounts/inactive/",
        "/accounts/confirm-email/",
    ],
)
def test_every_account_page_is_ours(url, db, dario: Client):
    page = dario.get(url).content.decode()

    assert 'class="top__name"' in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize(
    "url", ["/accounts/password/change/", "/accounts/email/", "/accounts/reauthenticate/"]
)
def test_every_account_page_of_somebody_signed_in_is_ours(url, as_ana: Client):
    page = as_ana.get(url, follow=True).content.decode()

    assert 'class="top__name"' in page
    assert page.count("<h1") == 1


def test_a_flood_of_new_accounts_meets_a_limit_in_our_words(db):
    fields = {"email": "", "password1": "corta"}
    answers = [Client().post("/accounts/signup/", fields) for _try in range(21)]

    assert answers[19].status_code == 200
    assert answers[20].status_code == 429
    assert "Demasiados intentos" in answers[20].content.decode()
