"""Other sites' accounts; who they are is decided by settings, so a site with one is another process."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from coursesite.settings import BASE_DIR, social_providers

VISIT = """
import django; django.setup()
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
c = Client(SERVER_NAME="localhost")
page = c.get("/accounts/login/").content.decode()
assert 'action="/accounts/github/login/?process=login"' in page, "no button"
assert "Seguir con GitHub" in page
way = c.post("/accounts/github/login/?process=login")
assert way.url.startswith("https://github.com/login/oauth/authorize?client_id=abc"), way
assert "code_challenge=" in way.url
before = c.get("/accounts/github/login/")
assert before.content.decode().count("<h1") == 1
assert "form-action 'self' https://github.com;" in before.headers["Content-Security-Policy"]
"""


def test_nothing_of_it_is_seen_where_none_is_set_up(db, dario: Client, as_ana: Client):
    assert "Seguir con" not in dario.get("/accounts/login/").content.decode()
    assert "Cuentas conectadas" not in as_ana.get("/accounts/profile/").content.decode()
    assert dario.get("/accounts/github/login/").status_code == 404


def test_a_client_id_switches_one_on_and_its_secret_may_be_a_file(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("s3cret\n")
    monkeypatch.setenv("COURSESITE_SOCIAL_OIDC_ID", "abc")
    monkeypatch.setenv("COURSESITE_SOCIAL_OIDC_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("COURSESITE_SOCIAL_OIDC_URL", "https://id.example.org")
    monkeypatch.setenv("COURSESITE_SOCIAL_OIDC_NAME", "La universidad")

    (app,) = social_providers()["openid_connect"]["APPS"]
    assert (app["name"], app["secret"]) == ("La universidad", "s3cret")
    assert app["settings"] == {"server_url": "https://id.example.org"}


def test_an_openid_server_without_address_is_refused_at_the_start(monkeypatch):
    monkeypatch.setenv("COURSESITE_SOCIAL_OIDC_ID", "abc")
    with pytest.raises(ImproperlyConfigured, match="COURSESITE_SOCIAL_OIDC_URL"):
        social_providers()


def test_the_button_leads_to_the_other_site_and_the_policy_lets_it(tmp_path):
    environment = os.environ | {
        "COURSESITE_VAR_DIR": str(tmp_path),
        "COURSESITE_SOCIAL_GITHUB_ID": "abc",
        "COURSESITE_SOCIAL_GITHUB_SECRET": "s",
        "DJANGO_SETTINGS_MODULE": "coursesite.settings_test",
    }
    environment.pop("COURSESITE_DATABASE_URL", None)
    subprocess.run([sys.executable, "-c", VISIT], cwd=BASE_DIR, env=environment, check=True, timeout=120)
