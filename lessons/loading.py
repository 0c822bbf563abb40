"""A read course into the tables of this app. Rows are found again by number, slug or key, never remade."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import models, transaction

from .content.records import CourseRecord, LessonRecord, QuestionRecord
from .models import Course, Idea, Lesson, Page, Question, Section, Unit
from .services.noting import follow_blocks, hand_over


class LoadRefused(Exception):
    """Loading would cost students their work; the message says what and what to do."""


def store_lessons(record: CourseRecord) -> tuple[Course, Counter[str]]:
    """Make the tables say what `record` says; returns the course and how many rows were touched, by kind.

    Questions that left the folder are retired and keep their answers. Call it in a transaction that also
    stores the exercises; the course row is locked until its end, so two loads take turns.
    """
    touched: Counter[str] = Counter()
    Course.objects.get_or_create(slug=record.slug, defaults={"title": record.title})
    course = Course.objects.select_for_update().get(slug=record.slug)
    facts = ("title", "description", "keywords", "level", "duration_estimate", "prerequisites", "audience")
    fields: dict[str, Any] = {name: getattr(record, name) for name in facts}
    fields |= {"certificate_rule": record.certificate, "quiz_tries": record.quiz_tries}
    _set(course, touched, updated=date.fromisoformat(record.updated) if record.updated else None, **fields)
    _pages(course, record, touched)
    _units(course, record, touched)
    _lessons(course, record, touched)
    _end_quizzes(course, record, touched)
    _ideas(course, record, touched)
    return course, touched


def _set(row: models.Model, touched: Counter[str], **fields: Any) -> None:
    """Save the row if it is new or any of `fields` differs."""
    if row.pk is None or any(getattr(row, name) != value for name, value in fields.items()):
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
        touched[str(row._meta.model_name)] += 1


def _pages(course: Course, record: CourseRecord, touched: Counter[str]) -> None:
    rows = {page.slug: page for page in course.pages.all()}
    places: Counter[str] = Counter()
    for page in record.pages:
        places[page.place] += 1
        row = rows.pop(page.slug, None) or Page(course=course, slug=page.slug)
        kept = {"title": page.title, "place": page.place, "html": page.html, "written": page.written}
        _set(row, touched, position=places[page.place], **kept)
    for gone in rows.values():
        gone.delete()


def _units(course: Course, record: CourseRecord, touched: Counter[str]) -> None:
    units = {unit.number: unit for unit in course.units.all()}
    sections = {section.number: section for section in Section.objects.filter(unit__course=course)}
    for unit in record.units:
        row = units.get(unit.number) or Unit(course=course, number=unit.number)
        kept = {"slug": unit.slug, "title": unit.title, "html": unit.html, "goals": unit.goals}
        _set(row, touched, exercises_promised=len(unit.promised), **kept)
        for position, section in enumerate(unit.sections, start=1):
            part = sections.get(section.number) or Section(unit=row, number=section.number)
            _set(part, touched, unit=row, position=position, title=section.title)


def _lessons(course: Course, record: CourseRecord, touched: Counter[str]) -> None:
    rows = {lesson.number: lesson for lesson in course.lessons.all()}
    sections = {section.number: section for section in Section.objects.filter(unit__course=course)}
    position = 0
    for unit in record.units:
        for section in unit.sections:
            for lesson in section.lessons:
                position += 1
                row = rows.pop(lesson.number, None) or Lesson(course=course, number=lesson.number)
                stamp = _stamp(lesson, position)
                is_same = row.content_hash == stamp and row.labs == lesson.labs
                if is_same and row.section_id == sections[section.number].pk:
                    continue
                before = row.html
                _set(
                    row,
                    touched,
                    section=sections[section.number],
                    slug=lesson.slug,
                    position=position,
                    title=lesson.title,
                    summary=lesson.summary,
                    minutes=lesson.minutes,
                    html=lesson.html,
                    contents=[asdict(heading) for heading in lesson.contents],
                    labs=lesson.labs,
                    written=lesson.written,
                    content_hash=stamp,
                )
                asked = row.questions.all()
                _store(asked, lesson.questions, touched, unit=sections[section.number].unit, lesson=row)
                follow_blocks(lesson=row, before=before)
    _let_go(course, record, rows)


def _stamp(lesson: LessonRecord, position: int) -> str:
    return sha256(json.dumps([asdict(lesson), position], sort_keys=True).encode()).hexdigest()


def _end_quizzes(course: Course, record: CourseRecord, touched: Counter[str]) -> None:
    units = {unit.number: unit for unit in course.units.all()}
    for unit in record.units:
        row = units[unit.number]
        _store(row.questions.filter(lesson__isnull=True), unit.quiz, touched, unit=row, lesson=None)


def _store(
    stored: models.QuerySet[Question],
    questions: list[QuestionRecord],
    touched: Counter[str],
    *,
    unit: Unit,
    lesson: Lesson | None,
) -> None:
    """Make the `stored` questions of a lesson or of an end quiz those of the folder."""
    rows = {question.key: question for question in stored}
    for position, question in enumerate(questions, start=1):
        row = rows.pop(question.key, None) or Question(unit=unit, lesson=lesson, key=question.key)
        fields = asdict(question)
        del fields["key"]
        fields["variants"] = _variants(row, question.variants)
        _set(row, touched, unit=unit, position=position, retired=False, **fields)
    for gone in rows.values():
        _set(gone, touched, retired=True)


def _variants(row: Question, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The variants of the folder, so placed that every answer still points at what was asked.

    An answer keeps the index of its variant. What reads as before keeps its place, whatever its answer; what
    is no longer made stays, `gone`, where it was answered; the others fill the places left.
    """
    if row.pk is None or not row.variants:
        return found
    answered = set(row.answers.filter(variant__isnull=False).order_by().values_list("variant", flat=True))
    waiting = list(found)
    places: list[dict[str, Any]] = []
    for old in row.variants:
        same = next((new for new in waiting if _reads_as(old, new)), None)
        if same is not None:
            waiting.remove(same)
        places.append(same or {**old, "gone": True})
    free = [index for index, place in enumerate(places) if place.get("gone") and index not in answered]
    for index in free[: len(waiting)]:
        places[index] = waiting.pop(0)
    while places and places[-1].get("gone") and len(places) - 1 not in answered:
        places.pop()
    return places + waiting


