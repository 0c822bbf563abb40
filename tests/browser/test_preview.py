"""`./dev preview` for real: an author saves, and the open page shows it."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.site import ROOT, answers, free_port
from tests.lessons.content import small_course
from tests.lessons.content.small_course import replace

LESSON = "01-uno/1.1.1-velocidad.md"


def test_the_open_page_follows_what_the_author_saves(browser: Browser) -> None:
    with tempfile.TemporaryDirectory(prefix="cs-") as folder:
        root = small_course.make(Path(folder) / "curso")
        replace(root, LESSON, ":::lab simetria", ":::lab estabilidad-y-lr")
        replace(root, "outline.yaml", "labs: [simetria]", "labs: [estabilidad-y-lr]")
        port = free_port()
        environment = os.environ | {"COURSESITE_VAR_DIR": folder, "COURSESITE_COURSES_DIR": str(root.parent)}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        environment.pop("COURSESITE_DATABASE_URL", None)
        with (Path(folder) / "log").open("wb") as log:
            command = [str(ROOT / "dev"), "preview", "--no-torch", "--port", str(port)]
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            until = time.monotonic() + 240
            while "loaded" not in (Path(folder) / "log").read_text() or not answers(
                f"http://localhost:{port}"
            ):
                assert process.poll() is None, (Path(folder) / "log").read_text()
                assert time.monotonic() < until, (Path(folder) / "log").read_text()
                time.sleep(0.3)
            page = browser.new_page()
            page.goto(f"http://localhost:{port}/courses/curso/lessons/1.1.1/")
            with page.expect_navigation(timeout=60_000):
                replace(root, LESSON, "## La idea", "## La idea nueva")
            expect(page.get_by_role("heading", name="La idea nueva")).to_be_visible()
            line = replace(root, LESSON, "(leccion:1.1.2)", "(leccion:9.9.9)")
            expect(page.get_by_label("Vista previa")).to_contain_text(f"{LESSON}:{line}:", timeout=60_000)
            expect(page.get_by_role("heading", name="La idea nueva")).to_be_visible()
            page.close()
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
