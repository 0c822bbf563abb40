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

from benchmarks import peers, work  # noqa: E402
from benchmarks.memory import idle_over_imports  # noqa: E402
from benchmarks.site import Student, site  # noqa: E402
from grading import wall  # noqa: E402
from grading.judge import GroupSpec, Job, JobLimits, grade  # noqa: E402
from grading.runtimes import folder, is_ready  # noqa: E402

LIMITS = {"seconds": 20, "cpu_seconds": 20, "memory_mb": 1024, "calls": 20_000, "output_kb": 64}
STUDENTS = 20
PEER_ROUNDS = 5  # they take seconds
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


def bare(runtime: str, rounds: int, pause: float) -> dict[str, float]:
    """`work_ms` and `bare_fork_ms`, measured in the runtime's own interpreter, `pause` seconds apart."""
    source = FOLDER / f"{runtime}.py"
    source.write_text(work.SOURCES[runtime])
    script = Path(__file__).with_name("bare.py")
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    command = [str(python_of(runtime)), "-I", str(script), str(source), str(rounds), str(pause)]
    done = subprocess.run(command, env=one_thread, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return {name: median(values) for name, values in json.loads(done.stdout).items()}


def forged_score() -> float:
    """What the submission gets here that gets full marks of a checker in its own process, 0 to 1."""
    grader = work.CHECKING_GRADER.replace("EXPECTED", repr(expected("numpy")))
    for source, due in ((work.NUMPY, 100), (work.FORGED, 0)):
        report = grade(job("numpy", source, grader), wall.backend(), lambda _event: None)
        if due and report.score != due:
            raise RuntimeError(f"the benchmark's own work did not pass: {report.groups[0]}")
    return report.score / 100


def expected(runtime: str) -> float:
    """What the work comes to, by a process of the runtime."""
    program = f"{work.SOURCES[runtime]}\nprint(repr(trabajo(7)))"
    command = [str(python_of(runtime)), "-I", "-c", program]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


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


def lay_out(slugs: list[str]) -> list[str]:
    """A database with exercises of these names; gives the sessions of the students."""
    from django.contrib.sessions.backends.db import SessionStore

    from accounts.models import User
    from exercises.models import Exercise, ExerciseVersion, TestGroup
    from lessons.models import Course, Enrolment, Unit

    call_command("migrate", verbosity=0)
    course = Course.objects.create(slug="banco", title="Banco")
    unit = Unit.objects.create(course=course, number=1, slug="banco", title="Banco")
    for slug in slugs:
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


def burst_of(students: list[Student], size: int, name: str) -> dict[str, float]:
    """About `size` submissions of many students, handed in as fast as they go, a fifth of them by one.

    `…_efficiency` is ideal ÷ measured time. `…_wait_worst_over_median`: of the students who came with few,
    the longest mean wait until a worker began ÷ the median one; `…_wait_of_many_over_median`: of the one who
    came with many, who waits for her own.
    """
    many = size // 5
    few = max(1, (size - many) // (len(students) - 1))
    counts = [many] + [few] * (len(students) - 1)
    exercise, source = name.replace("_", "-"), work.computing(work.BURSTS[name])
    started = time.perf_counter()

    def hand_in(student: Student, count: int) -> dict:
        for _ in range(count):
            state = student.submit(exercise, source)
        return state

    with ThreadPoolExecutor(len(students)) as pool:
        last = list(pool.map(hand_in, students, counts))
        list(pool.map(lambda pair: pair[0].wait_for_verdict(pair[1]), zip(students, last, strict=True)))
    elapsed = time.perf_counter() - started
    ideal = sum(counts) * work.BURSTS[name] / (os.cpu_count() or 1)
    first, *others = waits(exercise)
    middle = statistics.median(others)
    return {
        f"{name}_efficiency": round(ideal / elapsed, 3),
        f"{name}_wait_worst_over_median": round(max(others) / middle, 2),
        f"{name}_wait_of_many_over_median": round(first / middle, 2),
    }


def waits(exercise: str) -> list[float]:
    """Each student's mean seconds from the hand-in to the start, in the order in which they were made."""
    from grading.models import Submission

    found: dict[int, list[float]] = {}
    of_burst = Submission.objects.filter(exercise__slug=exercise).order_by("student")
    for student, queued, began in of_burst.values_list("student", "queued_at", "started_at"):
        found.setdefault(student, []).append((began - queued).total_seconds())
    return [statistics.mean(each) for each in found.values()]


def measure(*, rounds: int, burst: int, beside: bool) -> dict[str, Any]:
    """Every figure, for each runtime that is installed; other graders too, if asked `beside`. Minutes."""
    runtimes = [name for name in ("numpy", "torch") if is_ready(name)]
    figures: dict[str, Any] = {name: {} for name in runtimes}
    load = os.getloadavg()[0]  # what else the machine did when this began
    try:
        for name in runtimes:
            print(f"{name}: idle, bare, walled, cold …", flush=True)
            figures[name] |= idle_over_imports(wall.runtime(name), wall.backend())
            wall.close()  # the first grading makes its own zygote
            in_a_row = bare(name, rounds, 0.0)["bare_fork_ms"]
            figures[name] |= bare(name, rounds, PAUSE_SECONDS) | {"bare_in_a_row_ms": in_a_row}
            figures[name] |= walled(name, rounds) | cold(name, rounds)
        figures |= oracle(oracle_call_us())
        wall.close()
        sessions = lay_out([*work.SOURCES, *(name.replace("_", "-") for name in work.BURSTS)])
        with site(settings.VAR_DIR, os.cpu_count() or 1) as port:
            students = [Student(port, session) for session in sessions]
            for name in runtimes:
                print(f"{name}: from POST to verdict …", flush=True)
                figures[name] |= end_to_end(students[0], name, rounds)
            for name, seconds in work.BURSTS.items() if burst else []:
                print(f"a burst of {burst}, {seconds} s each …", flush=True)
                figures |= burst_of(students, burst, name)
        for name in runtimes if beside else []:
            print(f"{name}: {', '.join(peers.installed())} …", flush=True)
            figures[name] |= peers.measure(work.SOURCES[name], python_of(name), min(rounds, PEER_ROUNDS))
        if beside:
            figures["forged"] = forged_score()
    finally:
        wall.close()
        shutil.rmtree(FOLDER, ignore_errors=True)
    for name in runtimes:
        figures[name] |= ratios(figures[name])
    return figures | {"cores": os.cpu_count(), "load_before": round(load, 1)}


def oracle(call_us: float) -> dict[str, float]:
    """A call, and ten thousand of them."""
    return {"oracle_call_us": call_us, "oracle_10000_calls_s": round(call_us / 100, 3)}


def ratios(figures: dict[str, Any]) -> dict[str, float]:
    """What the targets are about."""
    of = figures
    result = {
        "wall_over_bare_fork": of["wall_ms"] / of["bare_fork_ms"],
        "wall_over_bare_in_a_row": of["wall_in_a_row_ms"] / of["bare_in_a_row_ms"],
        "wall_p99_over_median": of["wall_p99_ms"] / of["wall_ms"],
        "end_to_end_p99_over_median": of["end_to_end_p99_ms"] / of["end_to_end_ms"],
        "end_to_end_minus_work_ms": of["end_to_end_ms"] - of["work_ms"],
    }
    if "cold_ms" in of:
        result["cold_over_wall"] = of["cold_ms"] / of["wall_ms"]
    for name in peers.ASKED:
        if f"{name}_ms" in of:
            result[f"{name}_over_end_to_end"] = of[f"{name}_ms"] / of["end_to_end_ms"]
    return {name: round(value, 2) for name, value in result.items()}
