"""Draws the pictures of this folder anew: `.dev/venv/bin/python -m docs.screenshots.make [names]`.

The site is started as a user starts it, in a data folder of its own, and a student goes the whole way
with a real worker behind a real wall. Two states are set by hand, because nothing that a student does
leads there: `system-error` is a graded submission whose row is changed in the database, and for `outage`
the worker's sign of life is taken out of Redis before the page is asked for. With names, only the
pictures whose name begins with one of them are written.
"""

from __future__ import annotations

import base64
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import redis
from playwright.sync_api import Browser, Page, sync_playwright

from docs.screenshots import people
from docs.screenshots.attempts import ENDINGS, SLOW
from tests.browser.conftest import Visitor
from tests.browser.site import COURSE, DESKTOP, PHONE, Site, launch, running_site

FOLDER = Path(__file__).parent
EXERCISE = f"{COURSE}/exercises/eta-maximo/"
THREE_COLUMNS = {"width": 1760, "height": 920}
QUALITY = 72
PATIENCE = 60_000
LOOKS = [
    ("desktop", "light", DESKTOP),
    ("desktop", "dark", DESKTOP),
    ("phone", "light", PHONE),
    ("phone", "dark", PHONE),
]


class Looks:
    """One person, let in by `enter`, at four browsers: desktop and phone, light and dark."""

    def __init__(
        self, site: Site, browser: Browser, enter: Callable[[Visitor], None], wanted: list[str]
    ) -> None:
        self.wanted = wanted
        self.written: list[Path] = []
        first = door(site, browser, "light", DESKTOP)
        enter(first)
        session: Any = first.context.storage_state()
        others = [door(site, browser, theme, size, session) for _, theme, size in LOOKS[1:]]
        self.people = dict(
            zip([f"{screen}-{theme}" for screen, theme, _ in LOOKS], [first, *others], strict=True)
        )

    @property
    def first(self) -> Visitor:
        return self.people["desktop-light"]

    def picture(
        self, name: str, path: str, ready: str = "main", prepare: Callable[[Page], None] | None = None
    ) -> None:
        """Go to `path` in each look, wait for `ready`, do `prepare`, and keep what is seen as `name`."""
        if not self.wants(name):
            return
        for look, person in self.people.items():
            page = person.go(path)
            page.locator(ready).first.wait_for(timeout=PATIENCE)
            if prepare:
                prepare(page)
            self.keep(page, f"{name}-{look}")

    def wants(self, name: str) -> bool:
        return not self.wanted or any(name.startswith(wish) for wish in self.wanted)

    def keep(self, page: Page, name: str) -> None:
        """Write what the page shows now."""
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(250)
        target = FOLDER / f"{name}.webp"
        target.write_bytes(webp(page))
        self.written.append(target)

    @property
    def complaints(self) -> list[str]:
        return [f"{look}: {text}" for look, person in self.people.items() for text in person.complaints]


def door(
    site: Site, browser: Browser, theme: Any, size: Any, session: dict[str, Any] | None = None
) -> Visitor:
    """A browser of that size and theme, with the session if one is given."""
    phone = size == PHONE
    context = browser.new_context(
        viewport=size, color_scheme=theme, has_touch=phone, locale="es-ES", storage_state=session
    )
    return Visitor(site, context)


def webp(page: Page) -> bytes:
    """What the page shows as WebP, which Playwright does not write by itself."""
    session = page.context.new_cdp_session(page)
    shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    session.detach()
    return base64.b64decode(shot["data"])


def hand_in(person: Visitor, source: str, button: str = "Entregar") -> str:
    """Hand in from the exercise page; returns the submission's id."""
    page = person.go(EXERCISE)
    editor = page.locator(".cm-content")
    editor.wait_for()
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(source)
    with page.expect_response(lambda answer: answer.url.endswith("/submissions/")) as sent:
        page.get_by_role("button", name=button).click()
    return str(sent.value.json()["id"])


def grade(person: Visitor, source: str, button: str = "Entregar") -> str:
    """Hand in and wait for the verdict; returns the submission's id."""
    submission = hand_in(person, source, button)
    wait_for_end(person, submission)
    return submission


