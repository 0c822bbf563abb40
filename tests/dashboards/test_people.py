"""Putting people into cohorts, moving them, changing their role, giving them more time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils.timezone import now

from accounts.models import Notification, User
from exercises.models import Exercise
from grading.models import Submission
from lessons.models import Cohort, Course, Deadline, Enrolment, Extension, Invitation, Role
from lessons.services import inviting
from tests import factories
from tests.conftest import signed_in

TEACH = "/teach/curso/"


@pytest.fixture
def cohort(course: Course) -> Cohort:
    return Cohort.objects.create(course=course, name="Otoño")


@pytest.fixture
def place(ana: User, cohort: Cohort) -> Enrolment:
    Enrolment.objects.filter(student=ana).update(cohort=cohort)
    return Enrolment.objects.get(student=ana)


def add(client: Client, cohort: Cohort, email: str, role: str = "student") -> str:
    answer = client.post(f"{TEACH}cohorts/{cohort.pk}/people/", {"email": email, "role": role}, follow=True)
    return answer.content.decode()


def test_who_has_an_account_gets_in_at_once_and_is_told(
    as_carla, bruno: User, cohort, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        assert "ya tiene sitio en el grupo" in add(as_carla, cohort, "Bruno@Example.org")
    assert Enrolment.objects.get(student=bruno).cohort == cohort
    (message,) = mail.outbox
    assert message.to == [bruno.email]
    assert "Carla te ha dado sitio en el grupo «Otoño»" in message.body
    assert "/courses/curso/leave/" in message.body


def test_who_has_none_is_invited(as_carla: Client, cohort: Cohort):
    assert "tiene una invitación por correo" in add(as_carla, cohort, "eva@example.org", "assistant")
    inviting.mail_waiting()
    assert "como ayudante" in mail.outbox[0].body
    assert Invitation.objects.get().role == Role.ASSISTANT


def test_an_account_whose_address_was_never_confirmed_is_invited_not_enrolled(as_carla, bruno, cohort):
    bruno.emailaddress_set.update(verified=False)
    add(as_carla, cohort, bruno.email)
    assert not Enrolment.objects.filter(student=bruno).exists()
    assert Invitation.objects.count() == 1


def test_what_is_no_address_adds_nobody(as_carla: Client, cohort: Cohort):
    assert "No es una dirección de correo" in add(as_carla, cohort, "bruno")
    assert Enrolment.objects.count() == 1


def test_a_student_of_another_cohort_is_moved_from_there_not_added_here(as_carla, place, course):
    other = Cohort.objects.create(course=course, name="Otro")
    assert "está en el grupo «Otoño»" in add(as_carla, other, "ana@example.org")
    place.refresh_from_db()
    assert place.cohort.name == "Otoño"


def test_those_ticked_change_cohorts_and_what_came_late_may_count_there(
    as_carla, ana, place, course: Course, exercise: Exercise, cohort
):
    Deadline.objects.create(cohort=cohort, unit=course.units.get(), due_at=now() - timedelta(hours=1))
    assert factories.hand_in(ana, exercise).late
    other = Cohort.objects.create(course=course, name="Otro")
    answer = as_carla.post(
        f"{TEACH}cohorts/move/", {"student": [place.pk], "cohort": other.pk, "from": cohort.pk}, follow=True
    )
    assert "1 estudiante ha cambiado de grupo." in answer.content.decode()
    place.refresh_from_db()
    assert place.cohort == other
    assert not Submission.objects.get().late


def test_students_without_a_cohort_are_found_and_put_into_one(as_carla: Client, ana: User, cohort: Cohort):
    assert "1 estudiante sin grupo" in as_carla.get(f"{TEACH}cohorts/").content.decode()
    page = as_carla.get(f"{TEACH}cohorts/unplaced/").content.decode()
    assert "ana@example.org" in page
    place = Enrolment.objects.get(student=ana)
    as_carla.post(f"{TEACH}cohorts/move/", {"student": [place.pk], "cohort": cohort.pk})
    assert "ana@example.org" not in as_carla.get(f"{TEACH}cohorts/unplaced/").content.decode()
    as_carla.post(f"{TEACH}cohorts/move/", {"student": [place.pk], "cohort": "", "from": cohort.pk})
    place.refresh_from_db()
    assert place.cohort is None


@pytest.mark.parametrize("posted", [{}, {"student": ["x", "9" * 30, "-1"]}, {"student": ["999999"]}])
def test_ticking_nobody_moves_nobody(posted, as_carla: Client, place, cohort: Cohort):
    answer = as_carla.post(f"{TEACH}cohorts/move/", posted | {"cohort": cohort.pk}, follow=True)
    assert "No has marcado a nadie." in answer.content.decode()


def test_an_instructor_of_one_cohort_moves_nobody_out_of_sight(course: Course, place, cohort: Cohort):
    elsa = factories.make_user("elsa")
    hers = Enrolment.objects.create(student=elsa, course=course, role=Role.INSTRUCTOR, whole_course=False)
    hers.cohorts_taught.add(cohort)
    foreign = Cohort.objects.create(course=course, name="Otro")
    client = signed_in(elsa)
    for target in (foreign.pk, ""):
        posted = {"student": [place.pk], "cohort": target}
        assert client.post(f"{TEACH}cohorts/move/", posted).status_code == 404
    place.refresh_from_db()
    assert place.cohort == cohort


def test_a_student_becomes_an_assistant_of_their_cohort_and_a_student_again(as_carla, ana, place, cohort):
    as_carla.post(f"{TEACH}people/{place.pk}/role/", {"role": "assistant"})
    place.refresh_from_db()
    assert (place.role, place.whole_course, list(place.cohorts_taught.all())) == (
        "assistant",
        False,
        [cohort],
    )
    assert signed_in(ana).get(f"{TEACH}cohorts/{cohort.pk}/").status_code == 200
    as_carla.post(f"{TEACH}people/{place.pk}/role/", {"role": "student"})
    place.refresh_from_db()
    assert (place.role, place.cohort, place.cohorts_taught.count()) == ("student", cohort, 0)
    assert signed_in(ana).get(f"{TEACH}cohorts/{cohort.pk}/").status_code == 404


@pytest.mark.parametrize("role", ["instructor", "", "reina"])
def test_nobody_is_made_an_instructor_here_and_no_instructor_unmade(role, as_carla, carla, place):
    own = Enrolment.objects.get(student=carla)
    assert as_carla.post(f"{TEACH}people/{place.pk}/role/", {"role": role}).status_code == 404
    assert as_carla.post(f"{TEACH}people/{own.pk}/role/", {"role": "student"}).status_code == 404
    own.refresh_from_db()
    assert own.role == Role.INSTRUCTOR


@pytest.fixture
def due(place: Enrolment, course: Course, cohort: Cohort) -> Deadline:
    return Deadline.objects.create(
        cohort=cohort, unit=course.units.get(), due_at=datetime(2027, 1, 15, 22, 59, tzinfo=UTC)
    )


def extend(client: Client, place: Enrolment, until: str, reason: str = ""):
    posted = {"unit": place.course.units.get().pk, "until": until, "reason": reason}
    return client.post(f"{TEACH}students/{place.pk}/extensions/", posted, follow=True)


def test_an_extension_is_given_with_its_reason_and_its_student_is_told(as_carla, ana, place, due):
    page = extend(as_carla, place, "2027-01-20T23:59", "Enfermedad").content.decode()
    assert "Enfermedad" in page
    extension = Extension.objects.get()
    assert extension.until == datetime(2027, 1, 20, 22, 59, tzinfo=UTC)
    assert str(extension.granted_by) == "Carla"
    assert Notification.objects.get(person=ana).facts["what"] == "1. Uno"
    assert (
        "con prórroga" not in as_carla.get(f"{TEACH}students/{place.pk}/").content.decode()
    )  # nothing to do


def test_a_new_extension_takes_the_place_of_the_old(as_carla, place, due):
    extend(as_carla, place, "2027-01-20T23:59")
    extend(as_carla, place, "2027-01-18T23:59")
    assert Extension.objects.get().until == datetime(2027, 1, 18, 22, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2027-01-15T23:59", "No alarga nada"),
        ("2027-03-28T02:30", "no hay 02:30 en Madrid"),
        ("", "requerido"),
        ("luego", "Escribe fecha y hora"),
    ],
)
def test_an_extension_that_gives_nothing_is_refused_and_the_old_one_stays(until, said, as_carla, place, due):
    extend(as_carla, place, "2027-01-20T23:59")
    answer = extend(as_carla, place, until, "Enfermedad")
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert 'value="Enfermedad"' in answer.content.decode()
    assert Extension.objects.get().until == datetime(2027, 1, 20, 22, 59, tzinfo=UTC)


def test_there_is_nothing_to_extend_without_a_deadline(as_carla, place):
    answer = extend(as_carla, place, "2027-01-20T23:59")
    assert "no hay nada que alargar" in answer.content.decode()


def test_an_extension_given_afterwards_says_what_counts_by_it(as_carla, ana, place, due, exercise: Exercise):
    Deadline.objects.update(due_at=now() - timedelta(hours=3))
    assert factories.hand_in(ana, exercise).late
    page = extend(as_carla, place, f"{now() + timedelta(days=1):%Y-%m-%dT%H:%M}").content.decode()
    assert "Cuenta 1 entrega que era tardía." in page
    assert not Submission.objects.get().late


def test_an_extension_is_withdrawn(as_carla, place, due):
    extend(as_carla, place, "2027-01-20T23:59")
    page = as_carla.post(f"{TEACH}extensions/{Extension.objects.get().pk}/end/", follow=True).content.decode()
    assert "Prórroga retirada" in page
    assert not Extension.objects.exists()


def test_who_is_in_no_cohort_is_first_put_into_one(as_carla: Client, ana: User):
    place = Enrolment.objects.get(student=ana)
    page = as_carla.get(f"{TEACH}students/{place.pk}/extensions/").content.decode()
    assert "No está en ningún grupo" in page
    assert "Dar la prórroga" not in page
