"""`manage.py demo_class`: a class with answers and graded hand-ins, to see a teacher's pages full."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.timezone import now

from accounts.models import User
from exercises.models import Exercise
from grading.models import Grading, GroupResult, Kind, State, Submission, Verdict
from lessons.models import Answer, Course, Enrolment, Lesson, Question, Reading

FIRST = [
    "Alba",
    "Bruno",
    "Carmen",
    "Elena",
    "Félix",
    "Hugo",
    "Inés",
    "Marco",
    "Nuria",
    "Óscar",
    "Raúl",
    "Sara",
]
LAST = [
    "Alonso",
    "Bravo",
    "Cano",
    "Díaz",
    "Flores",
    "Gil",
    "Ibarra",
    "Lozano",
    "Núñez",
    "Prieto",
    "Soler",
    "Vega",
]
BATCH = 500


class Command(BaseCommand):
    help = "Fills a local site with a class whose answers and results are made up; nothing is run or graded."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, which course, and from which seed: the same seed makes the same class."""
        parser.add_argument("--students", type=int, default=200)
        parser.add_argument("--course", help="its slug; without it, the first course")
        parser.add_argument("--seed", type=int, default=0)

    def handle(self, *_args: Any, students: int, course: str | None, seed: int, **_options: Any) -> None:
        """Refuses where the site is not local, and where the class is there already."""
        if not settings.LOCAL:
            raise CommandError("made-up students are for the local mode only")
        found = Course.objects.filter(**{"slug": course} if course else {}).order_by("pk").first()
        if found is None:
            raise CommandError("there is no such course: run manage.py loadcourse first")
        if User.objects.filter(email=address(1)).exists():
            raise CommandError("the class is there already")
        with transaction.atomic():
            MadeUpClass(found, Random(seed), now()).make(students)  # noqa: S311 (no secret comes of it)
        self.stdout.write(f"{students} students in {found.slug}")


def address(number: int) -> str:
    """The address of the made-up student with this number."""
    return f"estudiante-{number:04}@example.org"


class MadeUpClass:
    """Students of some ability, 0 to 1, who get some way; some fall silent, some never begin."""

    def __init__(self, course: Course, random: Random, at: datetime) -> None:
        self.random, self.at, self.course = random, at, course
        self.questions = list(Question.objects.filter(unit__course=course, retired=False))
        self.lessons = list(Lesson.objects.filter(course=course, written=True).defer("html"))
        exercises = Exercise.objects.filter(course=course, retired=False, current__isnull=False)
        self.exercises = list(exercises.select_related("current").prefetch_related("current__groups"))
        self.answers: list[tuple[Answer, datetime]] = []
        self.hand_ins: list[tuple[Submission, Grading, datetime]] = []
        self.results: list[GroupResult] = []

    def make(self, students: int) -> None:
        """Writes everything in batches. The people cannot sign in: they have no password."""
        names = [f"{self.random.choice(FIRST)} {self.random.choice(LAST)}" for _ in range(students)]
        people = User.objects.bulk_create(
            [
                User(email=address(n), name=name, password=make_password(None))
                for n, name in enumerate(names, start=1)
            ],
            BATCH,
        )
        Enrolment.objects.bulk_create([Enrolment(student=one, course=self.course) for one in people], BATCH)
        readings = [reading for one in people for reading in self.student(one)]
        Reading.objects.bulk_create(readings, BATCH)
        Answer.objects.bulk_create([answer for answer, _when in self.answers], BATCH)
        Submission.objects.bulk_create([submission for submission, _g, _when in self.hand_ins], BATCH)
        Grading.objects.bulk_create([grading for _s, grading, _when in self.hand_ins], BATCH)
        GroupResult.objects.bulk_create(self.results, BATCH)
        self.put_in_the_past()

    def put_in_the_past(self) -> None:
        """These fields take the present when a row is made."""
        for answer, when in self.answers:
            answer.created_at = when
        for submission, grading, when in self.hand_ins:
            submission.queued_at = grading.created_at = when
        Answer.objects.bulk_update([answer for answer, _when in self.answers], ["created_at"], BATCH)
        Submission.objects.bulk_update([one for one, _g, _when in self.hand_ins], ["queued_at"], BATCH)
        Grading.objects.bulk_update([one for _s, one, _when in self.hand_ins], ["created_at"], BATCH)

    def student(self, student: User) -> list[Reading]:
        """What one student did: some stopped two weeks ago, some never began."""
        ability, reach = self.random.betavariate(4, 2), self.random.betavariate(3, 2)
        if reach < 0.15:
            return []
        last = self.at - timedelta(
            days=self.random.choice([0, 0, 0, 1, 1, 3, 14]), minutes=self.random.randrange(600)
        )
        read = self.lessons[: round(reach * len(self.lessons))]
        for question in self.questions:
            if question.lesson_id is None or question.lesson_id in {lesson.pk for lesson in read}:
                correct = self.random.random() < ability
                answer = Answer(student=student, question=question, response={}, correct=correct)
                self.answers.append((answer, last - timedelta(hours=self.random.randrange(1, 300))))
        for exercise in self.exercises[: round(reach * len(self.exercises))]:
            self.attempts(student, exercise, ability, last)
        return [Reading(student=student, lesson=lesson, last_at=last) for lesson in read]

    def attempts(self, student: User, exercise: Exercise, ability: float, last: datetime) -> None:
        """Hand-ins an hour or so apart, each a little better, until all groups pass or courage fails."""
        if exercise.current is None:
            return
        groups = list(exercise.current.groups.all())
        attempts = self.random.randint(1, 5)
        for number in range(1, attempts + 1):
            passes = [self.random.random() < ability + 0.08 * number for _ in groups]
            when = last - timedelta(minutes=75 * (attempts - number))
            won = sum(g.points for g, ok in zip(groups, passes, strict=True) if ok)
            score = 100 * won / (sum(g.points for g in groups) or 1)
            submission = Submission(
                student=student,
                exercise=exercise,
                version=exercise.current,
                kind=Kind.SUBMIT,
                attempt_number=number,
                form_token=UUID(int=self.random.getrandbits(128)),
                source=exercise.current.starter,
                state=State.GRADED,
                score=score,
                started_at=when,
                finished_at=when,
            )
            grading = Grading(submission=submission, version=exercise.current, score=score, seconds=1.0)
            self.hand_ins.append((submission, grading, when))
            self.results += [
                GroupResult(
                    grading=grading,
                    group=group,
                    verdict=Verdict.PASSED if ok else Verdict.WRONG,
                    fraction=float(ok),
                    hint="" if ok else next(iter(group.hints), ""),
                )
                for group, ok in zip(groups, passes, strict=True)
            ]
            if all(passes):
                return
