"""How long a grading takes, from the bare work to the verdict on the student's screen.

All figures of a runtime are taken in the same run, and what is judged is their ratios: machines differ,
and this one may be busy. The terms are explained in docs/performance.md.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

FOLDER = Path(tempfile.mkdtemp(prefix="coursesite-bench-"))
os.environ |= {
    "COURSESITE_VAR_DIR": str(FOLDER),
    "COURSESITE_LOG_LEVEL": "ERROR",
    "DJANGO_SETTINGS_MODULE": "coursesite.settings",
}

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from benchmarks import work  # noqa: E402
from benchmarks.memory import idle_over_imports  # noqa: E402
from benchmarks.site import Student, site  # noqa: E402
from grading import wall  # noqa: E402
from grading.judge import GroupSpec, Job, JobLimits, grade  # noqa: E402
from grading.runtimes import folder, is_ready  # noqa: E402

LIMITS = {"seconds": 20, "cpu_seconds": 20, "memory_mb": 1024, "calls": 20_000, "output_kb": 64}
STUDENTS = 20
PAUSE_SECONDS = 0.03  # between requests: what is measured is how long one waits; the burst is for the rest


def median(values: list[float]) -> float:
    """To the microsecond."""
    return round(statistics.median(values), 3)


def p99(values: list[float]) -> float:
    """The value that one in a hundred exceeds; of a few dozen, the greatest."""
    return round(sorted(values)[min(len(values) - 1, int(0.99 * len(values)))], 3)


def python_of(runtime: str) -> Path:
    """The interpreter of a student runtime."""
    return folder(runtime) / "bin" / "python"


def bare(runtime: str, rounds: int) -> dict[str, float]:
    """`work_ms` and `bare_fork_ms`, measured in the runtime's own interpreter."""
    source = FOLDER / f"{runtime}.py"
    source.write_text(work.SOURCES[runtime])
    script = Path(__file__).with_name("bare.py")
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    command = [str(python_of(runtime)), "-I", str(script), str(source), str(rounds), str(PAUSE_SECONDS)]
    done = subprocess.run(command, env=one_thread, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return {name: median(values) for name, values in json.loads(done.stdout).items()}


def job(runtime: str, source: str, grader: str = work.GRADER) -> Job:
    """What the judge is asked: one group that makes one call."""
    return Job(
        grader=grader,
        source=source,
        functions=("trabajo(f)",) if "(f)" in source else ("trabajo(semilla)",),
        groups=(GroupSpec(slug="trabajo", title="Trabajo", points=1),),
        runtime=wall.runtime(runtime),
        limits=JobLimits.of(LIMITS),
        seed=7,
    )


def graded_ms(asked: Job) -> float:
    """Milliseconds from the request to the verdict, at the judge."""
    started = time.perf_counter()
    report = grade(asked, wall.backend(), lambda _event: None)
    elapsed = 1e3 * (time.perf_counter() - started)
    if report.score != 100:
        raise RuntimeError(f"the benchmark's own work did not pass: {report.groups[0]}")
    return elapsed


def walled(runtime: str, rounds: int) -> dict[str, float]:
    """`wall_ms`, its 99th percentile, and what the first one cost, zygote included."""
    asked = job(runtime, work.SOURCES[runtime])
    first = graded_ms(asked)
    times = []
    for _ in range(rounds):
        time.sleep(PAUSE_SECONDS)
        times.append(graded_ms(asked))
    in_a_row = median([graded_ms(asked) for _ in range(rounds)])
    return {
        "wall_ms": median(times),
        "wall_p99_ms": p99(times),
        "wall_in_a_row_ms": in_a_row,
        "first_ms": round(first, 1),
    }


def cold(runtime: str, rounds: int) -> dict[str, float]:
    """`cold_ms`: what a fresh sandbox and interpreter for each submission costs, where bubblewrap exists."""
    bubblewrap = shutil.which("bwrap")
    if bubblewrap is None:
        return {}
    program = work.SOURCES[runtime] + "\ntrabajo(7)\n"
    root = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", tempfile.gettempdir()]
    apart = ["--unshare-all", "--setenv", "OMP_NUM_THREADS", "1", "--die-with-parent"]
    inside = [*root, *apart, str(python_of(runtime)), "-I", "-c", program]
    times = []
    for _ in range(rounds + 1):
        started = time.perf_counter()
        subprocess.run([bubblewrap, *inside], check=True, stdout=subprocess.DEVNULL)
        times.append(1e3 * (time.perf_counter() - started))
    return {"cold_ms": median(times[1:])}


def oracle_call_us(rounds: int = 5) -> float:
    """Microseconds of one counted call of an oracle: 10,000 of them, less a grading that makes none."""
    empty = job("numpy", "def trabajo(semilla):\n    return 0.0\n")
    asked = job("numpy", work.ORACLE, work.ORACLE_GRADER)
    rest = median([graded_ms(empty) for _ in range(rounds)])
    return round((median([graded_ms(asked) for _ in range(rounds)]) - rest) / 10_000 * 1e3, 2)


def lay_out(sources: dict[str, str]) -> list[str]:
    """A database with an exercise for each source; gives the sessions of the students."""
    from django.contrib.sessions.backends.db import SessionStore

    from accounts.models import User
    from exercises.models import Exercise, ExerciseVersion, TestGroup
    from lessons.models import Course, Enrolment, Unit

    call_command("migrate", verbosity=0)
    course = Course.objects.create(slug="banco", title="Banco")
    unit = Unit.objects.create(course=course, number=1, slug="banco", title="Banco")
    for slug in sources:
        exercise = Exercise.objects.create(course=course, unit=unit, slug=slug, title=slug, kind="implement")
        version = ExerciseVersion.objects.create(
            exercise=exercise,
            content_hash=slug,
            grader=work.GRADER,
            functions=["trabajo(semilla)"],
            runtime="torch" if slug == "torch" else "numpy",
            limits=LIMITS,
        )
        TestGroup.objects.create(version=version, slug="trabajo", position=1, title="Trabajo", points=1)
        exercise.current = version
        exercise.save()
    sessions = []
    for i in range(STUDENTS):
        student = User.objects.create_user(f"banco{i}@example.org")
        Enrolment.objects.create(student=student, course=course)
        session = SessionStore()
        session["_auth_user_id"] = str(student.pk)
        session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
        session["_auth_user_hash"] = student.get_session_auth_hash()
        session.create()
        sessions.append(session.session_key)
    return sessions


def end_to_end(student: Student, runtime: str, rounds: int) -> dict[str, float]:
    """`end_to_end_ms`: from the HTTP POST to the verdict event, all of it over the network."""
    times = []
    for _ in range(rounds + 1):
        started = time.perf_counter()
        student.wait_for_verdict(student.submit(runtime, work.SOURCES[runtime]))
        times.append(1e3 * (time.perf_counter() - started))
    return {"end_to_end_ms": median(times[1:]), "end_to_end_p99_ms": p99(times[1:])}


def burst_efficiency(students: list[Student], size: int) -> float:
    """Ideal time ÷ measured time for `size` submissions of many students, handed in as fast as they go."""
    started = time.perf_counter()

    def hand_in(student: Student) -> dict:
        for _ in range(size // len(students)):
            state = student.submit("burst", work.BURST)
        return state

    with ThreadPoolExecutor(len(students)) as pool:
        last = list(pool.map(hand_in, students))
        list(pool.map(lambda pair: pair[0].wait_for_verdict(pair[1]), zip(students, last, strict=True)))
    elapsed = time.perf_counter() - started
    handed_in = size // len(students) * len(students)
    return round(handed_in * work.BURST_SECONDS / (os.cpu_count() or 1) / elapsed, 3)


def measure(*, rounds: int, burst: int) -> dict[str, Any]:
    """Every figure, for each runtime that is installed. Takes about two minutes."""
    runtimes = [name for name in ("numpy", "torch") if is_ready(name)]
    figures: dict[str, Any] = {name: {} for name in runtimes}
    try:
        for name in runtimes:
            print(f"{name}: idle, bare, walled, cold …", flush=True)
            figures[name] |= idle_over_imports(wall.runtime(name), wall.backend())
            wall.close()  # the first grading makes its own zygote
            figures[name] |= bare(name, rounds) | walled(name, rounds) | cold(name, rounds)
        figures["oracle_call_us"] = oracle_call_us()
        wall.close()
        sessions = lay_out(work.SOURCES | {"burst": work.BURST})
        with site(settings.VAR_DIR, os.cpu_count() or 1) as port:
            students = [Student(port, session) for session in sessions]
            for name in runtimes:
                print(f"{name}: from POST to verdict …", flush=True)
                figures[name] |= end_to_end(students[0], name, rounds)
            if burst:
                print(f"a burst of {burst} …", flush=True)
                figures[f"burst_{burst}_efficiency"] = burst_efficiency(students, burst)
    finally:
        wall.close()
        shutil.rmtree(FOLDER, ignore_errors=True)
    for name in runtimes:
        figures[name] |= ratios(figures[name])
    return figures


def ratios(figures: dict[str, float]) -> dict[str, float]:
    """What the targets are about."""
    result = {
        "wall_over_bare_fork": figures["wall_ms"] / figures["bare_fork_ms"],
        "end_to_end_minus_work_ms": figures["end_to_end_ms"] - figures["work_ms"],
    }
    if "cold_ms" in figures:
        result["cold_over_wall"] = figures["cold_ms"] / figures["wall_ms"]
    return {name: round(value, 2) for name, value in result.items()}


def table(figures: dict[str, Any]) -> str:
    """The figures as text."""
    lines = []
    for name, value in figures.items():
        if isinstance(value, dict):
            lines += [f"{name}.{key:<26} {number:>10}" for key, number in value.items()]
        else:
            lines.append(f"{name:<32} {value:>10}")
    return "\n".join(lines)
