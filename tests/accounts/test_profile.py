from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import Theme, User

PROFILE = "/accounts/profile/"
FIELDS = {"name": "Ana", "alias": "", "time_zone": "", "language": "", "theme": "system"}


def save(client: Client, **fields: str):
    return client.post(PROFILE, FIELDS | fields)


def test_ana_says_who_she_is_and_how_she_wants_to_read(ana: User, as_ana: Client):
    response = save(
        as_ana,
        name="  Ana  Gil ",
        alias="ana.gil",
        time_zone="America/Bogota",
        language="en",
        theme="dark",
        reduced_motion="on",
    )

    assert response.url == PROFILE
    page = as_ana.get(PROFILE).content.decode()
    assert '<html lang="en" data-theme="dark" data-motion="less"' in page
    ana.refresh_from_db()
    assert (ana.name, ana.alias, ana.time_zone) == ("Ana Gil", "ana.gil", "America/Bogota")


def test_what_is_saved_rules_over_what_this_device_had_chosen(ana: User, as_ana: Client):
    as_ana.cookies["theme"], as_ana.cookies["django_language"] = "light", "es"
    save(as_ana, language="en", theme="dark")

    assert '<html lang="en" data-theme="dark"' in as_ana.get(PROFILE).content.decode()


def test_dates_are_told_in_her_time_zone(ana: User, as_ana: Client):
    save(as_ana, time_zone="Asia/Tokyo")
    User.objects.filter(pk=ana.pk).update(last_login=datetime(2026, 1, 1, tzinfo=UTC))
    from allauth.usersessions.models import UserSession

    as_ana.get("/accounts/sessions/")
    UserSession.objects.create(
        user=ana,
        ip="10.0.0.1",
        user_agent="",
        session_key=as_ana.session.session_key,
        created_at=datetime(2026, 1, 1, 12, tzinfo=UTC),
    )
    assert "21:00" in as_ana.get("/accounts/sessions/").content.decode()


def test_an_alias_is_one_whatever_its_capitals(ana: User, bruno: User, as_ana: Client, as_bruno: Client):
    save(as_ana, alias="Momentum")
    response = save(as_bruno, alias="momentum")

    assert response.status_code == 422
    assert "Ese alias ya es de otra persona." in response.content.decode()
    assert save(as_ana, alias="momentum").status_code == 302


def test_two_who_take_one_alias_at_once_do_not_both_get_it(ana: User, bruno: User):
    facts = {"name": "", "time_zone": "", "language": "", "theme": Theme.SYSTEM, "reduced_motion": False}
    services.describe(user=ana, alias="adam", **facts)

    with pytest.raises(services.AliasTaken):
        services.describe(user=bruno, alias="Adam", **facts)
    bruno.refresh_from_db()
    assert bruno.alias == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "a" * 300),
        ("alias", "ab"),
        ("alias", "a" * 41),
        ("alias", "аdam"),  # a Cyrillic а
        ("alias", "-ana"),
        ("alias", "a b"),
        ("time_zone", "Europe/Atlantis"),
        ("language", "tlh"),
        ("theme", "purple"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason_and_changes_nothing(field, value, ana: User, as_ana: Client):
    response = save(as_ana, **{field: value})

    assert response.status_code == 422
    assert "field__error" in response.content.decode()
    assert User.objects.get(pk=ana.pk) == ana
    assert getattr(User.objects.get(pk=ana.pk), field) == getattr(ana, field)


def test_bidi_marks_and_spaces_are_cleaned_as_when_signing_up(ana: User, as_ana: Client):
    save(as_ana, name=" \u202eAna\u2069  Gil ")

    assert User.objects.get(pk=ana.pk).name == "Ana Gil"


def test_nobody_makes_themself_staff_by_the_profile(ana: User, as_ana: Client):
    save(as_ana, is_staff="on", is_superuser="on", email="otra@example.org")

    ana.refresh_from_db()
    assert (ana.is_staff, ana.is_superuser, ana.email) == (False, False, "ana@example.org")


def test_a_zone_that_the_tables_forgot_breaks_no_page(ana: User, as_ana: Client):
    User.objects.filter(pk=ana.pk).update(time_zone="Mars/Olympus")

    assert as_ana.get("/").status_code == 200


@pytest.mark.parametrize("name", ["profile", "data", "delete", "download"])
def test_strangers_are_asked_to_sign_in(name, db, dario: Client):
    url = reverse(f"accounts:{name}")

    for response in (dario.post(url), dario.get(url)):
        assert response.status_code in {302, 405}
        if response.status_code == 302:
            assert response.url.startswith("/accounts/login/?next=")


@pytest.mark.parametrize("url", [PROFILE, "/accounts/data/", "/accounts/delete/", "/accounts/delete/done/"])
def test_search_engines_stay_out(url, as_ana: Client):
    page = as_ana.get(url).content.decode()

    assert '<meta name="robots" content="noindex">' in page
    assert page.count("<h1") == 1
