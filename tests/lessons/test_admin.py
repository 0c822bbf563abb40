from __future__ import annotations

from django.test import Client

from lessons.models import Cohort, Course, Enrolment
from tests import factories
from tests.conftest import signed_in


def test_an_operator_makes_a_cohort_and_puts_a_student_into_it(course: Course):
    operator = signed_in(factories.make_user("olga", is_staff=True, is_superuser=True))
    student = factories.enrol(factories.make_user("eva"), course)
    fields = {"course": course.pk, "name": "Tarde", "code": "", "time_zone": "", "teachers": []}
    assert operator.post("/admin/lessons/cohort/add/", fields).status_code == 302
    cohort = Cohort.objects.get(name="Tarde")
    fields = {"student": student.student_id, "course": course.pk, "role": "student", "cohort": cohort.pk}
    page = f"/admin/lessons/enrolment/{student.pk}/change/"
    answer = operator.post(page, fields | {"whole_course": "on", "left_at_0": "", "left_at_1": ""})
    assert answer.status_code == 302
    assert Enrolment.objects.get(pk=student.pk).cohort == cohort


def test_the_administration_is_for_operators(as_carla: Client):
    assert as_carla.get("/admin/lessons/cohort/").status_code == 302
