"""The numbers of a group for the programs of those who teach."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.paging import ByCursor
from accounts.api.people import person_of
from accounts.api.problems import problems
from accounts.models import Scope
from lessons.models import Course, Role
from lessons.selectors import teaching_of
from lessons.selectors.people import cohorts_of

from .selectors.grades import graded_students, grades


class GradesOfOneSerializer(serializers.Serializer[Any]):
    """A student; `numbers` has a member for each of `columns`, from 0 to 100 or null."""

    name = serializers.CharField(allow_blank=True)
    email = serializers.EmailField()
    cohort = serializers.CharField(allow_blank=True)
    numbers = serializers.DictField(child=serializers.FloatField(allow_null=True))


class GradesSerializer(serializers.Serializer[Any]):
    """A page of the table: `columns` names the numbers of each row of `results`."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    columns = serializers.ListField(child=serializers.CharField())
    results = GradesOfOneSerializer(many=True)


class ByJoining(ByCursor):
    """Who came first, first: a class that grows grows at its end."""

    ordering = ("pk",)


class Grades(APIView):
    """The grades of the students whom the person teaches; instructors only."""

    scope = Scope.TEACH

    @extend_schema(
        operation_id="grades",
        parameters=[
            OpenApiParameter("cohort", int, description="only this cohort, by its id"),
            OpenApiParameter(ByJoining.cursor_query_param, str, description="from `next` or `previous`"),
            OpenApiParameter("page_size", int, description="students a page, at most 200"),
        ],
        responses={200: GradesSerializer, **problems()},
    )
    def get(self, request: Request, course: str) -> Response:
        """Mastery by unit and best score by exercise, a row a student."""
        found = get_object_or_404(Course, slug=course)
        teaching = teaching_of(teacher=person_of(request), course=found)
        if teaching is None or teaching.role != Role.INSTRUCTOR:
            raise Http404
        teaching.course = found
        cohort = None
        if wanted := request.query_params.get("cohort", ""):
            if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
                raise Http404
            cohort = get_object_or_404(cohorts_of(teaching), pk=int(wanted))
        pages = ByJoining()
        enrolments = pages.paginate_queryset(
            graded_students(teaching=teaching, cohort=cohort), request, view=self
        )
        table = grades(teaching=teaching, enrolments=enrolments or [])
        results = [
            {
                "name": row[0],
                "email": row[1],
                "cohort": row[2],
                "numbers": dict(zip(table.head, row[3:], strict=True)),
            }
            for row in table.rows
        ]
        links = {"next": pages.get_next_link(), "previous": pages.get_previous_link()}
        return Response(links | {"columns": table.head, "results": results})
