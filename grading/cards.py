"""What lessons and course pages show of exercises; they ask through a register, for they know no exercise."""

from __future__ import annotations

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from exercises.models import Draft, Exercise, ExerciseDeadline
from grading.models import Kind, State, Submission
from lessons.cards import ExerciseCard
from lessons.models import Course, Enrolment

PASSED = 100  # every group of some hand-in


def exercise_cards(course: Course, student: User | None) -> list[ExerciseCard]:
    """The exercises that can be opened, in course order, with the student's best scores: 1 query."""
    return [_card(exercise, course) for exercise in exercises_of(course, student)]


def exercises_of(course: Course, student: User | None) -> QuerySet[Exercise]:
    """The same as rows: `best` and `begun` are the student's. No query yet."""
    exercises = (
        Exercise.objects.filter(course=course, retired=False, current__isnull=False)
        .select_related("unit", "lesson")
        .only("slug", "title", "kind", "difficulty", "position", "unit__number", "lesson__number")
        .order_by("unit__number", "position", "pk")
    )
    if student is not None:
        here = Enrolment.objects.filter(student=student, course=course, cohort__isnull=False)
        theirs = ExerciseDeadline.objects.filter(exercise=OuterRef("pk"), cohort__in=here.values("cohort"))
        own = Submission.objects.filter(student=student, exercise=OuterRef("pk"))
        graded = Q(
            submissions__student=student, submissions__kind=Kind.SUBMIT, submissions__state=State.GRADED
        )
        exercises = exercises.annotate(
            best=Max("submissions__score", filter=graded),
            counted=Max("submissions__score", filter=graded & Q(submissions__late=False)),
            own_deadline=Subquery(theirs.values("due_at")[:1]),
            begun=Exists(own) | Exists(Draft.objects.filter(student=student, exercise=OuterRef("pk"))),
        )
    return exercises


def _card(exercise: Exercise, course: Course) -> ExerciseCard:
    exercise.course = course
    return ExerciseCard(
        slug=exercise.slug,
        title=exercise.title,
        url=exercise.get_absolute_url(),
        kind=str(exercise.get_kind_display()),
        difficulty=exercise.difficulty,
        unit_number=exercise.unit.number,
        lesson_number=exercise.lesson.number if exercise.lesson else None,
        score=getattr(exercise, "counted", None),
        best=getattr(exercise, "best", None),
        begun=getattr(exercise, "begun", False),
        own_deadline=getattr(exercise, "own_deadline", None),
    )
