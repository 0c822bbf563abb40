"""The documents keep up with the code: a setting, a verb or a refusal without its paragraph fails."""

from __future__ import annotations

import re
import subprocess

from tooling.__main__ import VERBS
from tooling.places import ROOT

OURS = ("accounts", "coursesite", "dashboards", "exercises", "grading", "lessons", "tooling")
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def sources() -> str:
    files = (path for folder in OURS for path in (ROOT / folder).rglob("*.py"))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def variables_in_code() -> set[str]:
    code = sources()
    short = re.findall(r'\b(?:env|flag)\(\s*"([A-Z_]+)"', code)
    spelled = re.findall(r'"(COURSESITE_[A-Z_]+)"', code)
    return {f"COURSESITE_{name}" for name in short} | set(spelled)


def test_every_setting_has_its_paragraph():
    documented = set(re.findall(r"^\*\*`(COURSESITE_[A-Z_]+)`\*\* — ", SETTINGS, re.MULTILINE))
    assert documented == variables_in_code()


def test_every_verb_is_in_the_readme_or_the_documents():
    texts = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    told = "\n".join(path.read_text(encoding="utf-8") for path in texts)
    assert [verb for verb in VERBS if f"./dev {verb}" not in told] == []


def test_every_link_between_documents_leads_somewhere():
    broken = []
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(
            r"(?<!!)\[[^\]]*\]\(([^)#]+?)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")
        ):
            elsewhere = re.match(r"[a-z]+:", target)  # the web, or a course's own kind of link
            if not elsewhere and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)}: {target}")
    assert broken == []


def test_the_top_script_parses_in_a_plain_shell():
    assert subprocess.run(["sh", "-n", ROOT / "dev"], check=False).returncode == 0
