"""One submission as a teacher reads it, and on to the next who is stuck."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from exercises.models import Exercise
from grading.models import Comment, Kind, Submission
from lessons.models import Cohort, Course, Enrolment, Role
from tests import factories
from tests.conftest import signed_in
from tests.grading.views.conftest import grade

from .test_group import graded

TEACH = "/teach/curso/"


def review(submission: Submission, rest: str = "") -> str:
    return f"{TEACH}review/{submission.pk}/{rest}"


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def stuck(course: Course, exercise: Exercise) -> list[Submission]:
    """Three students, the first with most failures; the newest submission of each."""
    newest = []
    for place, failures in enumerate((5, 4, 3)):
        person = factories.make_user(f"s{place}")
        factories.enrol(person, course)
        newest.append([graded(person, exercise) for _try in range(failures)][-1])
    return newest


def test_source_verdict_and_whose_it_is_stand_on_one_page(as_carla: Client, ana: User, exercise: Exercise):
    handed_in = grade(factories.hand_in(ana, exercise), 50, azar={"verdict": "wrong", "hint": "dobla"})
    shown = page(as_carla, review(handed_in))
    assert "Entrega 1 de 1 de Ana" in shown
    assert "return 2 * x" in shown
    assert "Multiplica por dos." in shown
    assert f"students/{Enrolment.objects.get(student=ana).pk}/" in shown
    assert "/cancel/" not in shown


def test_the_attempts_lead_from_one_to_the_other_and_their_changes_show(
    as_carla: Client, ana: User, exercise: Exercise
):
    first = grade(factories.hand_in(ana, exercise, "def doble(x):\n    return x\n"), 0)
    second = grade(factories.hand_in(ana, exercise, "def doble(x):\n    return x + x\n"), 100)
    shown = page(as_carla, review(second))
    assert review(first) in shown
    assert "Cambios desde la entrega 1" in shown
    changes = page(as_carla, review(second, "?changes=1"))
    assert 'diff__removed"><code> return x</code>' in changes
    assert 'diff__added"><code> return x + x</code>' in changes
    assert "Cambios desde" not in page(as_carla, review(first))


def test_from_one_who_is_stuck_to_the_next_and_back(as_carla: Client, stuck: list[Submission]):
    second = page(as_carla, review(stuck[1], "?only=stuck"))
    assert "2 de 3" in second
    assert f'href="{review(stuck[0], "?only=stuck")}" rel="prev"' in second
    assert f'href="{review(stuck[2], "?only=stuck")}" rel="next"' in second
    assert 'rel="next"' not in page(as_carla, review(stuck[2], "?only=stuck"))
    assert "de 3</span>" not in page(as_carla, review(stuck[1]))
    first = page(as_carla, f"{TEACH}?only=stuck")
    assert review(stuck[0], "?only=stuck") in first


def test_a_comment_stays_on_the_page_or_leads_on(as_carla: Client, stuck: list[Submission]):
    form = {"text": "Mira `x`.", "line": "1"}
    stays = as_carla.post(review(stuck[0], "comments/?only=stuck"), form)
    made = Comment.objects.get()
    assert stays.url == f"{review(stuck[0], '?only=stuck')}#comentario-{made.pk}"
    onward = as_carla.post(review(stuck[0], "comments/?only=stuck"), {"text": "Sigue.", "next": "1"})
    assert onward.url == review(stuck[1], "?only=stuck")
    last = as_carla.post(review(stuck[2], "comments/?only=stuck"), {"text": "Fin.", "next": "1"})
    assert last.url.startswith(review(stuck[2]))
    assert "Enviar y siguiente" in page(as_carla, review(stuck[0], "?only=stuck"))
    assert "Enviar y siguiente" not in page(as_carla, review(stuck[0]))


def test_a_refused_comment_keeps_its_text_and_every_link_still_leads_somewhere(
    as_carla: Client, stuck: list[Submission]
):
    answer = as_carla.post(review(stuck[0], "comments/?only=stuck"), {"text": "Se queda.", "line": "99"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Se queda.</textarea>" in shown
    assert f'href="{review(stuck[0], "?only=stuck&amp;line=1")}#comentar"' in shown
    plain = as_carla.post(f"/submissions/{stuck[0].pk}/comments/", {"text": ""}).content.decode()
    assert f'href="/submissions/{stuck[0].pk}/?line=1#comentar"' in plain


def test_a_run_is_reviewed_beside_the_hand_in_before_it(as_carla: Client, ana: User, exercise: Exercise):
    grade(factories.hand_in(ana, exercise), 50)
    run = grade(factories.hand_in(ana, exercise, kind=Kind.RUN), 50)
    shown = page(as_carla, review(run, "?changes=1"))
    assert "Prueba de Ana" in shown
    assert "El código es el mismo." in shown


def test_only_who_teaches_the_student_in_this_course_reviews(
    as_carla: Client, as_ana: Client, dario: Client, ana: User, course: Course, exercise: Exercise
):
    hers = grade(factories.hand_in(ana, exercise), 50)
    sara = factories.make_user("sara")
    place = Enrolment.objects.create(student=sara, course=course, role=Role.ASSISTANT, whole_course=False)
    for address in (review(hers), review(hers, "?changes=1")):
        assert as_ana.get(address).status_code == 404
        assert dario.get(address).status_code == 302
        assert signed_in(sara).get(address).status_code == 404
    assert signed_in(sara).post(review(hers, "comments/"), {"text": "Hola"}).status_code == 404
    cohort = Cohort.objects.create(course=course, name="A")
    cohort.teachers.add(place)
    Enrolment.objects.filter(student=ana).update(cohort=cohort)
    assert signed_in(sara).get(review(hers)).status_code == 200
    other = factories.make_course("otro")
    factories.enrol(User.objects.get(email="carla@example.org"), other, Role.INSTRUCTOR)
    assert as_carla.get(f"/teach/otro/review/{hers.pk}/").status_code == 404
    assert as_carla.get(f"{TEACH}review/{uuid4()}/").status_code == 404
    assert as_carla.get(review(factories.hand_in(sara, exercise))).status_code == 404, (
        "staff are not graded here"
    )


@pytest.mark.parametrize("attempts", [1, 15])
def test_the_page_costs_the_same_however_many_attempts(
    attempts: int, as_carla: Client, ana: User, exercise: Exercise, django_assert_max_num_queries
):
    for _try in range(attempts):
        last = graded(ana, exercise)
    with django_assert_max_num_queries(26):
        page(as_carla, review(last, "?only=stuck&changes=1"))
