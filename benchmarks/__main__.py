"""`./dev bench NAME… [--json FILE]`: run one or several sets of measurements."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

NAMES = ("grading", "chaos")


def options() -> argparse.ArgumentParser:
    """The words of the command, each bench's beside the common ones."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("names", nargs="+", choices=NAMES, metavar="NAME", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    grading = parser.add_argument_group("grading: how long a grading takes")
    grading.add_argument("--rounds", type=int, default=30, help="runs of each figure (30); medians count")
    grading.add_argument("--burst", type=int, default=200, help="submissions of the burst (200); 0: no burst")
    grading.add_argument(
        "--peers",
        action=argparse.BooleanOptionalAction,
        help="install and measure other graders beside ours; without the word, those that are installed",
    )
    grading.add_argument("--docs", action="store_true", help="write table and picture of docs/performance.md")
    chaos = parser.add_argument_group("chaos: what survives when everything is killed at random")
    chaos.add_argument("--submissions", type=int, default=1000, help="handed in over HTTP (1000)")
    chaos.add_argument("--kills", type=int, default=500, help="at least so many (500)")
    chaos.add_argument("--seed", type=int, default=1, help="of who is killed when (1)")
    chaos.add_argument("--pause", type=float, default=0.9, help="seconds between two kills, on average (0.9)")
    chaos.add_argument("--keep", action="store_true", help="leave the site's folder, its log and database")
    chaos.add_argument("--lease", type=int, help="seconds of a worker's lease (as the site has it)")
    chaos.add_argument(
        "--database",
        choices=["sqlite", "postgres"],
        help="a fresh one of this kind (sqlite); COURSESITE_DATABASE_URL names an empty one of your own",
    )
    return parser


def measure(name: str, words: argparse.Namespace) -> tuple[dict[str, Any], bool]:
    """The figures of one bench, printed as a table, and whether they are as they must be."""
    if name == "chaos":
        from benchmarks import chaos

        figures = chaos.measure(
            submissions=words.submissions,
            kills=words.kills,
            seed=words.seed,
            pause=words.pause,
            lease=words.lease,
            keep=words.keep,
            database=words.database,
        )
        print(chaos.table(figures))
        return figures, chaos.survived(figures)
    from benchmarks import grading, targets  # sets Django's folder before Django is imported

    figures = grading.measure(rounds=words.rounds, burst=words.burst, beside=words.peers is not False)
    print(targets.table(figures))
    if words.docs:
        from benchmarks import document

        document.write(figures)
    return figures, True


def each_in_its_own_process(words: argparse.Namespace) -> tuple[dict[str, Any], bool]:
    """Several benches, one after another: each has a site of its own, and Django is set up once a process."""
    figures: dict[str, Any] = {}
    well = True
    rest = [word for word in sys.argv[1:] if word not in NAMES]
    with tempfile.TemporaryDirectory() as folder:
        for name in words.names:
            path = Path(folder) / f"{name}.json"
            command = [sys.executable, "-m", "benchmarks", name, *rest, "--json", str(path)]
            well = subprocess.run(command, check=False).returncode == 0 and well
            figures[name] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    return figures, well


def main() -> int:
    """Measure, print tables, write the JSON if asked; 1 when a bench found what must not be."""
    words = options().parse_args()
    alone = len(words.names) == 1
    figures, well = measure(words.names[0], words) if alone else each_in_its_own_process(words)
    if words.json:
        words.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0 if well else 1


sys.exit(main())
