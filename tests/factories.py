"""A small course with one exercise, made row by row; the real course is loaded where it matters."""

from __future__ import annotations

from uuid import uuid4

from accounts.models import User
from exercises.models import Exercise, ExerciseVersion, TestGroup
from grading import services
from grading.models import Kind, Submission
from lessons.models import Course, Enrolment, Lesson, Role, Section, Unit

PASSWORD = "una frase bien larga"

GRADER = """
from grading.judge.author import Float, group

@group("ejemplos")
def ejemplos(attempt):
    got = attempt.call("doble", 2.0, returns=Float())
    attempt.close(got, 4.0, hint="dobla")

@group("azar")
def azar(attempt):
    for x in attempt.rng.normal(size=5):
        got = attempt.call("doble", float(x), returns=Float())
        attempt.close(got, 2 * x, hint="dobla")
"""
RIGHT = "def doble(x):\n    return 2 * x\n"
WRONG = "def doble(x):\n    return 4.0\n"


def make_user(name: str, **fields: object) -> User:
    return User.objects.create_user(f"{name}@example.org", PASSWORD, name=name.capitalize(), **fields)


def make_course(slug: str = "curso") -> Course:
    course = Course.objects.create(slug=slug, title="Curso de prueba")
    unit = Unit.objects.create(course=course, number=1, slug="uno", title="Uno")
    section = Section.objects.create(unit=unit, number="1.1", position=1, title="Primera")
    for position in (1, 2):
        Lesson.objects.create(
            course=course,
            section=section,
            number=f"1.1.{position}",
            slug=f"leccion-{position}",
            position=position,
            title=f"Lección {position}",
            html="<p>Texto.</p>",
            written=position == 1,
        )
    return course


def make_exercise(
    course: Course, slug: str = "doble", grader: str = GRADER, runtime: str = "numpy", **limits: float
) -> Exercise:
    unit = course.units.get()
    exercise = Exercise.objects.create(
        course=course, unit=unit, slug=slug, title="El doble", kind="implement", difficulty=1
    )
    version = ExerciseVersion.objects.create(
        exercise=exercise,
        content_hash=uuid4().hex,
        statement="<p>Devuelve el doble.</p>",
        starter="def doble(x):\n    ...\n",
        grader=grader,
        functions=["doble(x)"],
        runtime=runtime,
        limits={"seconds": 2, "cpu_seconds": 2, "memory_mb": 256, "calls": 50, "output_kb": 16} | limits,
    )
    for position, (group, visible) in enumerate([("ejemplos", True), ("azar", False)], start=1):
        TestGroup.objects.create(
            version=version,
            slug=group,
            position=position,
            title=group.capitalize(),
            idea="El doble de un número.",
            points=50,
            visible=visible,
            hints={"dobla": "Multiplica por dos."},
        )
    exercise.current = version
    exercise.save()
    return exercise


def enrol(student: User, course: Course, role: Role = Role.STUDENT) -> Enrolment:
    return Enrolment.objects.create(student=student, course=course, role=role)


def hand_in(student: User, exercise: Exercise, source: str = RIGHT, kind: Kind = Kind.SUBMIT) -> Submission:
    return services.hand_in(student=student, exercise=exercise, source=source, kind=kind, form_token=uuid4())
