"""Into a course by a click or a code, out of it, and back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.timezone import now

from accounts.models import User
from lessons.cohort_codes import clean_code, new_code
from lessons.models import Answer, Cohort, Course, Enrolment, Joining, Role
from lessons.services import leave
from lessons.services.enrolling import LastInstructor
from tests import factories
from tests.conftest import signed_in

from .conftest import read


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def cohort(course: Course) -> Cohort:
    return Cohort.objects.create(course=course, name="Otoño", code="ABCD-2345")


def by(course: Course, joining: Joining, **fields: object) -> str:
    Course.objects.filter(pk=course.pk).update(joining=joining, **fields)
    return course.get_absolute_url()


def place_of(person: User) -> Enrolment | None:
    return Enrolment.objects.select_related("cohort").filter(student=person).first()


def enrol(client: Client, course: Course):
    return client.post(f"/courses/{course.slug}/enrol/")


def test_an_open_course_takes_one_click(as_bruno: Client, bruno: User, course: Course):
    assert "Apuntarme al curso" in as_bruno.get(course.get_absolute_url()).content.decode()
    enrol(as_bruno, course)
    assert place_of(bruno).cohort is None


@pytest.mark.parametrize("joining", [Joining.CODE, Joining.INVITATION])
def test_one_click_does_not_get_into_a_course_that_asks_for_more(joining, as_bruno, bruno, course: Course):
    url = by(course, joining)
    answer = as_bruno.post(f"{url}enrol/", follow=True)
    assert "Aquí dice cómo" in answer.content.decode()
    assert place_of(bruno) is None


def test_the_course_page_says_how_one_gets_in(as_bruno: Client, course: Course):
    page = as_bruno.get(by(course, Joining.CODE)).content.decode()
    assert "Código de tu grupo" in page
    assert "Apuntarme" not in page
    page = as_bruno.get(by(course, Joining.INVITATION)).content.decode()
    assert "A este curso se entra por invitación" in page


@pytest.mark.parametrize("typed", ["ABCD-2345", " abcd-2345 ", "abcd – 2345"])
def test_a_code_puts_its_student_into_the_cohort(typed, as_bruno, bruno, course: Course, cohort: Cohort):
    by(course, Joining.CODE)
    answer = as_bruno.post("/join/", {"code": typed, "course": course.slug}, follow=True)
    assert "Ya estás en el grupo «Otoño»." in answer.content.decode()
    assert place_of(bruno).cohort == cohort


def test_the_shared_address_shows_what_it_opens_before_it_is_used(as_bruno, bruno, cohort: Cohort):
    page = as_bruno.get("/join/abcd-2345/").content.decode()
    assert "Grupo «Otoño»" in page
    assert place_of(bruno) is None


def test_a_stranger_with_the_address_comes_back_to_it_after_signing_up(dario: Client, cohort: Cohort):
    page = dario.get("/join/ABCD-2345/").content.decode()
    assert "/accounts/signup/?next=/join/ABCD-2345/" in page
    answer = dario.post("/join/", {"code": "abcd-2345"})
    assert answer.headers["Location"] == "/accounts/login/?next=/join/ABCD-2345/"


@pytest.mark.parametrize(
    "code", ["NADA-9999", "", "a", "x" * 400, "ABCD\x002345", "ABCD-2345'--", "ßßßß-ßßßß"]
)
def test_a_wrong_code_is_told_kindly_and_stays_in_the_field(code, as_bruno, bruno, cohort: Cohort):
    answer = as_bruno.post("/join/", {"code": code})
    assert answer.status_code == 422
    assert "Ningún grupo tiene ese código" in answer.content.decode()
    assert place_of(bruno) is None


def test_guessing_codes_ends_after_thirty_and_knowing_one_costs_nothing(as_bruno, bruno, cohort: Cohort):
    for _try in range(32):
        assert as_bruno.get("/join/ABCD-2345/").status_code == 200
    answers = [as_bruno.get(f"/join/NADA-{n}000/").status_code for n in range(32)]
    assert answers == [422] * 30 + [429] * 2
    assert as_bruno.post("/join/", {"code": "ABCD-2345"}).status_code == 429
    assert place_of(bruno) is None


def test_the_code_of_another_course_is_shown_before_it_is_used(as_bruno, bruno, course, cohort: Cohort):
    other = factories.make_course("otro")
    answer = as_bruno.post("/join/", {"code": cohort.code, "course": other.slug})
    assert answer.headers["Location"] == "/join/ABCD-2345/"
    assert place_of(bruno) is None


@pytest.mark.parametrize("hidden", [{"joining": Joining.INVITATION}, {"published": False}])
def test_no_code_opens_a_course_by_invitation_or_an_unpublished_one(hidden, as_bruno, course, cohort: Cohort):
    Course.objects.filter(pk=course.pk).update(**hidden)
    assert as_bruno.get("/join/ABCD-2345/").status_code == 422


def test_a_cohort_that_has_ended_takes_nobody_in_and_says_so(as_bruno, bruno, cohort: Cohort):
    Cohort.objects.update(ends_at=now() - timedelta(days=1))
    assert "ya terminó" in as_bruno.get("/join/ABCD-2345/").content.decode()
    page = as_bruno.post("/join/", {"code": "ABCD-2345"}, follow=True).content.decode()
    assert "ya terminó" in page
    assert place_of(bruno) is None


def test_a_student_does_not_change_cohorts_by_a_code(as_ana, ana, course, cohort: Cohort):
    first = Cohort.objects.create(course=course, name="Verano")
    Enrolment.objects.filter(student=ana).update(cohort=first)
    page = as_ana.post("/join/", {"code": cohort.code}, follow=True).content.decode()
    assert "Ya estás en el grupo «Verano». Para cambiar de grupo, escribe a tu docente." in page
    assert place_of(ana).cohort == first


def test_a_student_without_a_cohort_gets_into_one_by_its_code(as_ana, ana, cohort: Cohort):
    as_ana.post("/join/", {"code": cohort.code})
    assert place_of(ana).cohort == cohort


def test_a_code_changes_nothing_for_those_who_teach(as_carla, carla, cohort: Cohort):
    as_carla.post("/join/", {"code": cohort.code})
    place = place_of(carla)
    assert (place.role, place.cohort) == (Role.INSTRUCTOR, None)


def test_leaving_is_asked_once_and_coming_back_loses_nothing(as_ana, ana, course, lesson, quiz, cohort):
    Enrolment.objects.filter(student=ana).update(cohort=cohort)
    read(ana, lesson, marked=True)
    as_ana.post(f"{lesson.get_absolute_url()}questions/una-single/", {"choice": "b"})
    by(course, Joining.CODE)

    assert "No se borra nada" in as_ana.get(f"/courses/{course.slug}/leave/").content.decode()
    assert place_of(ana) is not None
    page = as_ana.post(f"/courses/{course.slug}/leave/", follow=True).content.decode()
    assert "Has dejado el curso" in page
    assert "Volver al curso" in page
    assert place_of(ana) is None
    assert as_ana.get(f"/courses/{course.slug}/progress/").status_code == 404

    enrol(as_ana, course)
    assert place_of(ana).cohort == cohort
    assert Answer.objects.filter(student=ana, correct=True).exists()
    assert "1 de 2 lecciones" not in as_ana.get(f"/courses/{course.slug}/leave/").content.decode()
    assert as_ana.get(f"/courses/{course.slug}/progress/").status_code == 200


def test_who_comes_back_after_their_cohort_has_ended_needs_a_new_code(as_ana, ana, course, cohort: Cohort):
    Enrolment.objects.filter(student=ana).update(cohort=cohort, left_at=now())
    Cohort.objects.update(ends_at=now() - timedelta(days=1))
    by(course, Joining.CODE)
    assert enrol(as_ana, course).status_code == 302
    assert place_of(ana) is None
    spring = Cohort.objects.create(course=course, name="Primavera", code="PRIM-2222")
    as_ana.post("/join/", {"code": "prim-2222"})
    assert place_of(ana).cohort == spring


def test_an_open_course_takes_back_who_left_an_ended_cohort_without_it(as_ana, ana, course, cohort: Cohort):
    Enrolment.objects.filter(student=ana).update(cohort=cohort, left_at=now())
    Cohort.objects.update(ends_at=now() - timedelta(days=1))
    enrol(as_ana, course)
    assert place_of(ana).cohort is None


def test_who_left_a_cohort_that_goes_on_comes_back_to_it_by_whatever_code(as_ana, ana, course, cohort):
    other = Cohort.objects.create(course=course, name="Verano", code="VERA-2222")
    Enrolment.objects.filter(student=ana).update(cohort=cohort, left_at=now())
    page = as_ana.post("/join/", {"code": other.code}, follow=True).content.decode()
    assert "Ya estás en el grupo «Otoño»." in page
    assert place_of(ana).cohort == cohort


def test_the_last_instructor_stays(as_carla, carla, course: Course):
    answer = as_carla.post(f"/courses/{course.slug}/leave/")
    assert answer.status_code == 409
    assert "Solo tú llevas este curso" in answer.content.decode()
    with pytest.raises(LastInstructor):
        leave(student=carla, course=course)
    factories.enrol(factories.make_user("otra"), course, Role.INSTRUCTOR)
    leave(student=carla, course=course)
    assert place_of(carla) is None


def test_an_unpublished_course_exists_only_for_those_who_teach_it(
    dario, as_ana, as_carla, course: Course, exercise, lesson
):
    url = by(course, Joining.OPEN, published=False)
    pages = [url, f"{url}units/1/", lesson.get_absolute_url()]
    for address in [*pages, f"{url}progress/", f"{url}review/", exercise.get_absolute_url()]:
        assert as_ana.get(address).status_code == 404, address
        assert as_carla.get(address).status_code == 200, address
    for address in pages:
        assert dario.get(address).status_code == 404, address
    assert as_ana.post(f"{url}enrol/").status_code == 404
    assert "Curso de prueba" not in as_ana.get("/").content.decode()
    assert "Curso de prueba" not in dario.get("/").content.decode()
    assert "Curso de prueba" in as_carla.get("/").content.decode()
    assert "Sin publicar" in as_carla.get(url).content.decode()
    assert as_ana.get("/api/v1/courses/").json()["results"] == []
    assert len(as_carla.get("/api/v1/courses/").json()["results"]) == 1


def test_codes_that_are_made_are_well_formed_and_unlike_each_other():
    made = {new_code() for _ in range(200)}
    assert len(made) == 200
    assert all(clean_code(code.lower()) == code for code in made)


def test_leaving_twice_is_leaving(ana: User, course: Course):
    leave(student=ana, course=course)
    leave(student=ana, course=course)
    assert signed_in(ana).get(f"/courses/{course.slug}/leave/").status_code == 404