def wait_for_end(person: Visitor, submission: str) -> None:
    """Wait until the page that is open shows how the submission ended."""
    box = f"[data-result][data-id='{submission}'][data-final=yes]"
    person.page.locator(box).wait_for(timeout=PATIENCE, state="attached")


def reading(looks: Looks) -> None:
    """Home, course, lesson, lab and quiz."""
    looks.picture("home", "/")
    looks.picture("course", f"{COURSE}/")
    lesson = f"{COURSE}/lessons/1.1.1/"
    looks.picture("lesson", lesson, "math")
    looks.picture("lesson-figure", lesson, "math", lambda page: bring(page, ".figure"))
    looks.picture("lab", f"{COURSE}/lessons/1.1.2/?estabilidad-y-lr.eta=0.188", ".lab", bring_lab)
    network = f"{COURSE}/lessons/1.1.2/?estabilidad-y-lr.que=red&estabilidad-y-lr.eta=0.2"
    looks.picture("lab-network", network, ".lab", bring_trained_lab)
    looks.picture(
        "quiz-wrong", f"{COURSE}/lessons/1.1.1/", ".question", lambda page: answer(page, right=False)
    )
    looks.picture(
        "quiz-right", f"{COURSE}/lessons/1.1.1/", ".question", lambda page: answer(page, right=True)
    )


def bring(page: Page, selector: str) -> None:
    """Scroll so that the first `selector` is seen whole."""
    page.locator(selector).first.evaluate("node => node.scrollIntoView({block: 'center'})")
    page.wait_for_timeout(300)


def bring_lab(page: Page) -> None:
    """Scroll to the lab; its script comes once it is near."""
    bring(page, ".lab")
    page.locator(".lab input[type=range]").first.wait_for(timeout=PATIENCE)
    page.wait_for_timeout(1200)
    bring(page, ".stage__views")


def bring_trained_lab(page: Page) -> None:
    """Wait until the network has learnt."""
    bring_lab(page)
    page.locator(".lab output", has_text="pasos").first.wait_for(timeout=PATIENCE)
    page.wait_for_timeout(500)


def answer(page: Page, *, right: bool) -> None:
    """Try the options of the first question with radio buttons until one is right, or wrong."""
    question = page.locator(".question").filter(has=page.locator("input[type=radio]")).first
    options = question.locator("input[type=radio]")
    for n in range(options.count()):
        options.nth(n).check()
        with page.expect_response(lambda response: response.request.method == "POST"):
            question.get_by_role("button", name="Comprobar").click()
        question.locator(".question__reason .chip").wait_for()
        page.wait_for_timeout(300)
        if ("Incorrecto" not in question.locator(".question__reason").inner_text()) == right:
            break
    question.evaluate("node => node.scrollIntoView({block: 'center'})")


def waiting(looks: Looks, crowd: Visitor) -> None:
    """Queued, cancelled and running: another student's slow hand-ins keep the workers busy meanwhile."""
    if not any(looks.wants(f"exercise-{state}") for state in ("queued", "cancelled", "running")):
        return
    for _ in range(2):
        hand_in(crowd, SLOW)
    queued = hand_in(looks.first, SLOW)
    seen = f"{EXERCISE}?submission={queued}#resultado"
    looks.picture("exercise-queued", seen, "[data-tone=queued]")
    page = looks.first.go(seen)
    page.get_by_role("button", name="Cancelar").click()
    page.locator("[data-tone=cancelled]").wait_for()
    looks.picture("exercise-cancelled", seen, "[data-tone=cancelled]")
    running = hand_in(looks.first, SLOW)
    seen = f"{EXERCISE}?submission={running}#resultado"
    looks.picture("exercise-running", seen, "[data-tone=running]", lambda page: page.wait_for_timeout(1500))
    looks.first.go(seen)
    wait_for_end(looks.first, running)


