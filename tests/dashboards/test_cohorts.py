"""The pages on which teachers keep their cohorts: names, codes, dates, deadlines, who gets in and how."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts.models import User
from dashboards.selectors.cohorts import cohort_list, cohort_page
from exercises.models import Exercise, ExerciseDeadline
from grading.models import Submission
from lessons.models import Cohort, Course, Deadline, Enrolment, Extension, Invitation, Role
from tests import factories
from tests.conftest import signed_in

TEACH = "/teach/curso/cohorts/"
FACTS = {"name": "Otoño", "code": "", "time_zone": "", "starts_at": "", "ends_at": ""}


@pytest.fixture
def cohort(course: Course) -> Cohort:
    return Cohort.objects.create(course=course, name="Verano", code="VERA-2222")


@pytest.fixture
def sara(course: Course, cohort: Cohort) -> User:
    """She assists this cohort alone."""
    person = factories.make_user("sara")
    place = Enrolment.objects.create(student=person, course=course, role=Role.ASSISTANT, whole_course=False)
    place.cohorts_taught.add(cohort)
    return person


def url(cohort: Cohort, page: str = "") -> str:
    return f"{TEACH}{cohort.pk}/{page}"


def text(answer) -> str:
    return answer.content.decode()


def test_the_group_page_leads_to_the_cohorts(as_carla: Client):
    assert f'href="{TEACH}"' in text(as_carla.get("/teach/curso/"))


def test_a_cohort_is_made_with_dates_on_its_own_clock(as_carla: Client):
    facts = FACTS | {
        "code": "otoño-26",
        "time_zone": "America/Lima",
        "starts_at": "2027-03-01T09:00",
        "ends_at": "2027-06-30T23:59",
    }
    refused = as_carla.post(f"{TEACH}new/", facts)
    assert (refused.status_code, "letras sin acento" in text(refused)) == (422, True)
    as_carla.post(f"{TEACH}new/", facts | {"code": "oto26"}, follow=True)
    assert not Cohort.objects.exists()  # five marks are too few
    page = text(as_carla.post(f"{TEACH}new/", facts | {"code": "otono-26"}, follow=True))
    made = Cohort.objects.get()
    assert (made.code, made.starts_at) == ("OTONO-26", datetime(2027, 3, 1, 14, tzinfo=UTC))
    assert "Lima" in page
    assert "/join/OTONO-26/" in page


def test_a_code_is_made_at_a_press_and_what_was_typed_stays(as_carla: Client):
    answer = as_carla.post(f"{TEACH}new/", FACTS | {"name": "A medias", "make_code": "1"})
    assert answer.status_code == 200
    assert 'value="A medias"' in text(answer)
    assert "field__error" not in text(answer)
    assert not Cohort.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "requerido"),
        ({"name": "verano".capitalize()}, "Otro grupo del curso se llama así"),
        ({"code": "vera-2222"}, "Ese código ya es de otro grupo"),
        ({"time_zone": "Marte"}, "no es"),
        ({"starts_at": "2027-03-28T02:30"}, "no hay 02:30 en Madrid"),
        ({"starts_at": "ayer"}, "Escribe fecha y hora"),
        ({"starts_at": "2027-03-02T00:00", "ends_at": "2027-03-01T00:00"}, "acabaría antes de empezar"),
    ],
)
def test_what_is_wrong_with_a_cohort_is_said_at_its_field_and_nothing_is_lost(wrong, said, as_carla, cohort):
    answer = as_carla.post(f"{TEACH}new/", FACTS | wrong)
    assert (answer.status_code, said in text(answer)) == (422, True)
    assert list(Cohort.objects.all()) == [cohort]


def test_editing_a_cohort_moves_no_deadline_whatever_its_zone(as_carla, course, cohort):
    due_at = datetime(2027, 3, 1, 22, 59, tzinfo=UTC)
    Deadline.objects.create(cohort=cohort, unit=course.units.get(), due_at=due_at)
    as_carla.post(url(cohort, "edit/"), FACTS | {"time_zone": "Asia/Tokyo", "code": "VERA-2222"})
    cohort.refresh_from_db()
    assert (cohort.name, cohort.time_zone) == ("Otoño", "Asia/Tokyo")
    assert Deadline.objects.get().due_at == due_at
    assert 'value="2027-03-02T07:59"' in text(as_carla.get(url(cohort, "deadlines/")))


def test_an_end_that_comes_twice_is_the_second_and_the_page_says_so(as_carla: Client, cohort: Cohort):
    facts = FACTS | {"ends_at": "2027-10-31T02:30"}
    page = text(as_carla.post(url(cohort, "edit/"), facts, follow=True))
    assert "son las 02:30 dos veces en Madrid; cuenta la segunda (01:30 UTC)" in page
    cohort.refresh_from_db()
    assert cohort.ends_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def field(course: Course) -> str:
    return f"unit-{course.units.get().pk}"


def test_deadlines_are_set_changed_and_taken_away(as_carla, course, cohort, exercise: Exercise):
    posted = {field(course): "2027-01-15T23:59", f"exercise-{exercise.pk}": "2027-01-10 12:00"}
    page = text(as_carla.post(url(cohort, "deadlines/"), posted, follow=True))
    assert "Plazos guardados." in page
    assert Deadline.objects.get().due_at == datetime(2027, 1, 15, 22, 59, tzinfo=UTC)
    assert ExerciseDeadline.objects.get().due_at == datetime(2027, 1, 10, 11, tzinfo=UTC)
    as_carla.post(url(cohort, "deadlines/"), {field(course): "", f"exercise-{exercise.pk}": ""})
    assert not Deadline.objects.exists()
    assert not ExerciseDeadline.objects.exists()


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2027-03-28T02:30", "La primera hora que sí existe es 03:00"),
        ("2027-07-01T00:00", "después de que acabe el grupo"),
        ("2026-12-31T00:00", "antes de que empiece el grupo"),
        ("pronto", "Escribe fecha y hora"),
    ],
)
def test_a_deadline_that_cannot_hold_is_refused_with_all_the_others(at, said, as_carla, course, cohort):
    Cohort.objects.update(
        starts_at=datetime(2027, 1, 1, tzinfo=UTC), ends_at=datetime(2027, 6, 30, tzinfo=UTC)
    )
    answer = as_carla.post(url(cohort, "deadlines/"), {field(course): at})
    assert (answer.status_code, said in text(answer)) == (422, True)
    assert "No se guardó nada" in text(answer)
    assert not Deadline.objects.exists()


def test_a_later_deadline_lets_count_what_came_late_and_says_how_much(
    as_carla, ana, course, cohort, exercise: Exercise
):
    Enrolment.objects.filter(student=ana).update(cohort=cohort)
    Deadline.objects.create(cohort=cohort, unit=course.units.get(), due_at=now() - timedelta(hours=2))
    assert factories.hand_in(ana, exercise).late
    posted = {field(course): f"{now() + timedelta(days=2):%Y-%m-%dT%H:%M}"}
    page = text(as_carla.post(url(cohort, "deadlines/"), posted, follow=True))
    assert "Cuenta 1 entrega que era tardía." in page
    assert not Submission.objects.get().late


def test_how_one_gets_in_is_chosen_on_the_page(as_carla: Client, course: Course):
    as_carla.post(f"{TEACH}joining/", {"joining": "code"})
    course.refresh_from_db()
    assert (course.joining, course.published) == ("code", False)
    as_carla.post(f"{TEACH}joining/", {"joining": "nada", "published": "1"})
    course.refresh_from_db()
    assert (course.joining, course.published) == ("code", False)


def test_an_assistant_sees_her_cohort_and_changes_nothing(sara: User, course: Course, cohort: Cohort):
    other = Cohort.objects.create(course=course, name="Otro")
    client = signed_in(sara)
    page = text(client.get(TEACH))
    assert "Verano" in page
    assert "Otro" not in page
    assert "Grupo nuevo" not in page
    assert client.get(url(other)).status_code == 404
    page = text(client.get(url(cohort)))
    assert "Añadir" not in page
    assert 'type="checkbox"' not in page
    assert "Guardar los plazos" not in text(client.get(url(cohort, "deadlines/")))
    for address in ("edit/", "invitations/"):
        assert client.get(url(cohort, address)).status_code == 404
    for address in (url(cohort, "deadlines/"), url(cohort, "people/"), f"{TEACH}new/", f"{TEACH}move/"):
        assert client.post(address, {}).status_code == 404, address


def test_an_instructor_of_some_cohorts_teaches_those_that_they_make(course: Course, cohort: Cohort):
    elsa = factories.make_user("elsa")
    Enrolment.objects.create(student=elsa, course=course, role=Role.INSTRUCTOR, whole_course=False)
    client = signed_in(elsa)
    assert client.get(url(cohort)).status_code == 404
    assert client.post(f"{TEACH}joining/", {"joining": "code"}).status_code == 404
    assert client.post(f"{TEACH}new/", FACTS, follow=True).status_code == 200
    assert "Otoño" in text(client.get(TEACH))


@pytest.mark.parametrize("students", [1, 30])
def test_the_pages_cost_the_same_queries_however_many_they_are(
    students, course, cohort, carla: User, django_assert_num_queries
):
    unit = course.units.get()
    for n in range(students):
        person = factories.make_user(f"e{n}")
        place = Enrolment.objects.create(student=person, course=course, cohort=cohort)
        Extension.objects.create(enrolment=place, unit=unit, until=now() + timedelta(days=1))
        Invitation.objects.create(
            cohort=cohort, email=f"i{n}@example.org", digest=str(n), expires_at=now() + timedelta(days=1)
        )
        Cohort.objects.create(course=course, name=f"Otro {n}")
    Deadline.objects.create(cohort=cohort, unit=unit, due_at=now() + timedelta(days=1))
    teaching = Enrolment.objects.select_related("course").get(student=carla)
    with django_assert_num_queries(1):
        found = {one.name: one for one in cohort_list(teaching=teaching, at=now())}
    assert (found["Verano"].students, found["Verano"].invited) == (students, students)
    assert found["Verano"].next_due is not None
    with django_assert_num_queries(6):
        page = cohort_page(teaching=teaching, cohort=cohort, number=1, at=now())
        names = [str(place.student) for place in page.page]
        extended = [f"{one.enrolment.student} {one.unit}" for one in page.extensions]
        due = [str(one.unit) for one in page.deadlines]
    assert (len(names), len(extended), len(due), page.invited) == (students, students, 1, students)
