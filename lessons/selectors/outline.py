"""The course as a list of lessons and exercises, and where a reader stands in it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch

from accounts.models import User
from lessons.cards import ExerciseCard, exercise_cards
from lessons.mastery import mastery_of, unit_mastery
from lessons.models import Course, Enrolment, Lesson, Page, Place, Section, Unit

from .deadlines import DueLine, unfinished
from .people import courses_for, enrolment_of
from .progress import Progress, Stage, Step, labs_done, last_read, next_step, progress_of, steps_of
from .quizzes import QuizLine, quiz_lines, quiz_questions

NEXT_DUE = 5
_BULKY = ("html", "contents", "content_hash")


@dataclass(frozen=True)
class LessonLine:
    """A lesson in a list, with how far the reader is; `labs_done` of its labs had their task done."""

    lesson: Lesson
    stage: Stage
    labs_done: int = 0


@dataclass(frozen=True)
class SectionLines:
    section: Section
    lessons: list[LessonLine]


@dataclass(frozen=True)
class UnitLines:
    """A unit on the course page. `stage` is that of all its lessons and its end quiz together.

    `mastery` is the mean over its ideas that there is evidence for, 0 to 100; None without evidence.
    """

    unit: Unit
    sections: list[SectionLines]
    exercises: list[ExerciseCard]
    opened: bool = False
    mastery: int | None = None
    quiz: QuizLine | None = None

    @property
    def lessons(self) -> list[LessonLine]:
        return [line for section in self.sections for line in section.lessons]

    @property
    def written(self) -> int:
        return sum(line.lesson.written for line in self.lessons)

    @property
    def done(self) -> int:
        return sum(line.stage == Stage.DONE for line in self.lessons)

    @property
    def passed(self) -> int:
        return sum(card.passed for card in self.exercises)

    @property
    def labs(self) -> int:
        return sum(len(line.lesson.labs) for line in self.lessons)

    @property
    def labs_done(self) -> int:
        return sum(line.labs_done for line in self.lessons)

    @property
    def percent(self) -> int:
        """Lessons done and exercises passed, of all that the unit promises.

        Tasks of labs are left out: whoever reads without scripts has none, and can finish the unit, too.
        """
        promised = len(self.lessons) + max(self.unit.exercises_promised, len(self.exercises))
        return 100 * (self.done + self.passed) // promised if promised else 0

    @property
    def stage(self) -> Stage:
        """Done when every lesson of the unit is, announced ones too, and its end quiz was taken."""
        tried = self.quiz is not None and (self.quiz.taken or self.quiz.running)
        if self.lessons and self.done == len(self.lessons) and (self.quiz is None or self.quiz.taken):
            return Stage.DONE
        begun = tried or any(line.stage != Stage.NONE for line in self.lessons)
        return Stage.BEGUN if begun else Stage.NONE


@dataclass(frozen=True)
class CourseOutline:
    """Everything on the course page."""

    course: Course
    units: list[UnitLines]
    front: list[Page]
    end: list[Page]
    enrolment: Enrolment | None
    next: Step | None
    exercises: list[ExerciseCard] = field(default_factory=list)
    due: list[DueLine] = field(default_factory=list)

    @property
    def lessons(self) -> list[LessonLine]:
        return [line for unit in self.units for line in unit.lessons]

    @property
    def lessons_total(self) -> int:
        return len(self.lessons)

    @property
    def lessons_written(self) -> int:
        return sum(line.lesson.written for line in self.lessons)

    @property
    def lessons_done(self) -> int:
        return sum(line.stage == Stage.DONE for line in self.lessons)

    @property
    def labs(self) -> int:
        return sum(lines.labs for lines in self.units)

    @property
    def labs_done(self) -> int:
        return sum(lines.labs_done for lines in self.units)

    @property
    def exercises_passed(self) -> int:
        return sum(card.passed for card in self.exercises)

    @property
    def exercises_promised(self) -> int:
        return sum(lines.unit.exercises_promised for lines in self.units)

    @property
    def percent(self) -> int:
        """Lessons done of all that the course promises, in percent."""
        return round(100 * self.lessons_done / self.lessons_total) if self.lessons_total else 0


def course_outline(*, course: Course, student: User | None, at: datetime | None = None) -> CourseOutline:
    """The course page: 5 queries, 8 more for a student, and the exercises' own.

    With `at`, what is due from then on: 4 more for a student in a cohort.
    """
    lessons = Lesson.objects.defer(*_BULKY).order_by("position")
    sections = Section.objects.order_by("position").prefetch_related(Prefetch("lessons", lessons))
    units = course.units.defer("html").order_by("number").prefetch_related(Prefetch("sections", sections))
    pages = list(course.pages.defer("html").order_by("position"))
    enrolment = enrolment_of(student=student, course=course)
    progress, read = Progress(), None
    mastery: dict[int, int] = {}
    labs: frozenset[str] = frozenset()
    if student and enrolment:
        mastery = unit_mastery(mastery_of(course=course, students=[student.pk])[student.pk], course=course)
        progress = progress_of(student=student, course=course)
        read = last_read(student=student, course=course)
        labs = labs_done(student=student, course=course)
    sections_in_order = [section for unit in units for section in unit.sections.all()]
    in_order = [lesson for section in sections_in_order for lesson in section.lessons.all()]
    for lesson in in_order:
        lesson.course = course  # its address needs it, and each would fetch its own
    cards = exercise_cards(course=course, student=student if enrolment else None)
    quizzes = quiz_lines(course=course, student=student if enrolment else None)
    steps = steps_of(lessons=in_order, exercises=cards, quizzes=quizzes, progress=progress)
    step = next_step(steps=steps, last_read=read)
    by_unit: dict[int, list[ExerciseCard]] = defaultdict(list)
    for card in cards:
        by_unit[card.unit_number].append(card)
    return CourseOutline(
        course=course,
        units=[
            UnitLines(
                unit=unit,
                sections=[
                    SectionLines(
                        section=section,
                        lessons=[
                            LessonLine(lesson, progress.stage(lesson), len(labs.intersection(lesson.labs)))
                            for lesson in section.lessons.all()
                        ],
                    )
                    for section in unit.sections.all()
                ],
                exercises=by_unit[unit.number],
                opened=step is not None and step.unit.pk == unit.pk,
                mastery=mastery.get(unit.number),
                quiz=quizzes.get(unit.number),
            )
            for unit in units
        ],
        front=[page for page in pages if page.place == Place.FRONT],
        end=[page for page in pages if page.place == Place.END],
        enrolment=enrolment,
        next=step,
        exercises=cards,
        due=unfinished(enrolment=enrolment, cards=cards, at=at)[:NEXT_DUE] if enrolment and at else [],
    )


@dataclass(frozen=True)
class CourseToContinue:
    """One of the reader's courses on home, with the exercises begun and not passed yet."""

    course: Course
    next: Step | None
    exercises: list[ExerciseCard]
    done: int
    written: int
    teaches: bool
    due: list[DueLine]


