"""One site and one browser for the whole lane; a fresh context, and so a fresh person, for each test."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from tests.browser.site import COURSE, DESKTOP, PHONE, Site, launch, running_site


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    with (
        tempfile.TemporaryDirectory(prefix="coursesite-browser-") as folder,
        running_site(Path(folder)) as running,
    ):
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    started = launch(playwright)
    yield started
    started.close()


def link_mailed_to(address: str, site: Site) -> str:
    """The link in the newest mail to `address` that the site has put into its data folder."""
    for file in sorted((site.folder / "mail").glob("*.log"), reverse=True):
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        body = message.get_content() if message["To"] == address else ""
        if found := re.search(r"https?://\S+", body):
            return found[0]
    raise LookupError(f"no mail to {address}")


class Visitor:
    """Somebody at a browser. Every console error and every failed request is kept and must be none."""

    def __init__(self, site: Site, context: BrowserContext) -> None:
        self.site = site
        self.context = context
        self.page: Page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.complaints: list[str] = []
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def go(self, path: str) -> Page:
        self.page.goto(self.site.url + path, wait_until="load")
        return self.page

    def sign_in(self, role: str) -> None:
        email, password = self.site.accounts[role]
        self.go("/accounts/login/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(self.site.url + "/")

    def sign_up(self, email: str) -> None:
        """Make an account and open the link in the mail, which the site has put into its data folder."""
        self.go("/accounts/signup/")
        self.page.fill("input[name=email]", email)
        self.page.fill("input[name=password1]", "una frase bien larga y rara")
        self.page.locator("input[name=password1]").press("Enter")
        self.page.wait_for_url(self.site.url + "/accounts/confirm-email/")
        self.page.goto(link_mailed_to(email, self.site), wait_until="load")
        self.page.locator("form[action*='/accounts/confirm-email/'] button").click()
        self.page.wait_for_url(lambda url: "/confirm-email/" not in url)

    def enrol(self) -> None:
        self.go(COURSE + "/")
        self.page.locator("form[action$='/enrol/'] button").first.click()
        self.page.wait_for_load_state()

    def axe(self) -> list[str]:
        """What axe finds wrong here by WCAG 2.2 AA, one line a rule."""
        options: dict[str, Any] = {
            "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
            "resultTypes": ["violations"],
        }
        found = Axe().run(self.page, options=options).response["violations"]
        return [f"{rule['id']}: {[node['target'] for node in rule['nodes']][:4]}" for rule in found]

    def scrolls_sideways(self) -> bool:
        return self.page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
        )


@pytest.fixture
def visit(site: Site, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Opens the door to somebody: `visit()`, `visit(phone=True, dark=True, scripts=False)`."""
    contexts: list[BrowserContext] = []

    def open_door(*, phone: bool = False, dark: bool = False, scripts: bool = True) -> Visitor:
        context = browser.new_context(
            viewport=PHONE if phone else DESKTOP,
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            has_touch=phone,
            locale="es-ES",
        )
        contexts.append(context)
        return Visitor(site, context)

    yield open_door
    for context in contexts:
        context.close()
