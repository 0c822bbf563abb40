"""The thread beneath a line: who may write, who hears, what is refused, and that text stays text."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Notification, User
from exercises.models import Exercise
from grading import services
from grading.models import Comment, Submission
from lessons.models import Cohort, Course, Enrolment, Role
from tests import factories
from tests.conftest import signed_in

from .conftest import grade

SOURCE = "a = 1\nb = 2\x0c\nc = 3\n"


@pytest.fixture
def submission(ana: User, exercise: Exercise) -> Submission:
    return grade(
        factories.hand_in(ana, exercise, source=SOURCE), 40, azar={"verdict": "wrong", "fraction": 0}
    )


@pytest.fixture
def url(submission: Submission) -> str:
    return f"/submissions/{submission.pk}/"


def say(client: Client, url: str, text: str, line: object = ""):
    return client.post(f"{url}comments/", {"text": text, "line": str(line)})


def page(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_a_teachers_comment_stands_under_its_line_and_its_student_hears_of_it_once(
    as_carla: Client, as_ana: Client, ana: User, url: str
):
    for _click in range(2):
        answer = say(as_carla, url, "Mira `b`.", 2)
    made = Comment.objects.get()
    assert answer.url == f"{url}#comentario-{made.pk}"
    line = page(as_ana, url).split('id="linea-2"')[1].split("</li>")[0]
    assert "Mira <code>b</code>." in line
    news = Notification.objects.get()
    assert news.person == ana
    assert news.facts == {"exercise": "El doble", "author": "Carla", "line": 2}
    assert news.url == answer.url


def test_a_student_answers_and_only_who_wrote_hears_of_it(
    as_carla: Client, as_ana: Client, carla: User, course: Course, url: str
):
    factories.enrol(factories.make_user("elsa"), course, Role.INSTRUCTOR)
    assert 'name="text"' not in page(as_ana, url)
    assert say(as_ana, url, "¿Hola?").status_code == 422
    say(as_carla, url, "¿Por qué?")
    assert 'name="text"' in page(as_ana, url)
    assert say(as_ana, url, "Por esto.", 1).status_code == 302
    assert [news.person for news in Notification.objects.filter(facts__author="Ana")] == [carla]


def test_who_teaches_the_student_no_more_hears_no_answer(
    as_carla: Client, as_ana: Client, carla: User, url: str
):
    say(as_carla, url, "¿Por qué?")
    Enrolment.objects.filter(student=carla).delete()
    say(as_ana, url, "Por esto.")
    assert not Notification.objects.filter(person=carla).exists()


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "`<img src=x onerror=alert(1)>`",
        '"><svg onload=alert(1)>',
        "[x](javascript:1)",
    ],
)
def test_a_comment_is_text_whatever_it_holds(as_carla: Client, url: str, hostile: str):
    say(as_carla, url, hostile, 1)
    shown = page(as_carla, url).split('class="comment__text">')[1].split("</p>")[0]
    rest = shown.replace("<code>", "").replace("</code>", "")
    assert "<" not in rest
    assert "href" not in rest


@pytest.mark.parametrize("line", [0, -1, 4, 10**30, "dos", "1.5"])
def test_a_line_that_is_not_there_is_refused_and_the_text_stays(as_carla: Client, url: str, line: object):
    answer = say(as_carla, url, "Esta frase se queda.", line)
    assert answer.status_code == 422
    assert "Esta frase se queda.</textarea>" in answer.content.decode()
    assert not Comment.objects.exists()


def test_the_last_line_can_be_spoken_of_and_a_form_feed_ends_none(as_carla: Client, url: str):
    assert page(as_carla, url).count('<li class="listing__line') == 3
    assert say(as_carla, url, "Aquí.", 3).status_code == 302


@pytest.mark.parametrize("text", ["", "  \n ", "\0", "a" * 4001])
def test_an_empty_or_endless_comment_is_refused(as_carla: Client, url: str, text: str):
    assert say(as_carla, url, text).status_code == 422
    assert not Comment.objects.exists()


def test_a_comment_is_taken_back_by_its_author_alone(as_carla: Client, as_ana: Client, url: str):
    say(as_carla, url, "Retirado.", 1)
    made = Comment.objects.get()
    delete = f"{url}comments/{made.pk}/delete/"
    assert as_ana.post(delete).status_code == 404
    assert as_carla.post(delete).status_code == 302
    assert "Retirado." not in page(as_ana, url)
    assert as_carla.post(delete).status_code == 404
    assert say(as_ana, url, "¿Qué decía?").status_code == 422  # nobody has written any more


def test_a_comment_of_another_submission_is_not_deleted_through_this_one(
    as_carla: Client, ana: User, exercise: Exercise, url: str
):
    say(as_carla, url, "Se queda.")
    other = grade(factories.hand_in(ana, exercise), 100)
    made = Comment.objects.get()
    for number in (made.pk, 2**70):
        assert as_carla.post(f"/submissions/{other.pk}/comments/{number}/delete/").status_code == 404
    assert Comment.objects.filter(deleted_at=None).exists()


def test_only_who_may_see_a_submission_may_speak_of_it(
    dario: Client, as_bruno: Client, ana: User, course: Course, url: str
):
    teaching = factories.enrol(factories.make_user("elsa"), course, Role.ASSISTANT)
    teaching.whole_course = False
    teaching.save()
    elsa = signed_in(teaching.student)
    for address in (f"{url}comments/", f"{url}comments/1/delete/"):
        assert dario.post(address).status_code == 302
        assert as_bruno.post(address, {"text": "Hola"}).status_code == 404
        assert elsa.post(address, {"text": "Hola"}).status_code == 404
    hers = Cohort.objects.create(course=course, name="A")
    hers.teachers.add(teaching)
    Enrolment.objects.filter(student=ana).update(cohort=hers)
    assert say(elsa, url, "Hola").status_code == 302
    assert elsa.get(f"{url}comments/").status_code == 405


@pytest.mark.parametrize("said", [1, 30])
def test_a_long_thread_costs_no_more_queries(
    as_carla: Client, carla: User, submission: Submission, url: str, said: int, django_assert_max_num_queries
):
    for n in range(said):
        Comment.objects.create(submission=submission, author=carla, text=f"{n}", line=1 + n % 3)
    with django_assert_max_num_queries(16):
        page(as_carla, url)


def test_the_form_stands_under_the_line_that_was_asked_for_and_waits_for_the_result(
    as_carla: Client, ana: User, exercise: Exercise, url: str
):
    asked = page(as_carla, f"{url}?line=2").split('id="linea-2"')[1].split("</li>")[0]
    assert 'name="line" value="2"' in asked
    assert 'name="text"' in page(as_carla, f"{url}?line=99")
    waiting = factories.hand_in(ana, exercise)
    services.claim(submission_id=waiting.pk)
    assert 'name="text"' not in page(as_carla, f"/submissions/{waiting.pk}/?line=1")
