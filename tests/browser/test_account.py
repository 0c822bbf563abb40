"""One's own account in a real browser: a passkey made and used, and every page of it by WCAG 2.2 AA."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.browser.conftest import Visitor

PASSWORD = "una frase bien larga y rara"
PAGES = (
    "profile",
    "email",
    "password/change",
    "2fa",
    "2fa/webauthn",
    "2fa/recovery-codes",
    "2fa/totp/activate",
    "sessions",
    "data",
    "delete",
)


def with_authenticator(person: Visitor) -> None:
    """Give the browser a built-in authenticator that says yes."""
    devtools = person.context.new_cdp_session(person.page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_made_opens_the_account_alone_and_is_the_second_step(visit) -> None:
    ana = visit()
    email = f"{uuid4().hex[:12]}@example.org"
    ana.sign_up(email)
    with_authenticator(ana)
    page = ana.go("/accounts/2fa/webauthn/add/")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/webauthn/add/")
    page.locator("form[data-passkey] button").click()
    page.wait_for_url("**/recovery-codes/")
    for path in PAGES:
        ana.go(f"/accounts/{path}/")
        assert ana.axe() == [], path

    ana.go("/accounts/logout/").locator("main form button").click()
    page.wait_for_url(ana.site.url + "/")
    ana.go("/accounts/login/?next=/accounts/profile/").locator("form[data-passkey] button").click()
    page.wait_for_url(ana.site.url + "/accounts/profile/")

    ana.go("/accounts/logout/").locator("main form button").click()
    page.wait_for_url(ana.site.url + "/")
    ana.go("/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/2fa/authenticate/")
    assert ana.axe() == []
    page.locator("form[data-passkey] button").click()
    page.wait_for_url(ana.site.url + "/")
    assert ana.complaints == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_pages_of_an_account_fit_a_phone(visit, dark: bool) -> None:
    ana = visit(phone=True, dark=dark)
    ana.sign_in("student")
    for path in ("profile", "email", "2fa", "sessions", "data", "delete"):
        ana.go(f"/accounts/{path}/")
        assert not ana.scrolls_sideways(), path
        assert ana.axe() == [], path


def test_without_scripts_an_account_is_made_renamed_and_deleted(visit) -> None:
    ana = visit(scripts=False)
    ana.sign_up(f"{uuid4().hex[:12]}@example.org")
    page = ana.go("/accounts/profile/")
    page.fill("input[name=name]", "Ana Gil")
    page.locator(".settings__body form button").click()
    page.wait_for_load_state()
    assert "Ana" in page.locator(".top__side").inner_text()

    ana.go("/accounts/delete/").locator("input[name=understood]").check()
    page.locator(".settings__body form button").click()
    page.wait_for_url("**/accounts/reauthenticate/**")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/delete/done/")
