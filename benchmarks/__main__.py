"""`./dev bench NAME [--json FILE]`: run one set of measurements."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def main() -> int:
    """Parse the words, measure, print a table, and write the JSON if asked."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("name", choices=["grading"], help="what to measure")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--rounds", type=int, default=30, help="runs of each figure (30); medians count")
    parser.add_argument("--burst", type=int, default=200, help="submissions of the burst (200); 0: no burst")
    words = parser.parse_args()
    from benchmarks import grading  # sets Django's folder before Django is imported

    figures = grading.measure(rounds=words.rounds, burst=words.burst)
    print(grading.table(figures))
    if words.json:
        words.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


sys.exit(main())