def endings(looks: Looks) -> None:
    """Each way to end, as the student sees it the moment it came."""
    looks.picture("exercise-rest", EXERCISE, ".cm-content")
    run = grade(looks.first, ENDINGS["failed"], "Probar")
    looks.picture("exercise-run", f"{EXERCISE}?submission={run}#resultado", ".cm-content")
    for name, source in ENDINGS.items():
        if not (looks.wants(f"exercise-{name}") or name in {"failed", "passed"}):
            continue
        submission = grade(looks.first, source)
        seen = f"{EXERCISE}?submission={submission}#resultado"
        looks.picture(f"exercise-{name}", seen, ".cm-content")


def our_fault(looks: Looks) -> None:
    """A submission that was set aside, written into the database by hand."""
    if not looks.wants("exercise-system-error"):
        return
    submission = grade(looks.first, ENDINGS["failed"])
    with sqlite3.connect(looks.first.site.folder / "db.sqlite3", timeout=20) as database:
        database.execute(
            "UPDATE grading_submission SET state = 'system_error', score = NULL, faults = 3,"
            " fault_reference = '7F3A-21' WHERE id = ?",
            [UUID(submission).hex],
        )
    looks.picture("exercise-system-error", f"{EXERCISE}?submission={submission}#resultado", ".cm-content")


def outage(looks: Looks) -> None:
    """The page while no worker lives; the living one leaves a new note within seconds."""
    socket = looks.first.site.folder / "redis.sock"
    for look, person in looks.people.items() if looks.wants("exercise-outage") else ():
        with redis.Redis(unix_socket_path=str(socket)) as client:
            for _ in range(20):
                client.delete(*(client.keys("*health:worker:*") or ["none"]))
                page = person.go(EXERCISE)
                if page.locator(".outage").count():
                    break
        page.locator(".cm-content").wait_for()
        looks.keep(page, f"exercise-outage-{look}")


def looking_back(looks: Looks) -> None:
    """The history and what changed between two attempts."""
    looks.picture("history", f"{EXERCISE}history/")
    passed = looks.first.go(f"{EXERCISE}history/").locator("tbody tr", has_text="100").locator("th")
    looks.picture("diff", f"{EXERCISE}history/diff/?a=1&b={passed.first.inner_text()}")


def first_screen(looks: Looks, site: Site, browser: Browser) -> None:
    """The picture of the README: statement, editor and verdict beside each other on a wide screen."""
    if not looks.wants("exercise-graded"):
        return
    submission = grade(looks.first, ENDINGS["failed"])
    session: Any = looks.first.context.storage_state()
    for theme in ("light", "dark"):
        person = door(site, browser, theme, THREE_COLUMNS, session)
        page = person.go(f"{EXERCISE}?submission={submission}")
        page.locator(".cm-content").wait_for()
        looks.keep(page, f"exercise-graded-desktop-{theme}")
        person.context.close()


@contextmanager
def opened() -> Iterator[tuple[Site, Browser]]:
    """The site and a browser, until the body ends."""
    with (
        tempfile.TemporaryDirectory(prefix="coursesite-pictures-") as folder,
        running_site(Path(folder)) as site,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        try:
            yield site, browser
        finally:
            browser.close()


def new_student(email: str) -> Callable[[Visitor], None]:
    """Signs somebody up and into the course."""

    def enter(person: Visitor) -> None:
        person.sign_up(email)
        person.enrol()

    return enter


def main(wanted: list[str]) -> int:
    """Draw the pictures; 1 when a browser complained on the way."""
    with opened() as (site, browser):
        looks = Looks(site, browser, new_student("sofia@example.org"), wanted)
        crowd = door(site, browser, "light", DESKTOP)
        new_student("bruno@example.org")(crowd)
        reading(looks)
        endings(looks)
        first_screen(looks, site, browser)
        looking_back(looks)
        people.student_pages(looks)
        waiting(looks, crowd)
        our_fault(looks)
        people.class_of(site)
        teacher = Looks(site, browser, lambda person: person.sign_in("instructor"), wanted)
        people.teachers_pages(teacher)
        outage(looks)  # last: pages go on to tell of it for some seconds
        written = looks.written + teacher.written
        complaints = looks.complaints + teacher.complaints
        for complaint in complaints:
            print("the browser says:", complaint, file=sys.stderr)
        size = sum(path.stat().st_size for path in written)
        print(f"{len(written)} pictures, {size / 2**20:.1f} MB")
        return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
