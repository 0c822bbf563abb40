from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User


def test_the_chosen_theme_is_painted_by_the_server_at_the_next_page(db, dario: Client):
    assert 'data-theme="system"' in dario.get("/").content.decode()
    dario.post("/accounts/theme/", {"theme": "dark"})

    assert 'data-theme="dark"' in dario.get("/").content.decode()


def test_the_theme_follows_ana_to_another_device_and_that_device_may_differ(ana: User, as_ana: Client):
    as_ana.post("/accounts/theme/", {"theme": "dark"})
    other = Client()
    other.force_login(User.objects.get(pk=ana.pk))
    assert 'data-theme="dark"' in other.get("/").content.decode()

    other.cookies["theme"] = "light"
    assert 'data-theme="light"' in other.get("/").content.decode()


@pytest.mark.parametrize("theme", ["", "purple", '"><script>'])
def test_a_theme_that_does_not_exist_is_refused(theme, db, dario: Client):
    assert dario.post("/accounts/theme/", {"theme": theme}).status_code == 400
    dario.cookies["theme"] = "purple"
    assert 'data-theme="system"' in dario.get("/").content.decode()


def test_choosing_a_theme_comes_back_to_the_page_and_never_off_the_site(db, dario: Client):
    assert dario.post("/accounts/theme/", {"theme": "dark", "next": "/courses/x/"}).url == "/courses/x/"
    assert dario.post("/accounts/theme/", {"theme": "dark", "next": "//example.org/"}).url == "/"
