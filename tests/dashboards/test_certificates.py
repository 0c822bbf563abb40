from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from lessons.models import Certificate, Cohort, Course, Enrolment, Role
from tests import factories
from tests.conftest import signed_in


@pytest.fixture
def hers(ana: User, course: Course) -> Certificate:
    course.certificate_rule = {"lessons": 1}
    course.save()
    facts = {"course": course.title, "shares": {"lessons": {"due": 1, "reached": 1, "done": 2, "total": 2}}}
    return Certificate.objects.create(
        student=ana, course=course, code="7QKD-M2XA-9TFW-4H3P", name="Ana", facts=facts
    )


@pytest.fixture
def page(ana: User, course: Course) -> str:
    return f"/teach/{course.slug}/students/{Enrolment.objects.get(student=ana).pk}/"


def test_an_instructor_revokes_it_with_a_reason(as_carla: Client, hers: Certificate, page: str):
    assert hers.code in as_carla.get(page).content.decode()
    url = f"{page}certificates/{hers.pk}/revoke/"
    refused = as_carla.post(url, {"reason": " \u200b "})
    assert refused.status_code == 422
    assert "Escribe el motivo" in refused.content.decode()
    long = as_carla.post(url, {"reason": "x" * 301})
    assert long.status_code == 422
    assert "x" * 301 in long.content.decode()
    hers.refresh_from_db()
    assert hers.revoked_at is None

    answer = as_carla.post(url, {"reason": "El código no era suyo."}, follow=True)
    assert "Certificado revocado" in answer.content.decode()
    hers.refresh_from_db()
    assert hers.revoked_because == "El código no era suyo."


def test_an_instructor_gives_another_in_its_place(as_carla: Client, ana: User, hers: Certificate, page: str):
    User.objects.filter(pk=ana.pk).update(name="Ana Gil")
    answer = as_carla.post(f"{page}certificates/{hers.pk}/reissue/", follow=True)
    assert "a nombre de Ana Gil" in answer.content.decode()
    assert Certificate.objects.get(student=ana, revoked_at__isnull=True).name == "Ana Gil"
    again = as_carla.post(f"{page}certificates/{hers.pk}/reissue/", follow=True)
    assert "Ya tiene otro certificado válido" in again.content.decode()
    assert Certificate.objects.count() == 2


def test_who_is_near_one_is_shown_how_near(as_carla: Client, ana: User, course: Course, page: str):
    course.certificate_rule = {"lessons": 1}
    course.save()
    assert "te faltan 2 lecciones" in as_carla.get(page).content.decode()


def test_an_assistant_sees_it_and_revokes_nothing(hers: Certificate, course: Course, page: str):
    sara = factories.make_user("sara")
    factories.enrol(sara, course, Role.ASSISTANT)
    client = signed_in(sara)
    shown = client.get(page).content.decode()
    assert hers.code in shown
    assert "Revocar" not in shown
    assert client.post(f"{page}certificates/{hers.pk}/revoke/", {"reason": "x"}).status_code == 404
    assert client.post(f"{page}certificates/{hers.pk}/reissue/").status_code == 404


def test_a_certificate_of_another_course_or_student_is_out_of_reach(
    as_carla: Client, ana: User, hers: Certificate, course: Course, page: str
):
    other = factories.make_course("otro")
    foreign = Certificate.objects.create(student=ana, course=other, code="X", name="Ana")
    assert as_carla.post(f"{page}certificates/{foreign.pk}/revoke/", {"reason": "x"}).status_code == 404
    eva = factories.enrol(factories.make_user("eva"), course)
    elsewhere = f"/teach/{course.slug}/students/{eva.pk}/certificates/{hers.pk}/revoke/"
    assert as_carla.post(elsewhere, {"reason": "x"}).status_code == 404
    hers.refresh_from_db()
    assert hers.revoked_at is None


def test_an_instructor_of_one_cohort_cannot_revoke_in_another(hers: Certificate, course: Course, page: str):
    teacher = factories.enrol(factories.make_user("leo"), course, Role.INSTRUCTOR)
    Enrolment.objects.filter(pk=teacher.pk).update(whole_course=False)
    Cohort.objects.create(course=course, name="Suya").teachers.add(teacher)
    answer = signed_in(teacher.student).post(f"{page}certificates/{hers.pk}/revoke/", {"reason": "x"})
    assert answer.status_code == 404
