from __future__ import annotations

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts.models import User
from lessons.models import Certificate, Course, Enrolment
from lessons.services import certifying
from tests.conftest import signed_in


def test_one_button_issues_it_and_leads_to_a_page_that_anybody_can_read(
    as_ana: Client, dario: Client, earned: Course
):
    progress = as_ana.get(f"{earned.get_absolute_url()}progress/").content.decode()
    assert "Expedir mi certificado" in progress
    address = as_ana.post(f"{earned.get_absolute_url()}certificate/").headers["Location"]
    answer = dario.get(address)
    page = answer.content.decode()
    assert answer.status_code == 200
    for words in ("Ana", "Curso de prueba", "Válido", "1 de 1 lección", "se pedía el 100 %"):
        assert words in page
    assert "noindex" in page
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert "ana@example.org" not in page
    progress = as_ana.get(f"{earned.get_absolute_url()}progress/").content.decode()
    assert "Ver tu certificado" in progress


def test_two_clicks_issue_one(as_ana: Client, ana: User, earned: Course):
    url = f"{earned.get_absolute_url()}certificate/"
    assert as_ana.post(url).headers["Location"] == as_ana.post(url).headers["Location"]
    assert Certificate.objects.filter(student=ana).count() == 1


def test_without_a_name_in_the_profile_none_is_issued_and_the_page_says_where_to_write_it(
    ana: User, earned: Course
):
    User.objects.filter(pk=ana.pk).update(name="")
    client = signed_in(User.objects.get(pk=ana.pk))
    progress = client.get(f"{earned.get_absolute_url()}progress/").content.decode()
    assert "Escribir mi nombre" in progress
    assert "Expedir mi certificado" not in progress
    answer = client.post(f"{earned.get_absolute_url()}certificate/", follow=True)
    assert "tu perfil no tiene ninguno" in answer.content.decode()
    assert not Certificate.objects.exists()


def test_who_has_not_earned_it_gets_none_whatever_they_post(as_ana: Client, short: Course):
    answer = as_ana.post(f"{short.get_absolute_url()}certificate/", follow=True)
    assert "Todavía no cumples" in answer.content.decode()
    assert not Certificate.objects.exists()


def test_who_left_the_course_asks_in_vain_and_keeps_what_they_had(
    as_ana: Client, ana: User, hers: Certificate, dario: Client
):
    Enrolment.objects.filter(student=ana).update(left_at=now())
    assert as_ana.post(f"{hers.course.get_absolute_url()}certificate/").status_code == 404
    with pytest.raises(certifying.Refused):
        certifying.issue_certificate(student=ana, course=hers.course)
    assert "Válido" in dario.get(hers.get_absolute_url()).content.decode()


def test_it_says_what_was_true_that_day(hers: Certificate, ana: User, dario: Client):
    Course.objects.update(title="Otro título", certificate_rule={"lessons": 0.1})
    User.objects.filter(pk=ana.pk).update(name="Otra")
    page = dario.get(hers.get_absolute_url()).content.decode()
    assert "Curso de prueba" in page
    assert "Otro título" not in page
    assert "Ana" in page
    assert "se pedía el 100 %" in page


def test_a_program_reads_how_near_it_is_and_where_it_is(as_ana: Client, ana: User, earned: Course):
    url = f"/api/v1/courses/{earned.slug}/progress/"
    assert as_ana.get(url).json()["certificate"] == {"earned": True, "missing": "", "url": None}
    hers = certifying.issue_certificate(student=ana, course=earned)
    assert as_ana.get(url).json()["certificate"]["url"] == hers.get_absolute_url()
    Course.objects.update(certificate_rule={})
    assert as_ana.get(url).json()["certificate"] is None
