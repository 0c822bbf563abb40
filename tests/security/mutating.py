"""Run the attacks once for each layer of the wall that is switched off, and write what came of it.

    ./dev test mutations [LAYERS …]     all, or those named, as `seccomp` or `landlock,session`

A failure is an attack that got through, unless it is `Untold`: then another layer stopped it, and only the
verdict was not the one that this layer gives. The table goes to docs/security.md, the names of the tests to
mutations.json, so that some rows can be run again.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from .mutations import MUTATIONS

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "security.md"
RESULTS = Path(__file__).with_name("mutations.json")
START, END = "<!-- mutations: written by ./dev test mutations -->", "<!-- end of mutations -->"
FILES = ("reach", "escape", "leftovers", "siblings")
"""The attacks on the wall; the others are on the judge, which no layer of it protects."""
ON_RESOURCES = ("resources", "meters")
"""Those that take long, and that only some layers meet."""
BOUNDS = {"cgroup", "rlimits", "user"}
AS_USER = ("landlock", "read-only", "read-only,landlock")
"""Those that an ordinary user's files and ids make a difference to are run as one, too."""
PAIRS = {
    "seccomp,capabilities": "28_to_44 or test_31 or test_32 or test_34 or test_40",
    "seccomp,net": "test_22 or test_23",
    "seccomp,net,landlock": "test_22 or test_23",
    "seccomp,ipc": "test_42",
    "seccomp,pid": "28_to_44 or test_30 or test_43 or test_46",
    "seccomp,keyring": "test_35",
    "seccomp,covered /proc": "test_25 or test_39 or test_40 or test_46 or test_103",
    "seccomp,only_descriptors": "test_27 or test_31 or test_101 or test_104",
    "landlock,session": "test_30",
    "read-only,landlock": "test_24 or test_34 or test_41",
    "no_new_privs,capabilities": "test_31 or test_32 or test_33 or test_103",
    "mount,user": "test_24 or test_40 or test_42",
    "cgroup,rlimits": "test_04 or test_05 or test_06 or test_08 or test_09 or test_12 or test_17 or test_83",
    "dumpable,rlimits": "test_45",
}
"""Two layers, or three, where one alone shows nothing, with the attacks that both of them meet."""
SECONDS = 1500


@dataclass
class Outcome:
    """What came of the attacks without some layers, as one kind of user."""

    layers: str
    mode: str
    ran: int = 0
    through: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    closed: str = ""
    """Why nothing started at all; empty where something did."""


def run(layers: str, mode: str) -> Outcome:
    """The attacks on the wall, without these layers."""
    outcome = Outcome(layers, mode)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        names = FILES + ON_RESOURCES * bool(BOUNDS & set(layers.split(",")))
        files = [f"tests/security/test_{name}.py" for name in names]
        words = ["-q", "--no-header", "-p", "no:cacheprovider", f"--junit-xml={report}"]
        words += [f"--without={layers}", f"--mode={mode}", "--tb=line", "-k", PAIRS.get(layers, ""), *files]
        try:
            subprocess.run(
                [sys.executable, "-m", "pytest", *words], cwd=ROOT, timeout=SECONDS, stdout=subprocess.DEVNULL
            )
        except subprocess.TimeoutExpired:
            outcome.closed = f"the run took more than {SECONDS} s"
            return outcome
        read(report, outcome)
    return outcome


def read(report: Path, outcome: Outcome) -> None:
    """Sort the tests of a report into what passed, what got through and what was only not told."""
    faults = []
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        if case.find("skipped") is not None:
            continue
        outcome.ran += 1
        name = re.sub(r"\[(root|user)-?", "[", case.get("name", "").removeprefix("test_")).replace("[]", "")
        said = [one.get("message", "") for one in (*case.iter("failure"), *case.iter("error"))]
        if not said:
            continue
        if found := re.search(r"WallFault: (wall: \w+.*)", " ".join(" ".join(said).split())):
            faults.append(found[1].partition(" assert ")[0][:160])
        if any("Untold" not in one for one in said):
            outcome.through.append(name)
        else:
            outcome.told.append(name)
    if outcome.ran and len(faults) == outcome.ran:
        outcome.through, outcome.closed = [], faults[0]


def numbers(names: list[str]) -> str:
    """The attacks of these tests by number, those without one by name."""
    found: dict[str, int] = {}
    for name in names:
        bracket = re.match(r".*\[(\d\d) ", name)
        lead = re.match(r"\d+", name)
        key = bracket[1] if bracket else lead[0] if lead else name.partition("[")[0].replace("_", " ")
        found[key] = found.get(key, 0) + 1
    ordered = sorted(found, key=lambda key: (not key.isdecimal(), int(key) if key.isdecimal() else 0, key))
    return (
        ", ".join(key.lstrip("0") + (f" (×{found[key]})" if found[key] > 1 else "") for key in ordered)
        or "none"
    )


def table(outcomes: list[Outcome]) -> str:
    """The outcomes as a table of Markdown."""
    lines = [
        "| switched off | as | attacks run | got through | stopped by another layer, not told |",
        "|---|---|---|---|---|",
    ]
    for one in outcomes:
        layers = " + ".join(f"`{layer}`" for layer in one.layers.split(","))
        if one.closed:
            lines.append(f"| {layers} | {one.mode} | {one.ran} | nothing starts: `{one.closed}` | |")
        else:
            lines.append(
                f"| {layers} | {one.mode} | {one.ran} | {numbers(one.through)} | {numbers(one.told)} |"
            )
    return "\n".join(lines)


def main(words: list[str]) -> int:
    """Run what is named, or all, and bring the table up to date with it."""
    order = [*MUTATIONS, *PAIRS]
    for layers in words or order:
        for mode in ("root", "user") if layers in AS_USER else ("root",):
            outcome = run(layers, mode)
            print(table([outcome]).splitlines()[-1], flush=True)
            if layers in order:
                keep(outcome, order)
    return 0


def keep(outcome: Outcome, order: list[str]) -> None:
    """One more outcome, in the place of an older one of the same kind."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    known = [Outcome(**one) for one in json.loads(RESULTS.read_text())] if RESULTS.exists() else []
    known = [one for one in known if (one.layers, one.mode) != (outcome.layers, outcome.mode)] + [outcome]
    known = [one for one in known if one.layers in order]
    known.sort(key=lambda one: (order.index(one.layers), one.mode))
    RESULTS.write_text(json.dumps([asdict(one) for one in known], indent=1, ensure_ascii=False) + "\n")
    before, _, rest = DOCUMENT.read_text().partition(START)
    DOCUMENT.write_text(f"{before}{START}\n{table(known)}\n{END}{rest.partition(END)[2]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
