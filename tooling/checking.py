"""`./dev check`: all that can be known without running the site, side by side, every complaint at once."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from . import say
from .installing import named_by_courses, ready
from .places import FRONTEND, ROOT, SITE_PYTHON, environment

BIN = SITE_PYTHON.parent
TYPED = ["accounts", "cli", "coursesite", "dashboards", "exercises", "grading", "lessons", "tooling"]
LONGEST_FILE = 420
REGISTRIES = re.compile(r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|pytorch\.org/whl")
OPEN_COMMENT = re.compile(r"\{#(?!.*#\})")
COUNTS_NOTHING = re.compile(r"^\s*(self\.)?(django_assert_(max_)?num_queries|assertNumQueries)\(")


@dataclass(frozen=True)
class Check:
    """A named check; `run` gives its complaints, empty when there are none."""

    name: str
    run: Callable[[], str]


def check(_words: list[str]) -> int:
    """Every check; 1 if any complains."""
    ready(tests=True, runtimes=named_by_courses())
    checks = [
        Check("ruff check", program([BIN / "ruff", "check", "--quiet", "--output-format", "concise", "."])),
        Check("ruff format", program([BIN / "ruff", "format", "--check", "--quiet", "."])),
        Check("mypy", program([BIN / "mypy", *TYPED])),
        Check("import contract", program([BIN / "lint-imports", "--no-logo", "--no-cache"])),
        Check("TypeScript", program(["npm", "run", "--silent", "typecheck"], cwd=FRONTEND)),
        Check("migrations", program([SITE_PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"])),
        Check("courses", program([SITE_PYTHON, "manage.py", "checkcourse"])),
        Check("house rules", house_rules),
    ]
    with ThreadPoolExecutor(max_workers=2) as pool:
        complaints = list(pool.map(tell, checks))
    failed = sum(1 for complaint in complaints if complaint)
    say.line(f"\n{len(checks) - failed} checks passed, {failed} failed" if failed else "\nAll checks passed.")
    return 1 if failed else 0


def program(command: list[str | Path], cwd: Path = ROOT) -> Callable[[], str]:
    """A check that a program makes: its output where it fails."""

    def run() -> str:
        done = subprocess.run(
            command, cwd=cwd, env=environment(), capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        return (
            (done.stdout + done.stderr).strip() or f"ended with status {done.returncode}"
            if done.returncode
            else ""
        )

    return run


def tell(check: Check) -> str:
    """Runs one check and prints what came of it."""
    started = time.monotonic()
    complaint = check.run()
    mark = say.paint("✗", "red") if complaint else say.paint("✓", "green")
    told = f"{mark} {check.name}  {say.paint(say.seconds(time.monotonic() - started), 'grey')}"
    say.line("\n".join([told, *(f"    {text}" for text in complaint.splitlines())]))
    return complaint


def house_rules() -> str:
    """What no linter knows: registry hosts, query counts that count nothing, endless files."""
    return "\n".join(complaint for path in tracked_files() for complaint in complaints_about(path))


def tracked_files() -> list[Path]:
    """The repository's own text files."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True
    )
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def complaints_about(path: Path) -> Iterator[str]:
    """As file:line: what, and what to do."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return
    name = path.relative_to(ROOT)
    for number, text in enumerate(lines, start=1):
        if found := REGISTRIES.search(text):
            yield f"{name}:{number}: names the registry host {found[0]}. Say the package's name alone."
        if path.suffix == ".py" and COUNTS_NOTHING.match(text):
            yield f"{name}:{number}: counts no query without `with`."
        if path.suffix == ".html" and OPEN_COMMENT.search(text):
            yield f"{name}:{number}: a template comment ends on its line, or readers see it."
    source = path.suffix in {".py", ".ts", ".css", ".html"} and "migrations" not in path.parts
    if source and len(lines) > LONGEST_FILE:
        yield f"{name}: {len(lines)} lines. Make it a package, or smaller."
