from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User

ENGLISH = {"Accept-Language": "en-GB,en;q=0.9"}


def language_of(response) -> str:
    return response.content.decode().partition('<html lang="')[2][:2]


def test_a_stranger_reads_what_the_browser_asks_for_and_spanish_when_it_asks_for_neither(db, dario: Client):
    assert language_of(dario.get("/")) == "es"
    assert language_of(dario.get("/", headers=ENGLISH)) == "en"
    assert language_of(dario.get("/", headers={"Accept-Language": "de"})) == "es"


def test_the_profile_rules_over_the_browser_and_this_device_over_the_profile(ana: User, as_ana: Client):
    User.objects.filter(pk=ana.pk).update(language="es")
    assert language_of(as_ana.get("/", headers=ENGLISH)) == "es"

    as_ana.post("/language/setlang/", {"language": "en", "next": "/"})
    assert language_of(as_ana.get("/")) == "en"


@pytest.mark.parametrize("switch", ["lengua", "lang"])
def test_an_address_chooses_for_this_device_and_loses_the_switch(switch, course, dario: Client):
    response = dario.get(f"/courses/curso/?a=1&{switch}=en&b=dos+tres")

    assert (response.status_code, response.url) == (302, "/courses/curso/?a=1&b=dos+tres")
    assert language_of(dario.get("/")) == "en"


def test_a_language_that_nobody_speaks_here_changes_nothing(db, dario: Client):
    response = dario.get("/?lengua=tlh")

    assert response.url == "/"
    assert "django_language" not in response.cookies


def test_the_switch_never_leads_off_the_site(db, dario: Client):
    response = dario.get("/", PATH_INFO="//example.org/", QUERY_STRING="lengua=en")

    assert response.url == "/%2Fexample.org/"


def test_the_switch_leaves_forms_alone(db, dario: Client):
    assert dario.post("/accounts/login/?lengua=en", {"login": "", "password": ""}).status_code == 200


def test_a_program_is_never_led_elsewhere_by_the_switch(ana: User, as_ana: Client):
    response = as_ana.get("/api/v1/me/?lengua=en")

    assert response.status_code == 200
    assert "django_language" not in response.cookies


def test_caches_are_told_that_the_page_depends_on_the_language(db, dario: Client):
    assert "Accept-Language" in dario.get("/").headers["Vary"]
