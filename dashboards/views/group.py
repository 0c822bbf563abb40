"""The group, one student, and their numbers as files."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from dashboards.access import for_instructors, for_staff
from dashboards.exports import as_csv, as_xlsx
from dashboards.selectors.grades import graded_students, grades
from dashboards.selectors.group import group_page
from dashboards.selectors.roster import plain
from dashboards.selectors.student import student_page
from lessons.certificate_words import missing
from lessons.models import Enrolment
from lessons.selectors import taught_by
from lessons.selectors.people import STAFF

from .choosing import cohort_of, wanted_by

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@login_required
def courses(request: HttpRequest) -> HttpResponse:
    """The courses that the reader teaches; straight to it where it is one. 404 to whoever teaches none."""
    person = request.user
    if not isinstance(person, User):
        raise Http404
    teaching = Enrolment.objects.filter(student=person, role__in=STAFF).select_related("course")
    found = list(teaching.order_by("course__title"))
    if not found:
        raise Http404
    if len(found) == 1:
        return redirect("dashboards:group", found[0].course.slug)
    return render(request, "dashboards/courses.html", {"teaching": found})


@require_safe
@for_staff
def group(request: HttpRequest, teaching: Enrolment) -> HttpResponse:
    """Students × units, who needs help first; with `unit`, × its lessons and exercises."""
    wanted = wanted_by(request, teaching)
    context = {
        "course": teaching.course,
        "teaching": teaching,
        "wanted": wanted,
        "group": group_page(teaching=teaching, wanted=wanted, at=now()),
    }
    return render(request, "dashboards/group.html", context)


@require_safe
@for_staff
def student(request: HttpRequest, teaching: Enrolment, enrolment: int) -> HttpResponse:
    """One student's progress and submissions; 404 for those whom the reader does not teach."""
    students = taught_by(teaching).select_related("student", "course", "cohort")
    found = get_object_or_404(students, pk=enrolment)
    return show_student(request, teaching, found)


def show_student(
    request: HttpRequest, teaching: Enrolment, student: Enrolment, *, problem: str = "", typed: str = ""
) -> HttpResponse:
    """The student's page; 422 with what is wrong with the reason why a certificate was to be revoked."""
    page = student_page(enrolment=student, at=now())
    context = {
        "course": teaching.course,
        "teaching": teaching,
        "page": page,
        "missing": missing(page.progress.certificate) if page.progress.certificate else "",
        "problem": problem,
        "typed": typed,
    }
    return render(request, "dashboards/student.html", context, status=422 if problem else 200)


@require_safe
@for_instructors
def export(request: HttpRequest, teaching: Enrolment, kind: str) -> HttpResponse:
    """The group's numbers as `csv` or `xlsx`."""
    students = graded_students(teaching=teaching, cohort=cohort_of(request, teaching))
    table = grades(teaching=teaching, enrolments=list(students))
    head = [_("nombre"), _("correo"), _("grupo"), *table.head]
    rows = sorted(table.rows, key=lambda row: plain(f"{row[0] or row[1]}"))
    name = f"{teaching.course.slug}-{localdate():%Y-%m-%d}.{kind}"
    if kind == "xlsx":
        response = HttpResponse(as_xlsx(head, rows), content_type=XLSX)
    else:
        response = HttpResponse(as_csv(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
