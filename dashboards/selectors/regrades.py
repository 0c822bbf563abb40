"""What an instructor sees of regrades: the exercises, one exercise's history, and what one would change."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Prefetch, Q, QuerySet

from exercises.models import Exercise
from grading import health, regrades
from grading.models import Grading, GroupResult, Kind, Regrade, RegradeItem, RegradeState, State, Verdict
from lessons.models import Course, Enrolment
from lessons.selectors.people import cohorts_of

PAGE = 50


def exercises_to_regrade(course: Course) -> QuerySet[Exercise]:
    """Those with graded hand-ins, in course order, with `graded`, `older` (by a version that is not the
    current one) and `open_state` of a regrade. 2 queries.
    """
    graded = Q(submissions__kind=Kind.SUBMIT, submissions__state=State.GRADED) & ~Q(submissions__source="")
    open_ones = Regrade.objects.filter(state__in=[RegradeState.RUNNING, RegradeState.READY])
    return (
        Exercise.objects.filter(course=course)
        .select_related("unit")
        .annotate(
            graded=Count("submissions", filter=graded),
            older=Count("submissions", filter=graded & ~Q(submissions__version=F("current"))),
        )
        .filter(graded__gt=0)
        .prefetch_related(Prefetch("regrades", open_ones, to_attr="open_regrades"))
        .order_by("unit__number", "position", "pk")
    )


def regrades_for(teaching: Enrolment) -> QuerySet[Regrade]:
    """The regrades of the course that this member of the staff may see. No query yet."""
    found = Regrade.objects.filter(exercise__course=teaching.course_id)
    found = found.select_related("exercise__course", "exercise__unit", "asked_by", "cohort", "version")
    return found if teaching.whole_course else found.filter(cohort__in=cohorts_of(teaching))


@dataclass(frozen=True)
class GroupChange:
    """A group that ends otherwise; both verdicts in words, "—" where there was or is no such group."""

    title: str
    then: str
    now: str


@dataclass(frozen=True)
class Change:
    """A hand-in whose score changes, and by which groups."""

    item: RegradeItem
    groups: list[GroupChange]

    @property
    def rises(self) -> bool:
        return (self.item.after or 0) > self.item.before


@dataclass(frozen=True)
class RegradePage:
    """`minutes` is about how long it still takes, None when nothing is known to judge by."""

    preview: regrades.Preview
    changes: list[Change]
    page: Page[RegradeItem]
    minutes: int | None


def regrade_page(regrade: Regrade, *, number: int) -> RegradePage:
    """Counts, and a page of changes with their groups: 9 queries at most, however many."""
    preview = regrades.preview_of(regrade)
    results = Prefetch(
        "group_results", GroupResult.objects.select_related("group").order_by("group__position")
    )
    gradings = Prefetch("submission__gradings", Grading.objects.prefetch_related(results).order_by("-number"))
    changed = regrades.changes_of(regrade).select_related("submission__version").prefetch_related(gradings)
    page = Paginator(changed, PAGE).get_page(number)
    titles: dict[str, str] = {}
    if regrade.version is not None:
        titles = dict(regrade.version.groups.values_list("slug", "title"))
    changes = [Change(item, _groups(item, titles)) for item in page.object_list]
    minutes = _minutes(regrade, preview.waiting) if preview.waiting else None
    return RegradePage(preview, changes, page, minutes)


def _groups(item: RegradeItem, titles: dict[str, str]) -> list[GroupChange]:
    """Wants the submission's gradings, the newest first, with their results."""
    gradings = list(item.submission.gradings.all())
    before = next((one for one in gradings if item.grading_id is None or one.pk < item.grading_id), None)
    then: dict[str, tuple[str, str]] = {}
    for one in before.group_results.all() if before else ():
        then[one.group.slug] = (one.group.title, one.verdict)
    now: dict[str, str] = {}
    if item.report is not None:
        now = {one["slug"]: one["result"]["verdict"] for one in item.report["groups"]}
    else:
        kept = next((one for one in gradings if one.pk == item.grading_id), None)
        now = {one.group.slug: one.verdict for one in kept.group_results.all()} if kept else {}
    found = []
    for slug in [*now, *(gone for gone in then if gone not in now)]:
        title, verdict = then.get(slug, (titles.get(slug, slug), ""))
        if verdict != now.get(slug, ""):
            found.append(GroupChange(titles.get(slug, title), _word(verdict), _word(now.get(slug, ""))))
    return found


def _word(verdict: str) -> str:
    return str(Verdict(verdict).label) if verdict else "—"


def _minutes(regrade: Regrade, waiting: int) -> int | None:
    """From the newest twenty gradings of the exercise. 1 query."""
    recent = Grading.objects.filter(submission__exercise=regrade.exercise_id).order_by("-pk")
    took = list(recent.values_list("seconds", flat=True)[:20])
    places = max(1, health.recent().places // 2)
    return max(1, round(median(took) * waiting / places / 60)) if took else None
