"""Whom the group page lists: by name, by what they are stuck on, by how long nothing was heard of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts.models import User
from exercises.models import Exercise, TestGroup
from lessons.models import Course, Enrolment, Idea, Reading
from tests import factories

from .test_group import graded

URL = "/teach/curso/"


def main(client: Client, **chosen: str) -> str:
    """What the page shows between its head and its foot."""
    answer = client.get(URL, chosen)
    assert answer.status_code == 200
    return answer.content.decode().split("<main")[1].split("</main")[0]


def names(page: str) -> list[str]:
    """The students of the table, in its order."""
    return [row.split("</a>")[0].rpartition(">")[2] for row in page.split('<th scope="row">')[1:]]


@pytest.fixture
def group(course: Course, exercise: Exercise) -> dict[str, User]:
    """Óscar and Zoe are stuck, on other ideas; Elena reads; Úrsula has been silent; Pablo never began."""
    people = {}
    for key, name in (
        ("oscar", "Óscar"),
        ("zoe", "Zoe"),
        ("elena", "Elena"),
        ("ursula", "Úrsula"),
        ("pablo", "Pablo"),
    ):
        people[key] = factories.make_user(key)
        User.objects.filter(pk=people[key].pk).update(name=name)
        factories.enrol(people[key], course)
    Enrolment.objects.update(created_at=now() - timedelta(days=30))
    first = TestGroup.objects.order_by("position").first()
    TestGroup.objects.filter(pk=first.pk).update(about="sesgo")
    Idea.objects.create(course=course, slug="sesgo", title="El sesgo", position=1)
    for _try in range(3):
        graded(people["oscar"], exercise)
    for _try in range(4):
        graded(people["zoe"], exercise)
        people["zoe"].submissions.latest("queued_at").gradings.get().group_results.filter(
            group=first
        ).delete()
    lesson = course.lessons.get(number="1.1.1")
    Reading.objects.create(student=people["elena"], lesson=lesson, last_at=now() - timedelta(hours=1))
    Reading.objects.create(student=people["ursula"], lesson=lesson, last_at=now() - timedelta(days=9))
    return people


def test_who_fails_most_stands_first_and_then_who_has_been_away_longest(group: dict, as_carla: Client):
    assert names(main(as_carla)) == ["Zoe", "Óscar", "Pablo", "Úrsula", "Elena"]


def test_by_name_accents_do_not_send_anybody_to_the_end(group: dict, as_carla: Client):
    assert names(main(as_carla, order="name")) == ["Elena", "Óscar", "Pablo", "Úrsula", "Zoe"]


def test_the_ideas_on_which_they_are_stuck_lead_to_who_is(group: dict, as_carla: Client):
    page = main(as_carla)
    assert "2 se atascan hoy" in page
    assert "El sesgo <strong>1</strong>" in page
    assert names(main(as_carla, idea="sesgo")) == ["Óscar"]
    assert names(main(as_carla, only="stuck")) == ["Zoe", "Óscar"]


@pytest.mark.parametrize("text", ["osc", "ÓSCAR", "oscar@example", "  óscar "])
def test_a_student_is_found_by_any_part_of_name_or_address_however_it_is_written(
    text: str, group: dict, as_carla: Client
):
    assert names(main(as_carla, q=text)) == ["Óscar"]


def test_who_is_not_there_is_said_not_to_be(group: dict, as_carla: Client):
    page = main(as_carla, q="nadie con este nombre")
    assert "Nadie con esas señas." in page
    assert "Ver a todos" in page


def test_who_is_silent_is_told_with_the_days_and_apart_from_who_never_began(group: dict, as_carla: Client):
    page = main(as_carla, only="silent")
    assert names(page) == ["Pablo", "Úrsula"]
    assert "9 días sin señales" in page
    assert "30 días sin empezar" in page
    assert names(main(as_carla, only="not_begun")) == ["Pablo"]
    assert "1 sin empezar" in main(as_carla)


def test_the_last_sign_is_told_in_days(group: dict, as_carla: Client):
    page = " ".join(main(as_carla, order="name").split())
    assert ">hoy</time>" in page
    assert ">hace 9 d</time>" in page
    assert "nunca" in page


def test_a_cell_leads_to_its_place_on_the_students_page(group: dict, as_carla: Client):
    place = Enrolment.objects.get(student=group["zoe"])
    page = main(as_carla, unit="1")
    assert f'href="{URL}students/{place.pk}/#ejercicio-doble"' in page
    student = as_carla.get(f"{URL}students/{place.pk}/").content.decode()
    assert 'id="ejercicio-doble"' in student
    assert 'id="unidad-1"' in student


def test_nobody_stuck_is_said_in_words(course: Course, ana: User, as_carla: Client):
    assert "Nadie se atasca hoy." in main(as_carla)


@pytest.mark.parametrize("submissions", [1, 12])
def test_a_students_page_costs_the_same_however_often_they_tried(
    submissions: int, ana: User, exercise: Exercise, as_carla: Client, django_assert_max_num_queries
):
    for _try in range(submissions):
        graded(ana, exercise)
    url = f"{URL}students/{Enrolment.objects.get(student=ana).pk}/"
    with django_assert_max_num_queries(34):
        page = as_carla.get(url).content.decode()
    assert page.count("marks__one--failed") == 2 * submissions


def test_a_thousand_students_are_shown_within_the_same_queries_and_in_a_second(
    course: Course, exercise: Exercise, as_carla: Client, django_assert_max_num_queries
):
    import time

    people = User.objects.bulk_create(
        [User(email=f"s{n}@example.org", name=f"Estudiante {n}", password="!") for n in range(1000)]
    )
    Enrolment.objects.bulk_create([Enrolment(student=one, course=course) for one in people])
    lesson = course.lessons.get(number="1.1.1")
    Reading.objects.bulk_create([Reading(student=one, lesson=lesson, last_at=now()) for one in people])
    as_carla.get(URL)
    started = time.process_time()
    with django_assert_max_num_queries(18):
        page = main(as_carla)
    assert time.process_time() - started < 1
    assert "1000 estudiantes" in page
    assert len(names(page)) == 50