def _reads_as(old: dict[str, Any], new: dict[str, Any]) -> bool:
    return bool(old["prompt"] == new["prompt"] and old["public"] == new["public"])


def _ideas(course: Course, record: CourseRecord, touched: Counter[str]) -> None:
    rows = {idea.slug: idea for idea in course.ideas.all()}
    lessons = {lesson.number: lesson for lesson in course.lessons.all()}
    for position, idea in enumerate(record.ideas, start=1):
        row = rows.pop(idea.slug, None) or Idea(course=course, slug=idea.slug)
        place = {"lesson": lessons.get(idea.lesson), "anchor": idea.anchor, "position": position}
        _set(row, touched, title=idea.title, **place)
    for gone in rows.values():
        gone.delete()


def _let_go(course: Course, record: CourseRecord, lessons: dict[str, Lesson]) -> None:
    """Delete what the outline no longer has, unless a student has worked on it.

    Notes in the margin of a lesson that goes are given to the one nearest to it.
    """
    staying = [lesson for lesson in course.lessons.all() if lesson.number not in lessons]
    for lesson in lessons.values():
        if lesson.questions.filter(answers__isnull=False).exists():
            raise LoadRefused(
                f"lesson {lesson.number} has left the outline, but students have answered its questions. "
                "Put it back, or delete their answers first."
            )
        if staying:
            hand_over(lesson=lesson, heir=min(staying, key=lambda near: abs(near.position - lesson.position)))
        lesson.delete()
    gone = course.units.exclude(number__in=[unit.number for unit in record.units])
    if tried := gone.filter(quiz_tries__isnull=False).first():
        raise LoadRefused(
            f"unit {tried.number} has left the outline, but students have taken its end quiz. "
            "Put it back, or delete their tries first."
        )
    kept = [section.number for unit in record.units for section in unit.sections]
    Section.objects.filter(unit__course=course).exclude(number__in=kept).delete()
    gone.delete()


def is_loaded(slug: str, content_hash: str) -> bool:
    """Whether the course was last loaded from a folder with this hash."""
    return Course.objects.filter(slug=slug, content_hash=content_hash).exists()


@transaction.atomic
def mark_loaded(course: Course, content_hash: str) -> None:
    """Remember the hash of what was loaded; call it last, in the transaction of the load."""
    Course.objects.filter(pk=course.pk).update(content_hash=content_hash)
