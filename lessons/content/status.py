"""How much of a course is written, against what its outline promises."""

from __future__ import annotations

from typing import Any

from .course import LABS
from .records import CourseRecord


def counts(course: CourseRecord) -> dict[str, Any]:
    """The numbers, ready for JSON."""
    lessons, pages = course.lessons, course.pages
    used = {lab for lesson in lessons for lab in lesson.labs}
    built = [lab for lab in course.labs if lab in used and (LABS / lab / "index.ts").is_file()]
    return {
        "units": len(course.units),
        "sections": sum(len(unit.sections) for unit in course.units),
        "lessons": _part(sum(lesson.written for lesson in lessons), len(lessons)),
        "exercises": _part(len(course.exercises), sum(len(unit.promised) for unit in course.units)),
        "labs": _part(len(built), len(course.labs)),
        "pages": _part(sum(page.written for page in pages), len(pages)),
        "quizzes": _part(sum(bool(unit.quiz) for unit in course.units), len(course.units)),
        "questions": sum(len(one.questions) for one in lessons)
        + sum(len(unit.quiz) for unit in course.units),
        "words": sum(lesson.words for lesson in lessons) + sum(page.words for page in pages),
    }


def _part(written: int, total: int) -> dict[str, int]:
    return {"written": written, "total": total}


def table(numbers: dict[str, Any]) -> str:
    """The same for a person: one line each, with a bar where something is due."""
    lines = []
    for name, value in numbers.items():
        if isinstance(value, dict):
            done = round(20 * value["written"] / value["total"]) if value["total"] else 0
            bar = "#" * done + "." * (20 - done)
            lines.append(f"{name:<10} {value['written']:>5} of {value['total']:<3} {bar}")
        else:
            lines.append(f"{name:<10} {value:>5}")
    return "\n".join(lines)
