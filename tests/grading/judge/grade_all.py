"""Grade every solution and wrong solution of the courses with the BLAS kernel named, and print the results.

Run by test_determinism.py: a kernel is chosen when a library is loaded, so each needs a process of its own.
`canary` is a product computed by the judge and inside the wall: another kernel shows in its last bits.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

import django  # noqa: E402

SEEDS = (1,)
NOTES = """
from grading.judge.author import *

@group("g")
def g(attempt):
    attempt.note(x=attempt.call("f", 0.0, returns=Array(("n",))))
"""
CANARY = """
import numpy as np

def f(x):
    drawn = np.random.default_rng(0).normal(size=(64, 64))
    return np.linalg.qr(drawn)[0].sum(axis=0)
"""


def main(kernel: str) -> None:
    """One line of JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coursesite.settings")
    django.setup()
    from grading.sandbox import zygotes

    zygotes.ENVIRONMENT["OPENBLAS_CORETYPE"] = kernel
    from grading import wall
    from grading.judge import GroupSpec, Job, JobLimits, grade
    from grading.runtimes import is_ready
    from lessons.content import course as content

    graded: dict[str, object] = {}
    for root in sorted((ROOT / "courses").iterdir()):
        for exercise in content.read(root).course.exercises:
            if not is_ready(exercise.runtime):
                continue
            folder = root / exercise.folder
            groups = tuple(
                GroupSpec(g.slug, g.title, g.points, g.visible, tuple(g.requires), g.hints)
                for g in exercise.groups
            )
            for path in [folder / "solution.py", *sorted((folder / "wrong").glob("*.py"))]:
                for seed in SEEDS:
                    report = grade(
                        Job(
                            (folder / "grader.py").read_text("utf-8"),
                            path.read_text("utf-8"),
                            groups,
                            tuple(exercise.functions),
                            wall.runtime(exercise.runtime),
                            JobLimits.of(exercise.limits),
                            seed,
                        ),
                        wall.backend(),
                    )
                    outcome = {g.slug: [g.verdict.value, round(g.fraction, 6), g.hint] for g in report.groups}
                    graded[f"{exercise.slug}/{path.name}/{seed}"] = [round(report.score, 6), outcome]

    import numpy as np

    spec = (GroupSpec("g", "G", 1),)
    inside = grade(Job(NOTES, CANARY, spec, ("f(x)",), wall.runtime("numpy"), JobLimits(), 1), wall.backend())
    outside = np.linalg.qr(np.random.default_rng(0).normal(size=(64, 64)))[0].sum(axis=0)
    canary = [inside.groups[0].evidence["x"], outside.tolist()]
    wall.close()
    print(json.dumps({"graded": graded, "canary": canary}))


if __name__ == "__main__":
    main(sys.argv[1])