def courses_to_continue(*, student: User, at: datetime) -> list[CourseToContinue]:
    """The student's courses, last enrolled first: 1 query, 5 a course, and the exercises' own.

    In a cohort, 4 more a course for what is due.
    """
    enrolments = (
        Enrolment.objects.filter(student=student, course__in=courses_for(student))
        .select_related("course", "cohort")
        .order_by("-created_at", "-pk")
    )
    found = []
    for enrolment in enrolments:
        course = enrolment.course
        lessons = list(course.lessons.defer(*_BULKY).select_related("section__unit").order_by("position"))
        progress = progress_of(student=student, course=course)
        cards = exercise_cards(course=course, student=student)
        quizzes = quiz_lines(course=course, student=student)
        found.append(
            CourseToContinue(
                course=course,
                next=next_step(
                    steps=steps_of(lessons=lessons, exercises=cards, quizzes=quizzes, progress=progress),
                    last_read=last_read(student=student, course=course),
                ),
                exercises=[card for card in cards if card.begun and not card.passed],
                done=sum(progress.stage(lesson) == Stage.DONE for lesson in lessons),
                written=sum(lesson.written for lesson in lessons),
                teaches=enrolment.teaches,
                due=unfinished(enrolment=enrolment, cards=cards, at=at)[:NEXT_DUE],
            )
        )
    return found


@dataclass(frozen=True)
class LessonPlace:
    """Where a lesson stands: its neighbours in the course, and its place in its unit.

    `end_quiz` is the unit, where the lesson is the last one written and an end quiz follows.
    """

    previous: Lesson | None
    next: Lesson | None
    number_in_unit: int
    lessons_in_unit: int
    end_quiz: Unit | None = None


def lesson_place(lesson: Lesson) -> LessonPlace:
    """Neighbours, announced ones too, in reading order. 1 query."""
    lessons = list(
        Lesson.objects.filter(course=lesson.course_id)
        .select_related("section")
        .only("course_id", "number", "title", "written", "position", "section__unit_id")
        .annotate(quizzed=Exists(quiz_questions(OuterRef("section__unit"))))
        .order_by("position")
    )
    for other in lessons:
        other.course = lesson.course
    index = next(i for i, other in enumerate(lessons) if other.pk == lesson.pk)
    own = lesson.section.unit
    unit = [other.pk for other in lessons if other.section.unit_id == own.pk]
    ends = not any(other.written for other in lessons[index + 1 :] if other.section.unit_id == own.pk)
    return LessonPlace(
        previous=lessons[index - 1] if index else None,
        next=lessons[index + 1] if index + 1 < len(lessons) else None,
        number_in_unit=unit.index(lesson.pk) + 1,
        lessons_in_unit=len(unit),
        end_quiz=own if ends and lessons[index].quizzed else None,
    )
