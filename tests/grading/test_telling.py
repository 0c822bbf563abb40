from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Notification, User
from exercises.models import Exercise
from grading import services
from grading.judge.report import Report
from grading.models import Kind, Submission
from tests import factories

pytestmark = pytest.mark.django_db


def grade(submission: Submission) -> None:
    lease = services.claim(submission_id=submission.pk)
    assert lease is not None
    services.finish(
        lease=lease, report=Report(score=60.0, groups=[], seconds=0.1, output=""), runtime_version=""
    )


def test_a_student_who_left_finds_the_result_in_their_news(ana: User, exercise: Exercise):
    submission = factories.hand_in(ana, exercise)
    grade(submission)
    news = Notification.objects.get()
    assert (news.kind, news.facts["points"], news.url) == ("graded", 60, submission.get_absolute_url())


@pytest.mark.parametrize("page", ["", "events/", "exercise"])
def test_who_looks_at_the_result_has_nothing_left_to_read(
    page: str, ana: User, as_ana: Client, exercise: Exercise
):
    submission = factories.hand_in(ana, exercise)
    grade(submission)
    url = exercise.get_absolute_url() if page == "exercise" else f"{submission.get_absolute_url()}{page}"
    answer = as_ana.get(url)
    if answer.streaming:
        b"".join(answer)
    assert Notification.objects.get().read_at is not None


def test_a_teachers_look_leaves_the_news_unread(ana: User, as_carla: Client, exercise: Exercise):
    submission = factories.hand_in(ana, exercise)
    grade(submission)
    as_carla.get(submission.get_absolute_url())
    assert Notification.objects.get(person=ana).read_at is None


def test_a_run_is_no_news(ana: User, exercise: Exercise):
    grade(factories.hand_in(ana, exercise, kind=Kind.RUN))
    assert not Notification.objects.exists()
