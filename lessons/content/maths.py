"""LaTeX to MathML, all formulas of a course in one run of node, remembered by hash between runs."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .mistakes import Mistakes, Where

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "frontend" / "maths" / "render.mjs"
TEMML = ROOT / "frontend" / "node_modules" / "temml"
SECONDS = 120
LONGEST = 4000
WITH_SIGNS = re.compile(r"([(\[«¿¡]*)<math\b[^<]*(?:<(?!/math>)[^<]*)*</math>([,.;:)\]»?!…]*)")
UNDERLINE = "\u0332"  # Temml marks the spot with it; few terminals show it


def keep_signs(html: str) -> str:
    """No line ends between a formula and the comma after it or the bracket before it, as browsers would."""

    def keep(found: re.Match[str]) -> str:
        return f'<span class="whole">{found[0]}</span>' if found[1] or found[2] else found[0]

    return WITH_SIGNS.sub(keep, html)


class NoMaths(Exception):
    """Node or Temml is not installed: our fault, not the author's."""


@dataclass(frozen=True)
class Formula:
    """A formula to render; two with the same LaTeX share one key."""

    tex: str
    display: bool
    key: str


@dataclass
class Maths:
    """Collects formulas while a course is read (`add`), renders them together (`render`).

    `cache` is a file that may be missing, old or broken: it is only ever a short cut.
    """

    macros: Mapping[str, str]
    cache: Path | None
    formulas: dict[str, Formula] = field(default_factory=dict)
    places: dict[str, list[Where]] = field(default_factory=dict)

    def add(self, tex: str, where: Where, *, display: bool) -> str:
        """Take a formula in; returns the key under which `render` gives it back."""
        recipe = json.dumps([tex, display, sorted(self.macros.items())])
        key = hashlib.sha256(recipe.encode()).hexdigest()[:20]
        self.formulas[key] = Formula(tex, display, key)
        self.places.setdefault(key, []).append(where)
        return key

    def render(self, mistakes: Mistakes) -> dict[str, str]:
        """MathML by key. A formula that fails is a mistake at each of its places."""
        version = renderer_version()
        known = self._remembered(version)
        missing = [formula for key, formula in self.formulas.items() if key not in known]
        for formula in [formula for formula in missing if len(formula.tex) > LONGEST]:
            missing.remove(formula)
            self._tell(formula, f"a formula of more than {LONGEST} characters", mistakes)
        fresh = self._run(missing, mistakes) if missing else {}
        if fresh:
            self._remember(version, {**known, **fresh})
        return {key: known.get(key) or fresh.get(key, "") for key in self.formulas}

    def _tell(self, formula: Formula, message: str, mistakes: Mistakes) -> None:
        for where in self.places[formula.key]:
            mistakes.add(where, message)

    def _run(self, formulas: list[Formula], mistakes: Mistakes) -> dict[str, str]:
        requests = "".join(
            json.dumps({"id": f.key, "tex": f.tex, "display": f.display, "macros": dict(self.macros)}) + "\n"
            for f in formulas
        )
        try:
            ran = subprocess.run(
                [node(), SCRIPT], input=requests, capture_output=True, text=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise NoMaths(f"node took more than {SECONDS} s over {len(formulas)} formulas") from None
        answers = {}
        for line in ran.stdout.splitlines():
            answer = json.loads(line)
            answers[answer["id"]] = answer
        if ran.returncode or len(answers) < len(formulas):
            raise NoMaths(f"{SCRIPT.name} failed: {ran.stderr.strip()[-500:]}")
        rendered = {}
        for formula in formulas:
            answer = answers[formula.key]
            if "error" in answer:
                plain = answer["error"].removeprefix("ParseError:").replace(UNDERLINE, "")
                reason = " ".join(plain.split())
                self._tell(formula, f"formula: {reason}", mistakes)
            else:
                rendered[formula.key] = answer["mathml"]
        return rendered

    def _remembered(self, version: str) -> dict[str, str]:
        if not self.cache:
            return {}
        try:
            stored = json.loads(self.cache.read_text(encoding="utf-8"))
            return dict(stored["mathml"]) if stored["version"] == version else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    def _remember(self, version: str, mathml: dict[str, str]) -> None:
        if not self.cache:
            return
        self.cache.parent.mkdir(parents=True, exist_ok=True)
        beside = self.cache.with_suffix(f".{os.getpid()}.tmp")
        beside.write_text(json.dumps({"version": version, "mathml": mathml}), encoding="utf-8")
        beside.replace(self.cache)


def node() -> str:
    """The node to run: COURSESITE_NODE, the one that ./dev installed, or the system's."""
    for candidate in (os.environ.get("COURSESITE_NODE"), ROOT / ".dev" / "bin" / "node"):
        if candidate and Path(candidate).is_file():
            return str(candidate)
    if found := shutil.which("node"):
        return found
    raise NoMaths("no node: formulas are rendered by it. Install Node 20, or name it in COURSESITE_NODE")


def renderer_version() -> str:
    """What the remembered formulas hang on: Temml's version and our script."""
    try:
        temml = json.loads((TEMML / "package.json").read_text(encoding="utf-8"))["version"]
    except OSError:
        raise NoMaths("temml is not installed: run npm ci in frontend/") from None
    return f"{temml}-{hashlib.sha256(SCRIPT.read_bytes()).hexdigest()[:12]}"
