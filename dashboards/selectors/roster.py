"""The people of a group in the order that the reader chose, with who needs help among them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from lessons.models import Cohort, Enrolment, Unit
from lessons.selectors import taught_by

from .signals import Stuck, is_silent, last_seen, stuck_students


class Order(StrEnum):
    """How the students are listed."""

    NEED = "need"
    NAME = "name"
    SEEN = "seen"


class Only(StrEnum):
    """Which of them are listed."""

    ALL = ""
    STUCK = "stuck"
    SILENT = "silent"
    NOT_BEGUN = "not_begun"


@dataclass(frozen=True)
class Wanted:
    """What the reader of the page chose. `idea` is the key of a `Stuck`, `text` is looked for in names."""

    unit: Unit | None = None
    cohort: Cohort | None = None
    order: Order = Order.NEED
    only: Only = Only.ALL
    idea: str = ""
    text: str = ""
    page: int = 1


@dataclass(frozen=True)
class Roster:
    """`everybody` in the cohort, and those `listed`. `stuck` and `seen` go by the student's id."""

    everybody: list[Enrolment]
    listed: list[Enrolment]
    stuck: dict[int, Stuck]
    seen: dict[int, datetime]
    silent: set[int]

    @property
    def not_begun(self) -> int:
        """How many have left no trace at all."""
        return sum(one.student_id not in self.seen for one in self.everybody)


def roster(*, teaching: Enrolment, wanted: Wanted, at: datetime) -> Roster:
    """Everybody whom this member of the staff may see, chosen and in order: 6 queries at any size."""
    students = taught_by(teaching).filter(left_at__isnull=True).select_related("student")
    if wanted.cohort:
        students = students.filter(cohort=wanted.cohort)
    everybody = sorted(students, key=lambda one: (plain(str(one.student)), one.pk))
    ids = [one.student_id for one in everybody]
    stuck = stuck_students(course=teaching.course, students=ids, at=at)
    seen = last_seen(course=teaching.course, students=ids)
    silent = {one.student_id for one in everybody if is_silent(one, seen.get(one.student_id), at)}

    def since(one: Enrolment) -> datetime:
        return seen.get(one.student_id, one.created_at)

    def failures(one: Enrolment) -> int:
        return stuck[one.student_id].failures if one.student_id in stuck else 0

    listed = [one for one in everybody if chosen(one, wanted, stuck, seen, silent)]
    if wanted.order == Order.NEED:
        listed.sort(key=lambda one: (-failures(one), since(one)))
    elif wanted.order == Order.SEEN:
        listed.sort(key=since)
    return Roster(everybody, listed, stuck, seen, silent)


def chosen(
    one: Enrolment, wanted: Wanted, stuck: dict[int, Stuck], seen: dict[int, datetime], silent: set[int]
) -> bool:
    """Whether the reader wants to see this one."""
    found = stuck.get(one.student_id)
    if wanted.idea and (found is None or found.key != wanted.idea):
        return False
    if wanted.text and plain(wanted.text) not in plain(f"{one.student.name} {one.student.email}"):
        return False
    match wanted.only:
        case Only.STUCK:
            return found is not None
        case Only.SILENT:
            return one.student_id in silent
        case Only.NOT_BEGUN:
            return one.student_id not in seen
    return True


def plain(text: str) -> str:
    """`text` as it is sorted and looked for: without accents and capitals; Óscar comes before Pablo."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@dataclass(frozen=True)
class Place:
    """Where a submission stands among those of the students who are stuck, from 1."""

    number: int
    total: int
    before: UUID | None
    after: UUID | None


def place_of(submission_id: UUID, listed: Roster) -> Place | None:
    """The place of the submission in the list, by which one goes from one to the next; None: not in it."""
    ids = [listed.stuck[one.student_id].submission for one in listed.listed if one.student_id in listed.stuck]
    if submission_id not in ids:
        return None
    here = ids.index(submission_id)
    return Place(
        number=here + 1,
        total=len(ids),
        before=ids[here - 1] if here else None,
        after=ids[here + 1] if here + 1 < len(ids) else None,
    )
