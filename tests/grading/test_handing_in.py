"""Taking submissions in: what is refused, what is counted, what is never taken twice."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from exercises.models import Exercise
from grading import selectors, services
from grading.models import Kind, State, Submission
from tests import factories

pytestmark = pytest.mark.django_db


def post(client: Client, exercise: Exercise, source: str | bytes, **fields: object):
    url = f"/courses/{exercise.course.slug}/exercises/{exercise.slug}/submissions/"
    data = {"source": source, "kind": "submit", "form_token": str(uuid4())} | fields
    return client.post(url, data, headers={"accept": "application/json"})


def test_a_hand_in_waits_as_the_first_attempt(as_ana: Client, exercise: Exercise) -> None:
    answer = post(as_ana, exercise, factories.RIGHT)
    assert answer.status_code == 201
    assert (answer.json()["state"], answer.json()["attempt_number"]) == ("queued", 1)


def test_a_double_click_gives_one_submission(as_ana: Client, exercise: Exercise) -> None:
    token = str(uuid4())
    first = post(as_ana, exercise, factories.RIGHT, form_token=token).json()
    second = post(as_ana, exercise, factories.RIGHT, form_token=token).json()
    assert first["id"] == second["id"]
    assert Submission.objects.count() == 1


def test_another_students_token_is_refused_and_tells_nothing(as_ana: Client, exercise: Exercise) -> None:
    other = factories.make_user("otra")
    factories.enrol(other, exercise.course)
    theirs = factories.hand_in(other, exercise)
    answer = post(as_ana, exercise, factories.RIGHT, form_token=str(theirs.form_token))
    assert answer.status_code == 409
    assert str(theirs.pk) not in answer.content.decode()


@pytest.mark.parametrize(
    ("source", "code", "status"),
    [
        ("", "empty", 422),
        ("  \n\t", "empty", 422),
        ("x = 1\ny = '\0'", "nul", 422),
        ("x" * 5_000_000, "too_large", 413),
        (b"x = '\xff\xfe'", "not_utf8", 422),
    ],
    ids=["empty", "blank", "nul", "five megabytes", "not utf-8"],
)
def test_a_source_that_no_judge_could_read_is_refused_with_the_reason(
    as_ana: Client, exercise: Exercise, source: str | bytes, code: str, status: int
) -> None:
    if isinstance(source, bytes):
        boundary = b"limite"
        parts = {b"kind": b"submit", b"form_token": str(uuid4()).encode(), b"source": source}
        body = b"".join(
            b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (boundary, name, value)
            for name, value in parts.items()
        )
        answer = as_ana.post(
            f"/courses/{exercise.course.slug}/exercises/{exercise.slug}/submissions/",
            data=body + b"--%s--\r\n" % boundary,
            content_type="multipart/form-data; boundary=limite",
            headers={"accept": "application/json"},
        )
    else:
        answer = post(as_ana, exercise, source)
    assert answer.status_code == status
    assert answer.json()["code"] == code
    assert answer.json()["message"]
    assert not Submission.objects.exists()


def test_a_refused_plain_form_keeps_the_students_text(as_ana: Client, exercise: Exercise) -> None:
    url = f"/courses/{exercise.course.slug}/exercises/{exercise.slug}/submissions/"
    data = {"source": "mi_trabajo = 1\0", "kind": "submit", "form_token": str(uuid4())}
    answer = as_ana.post(url, data)
    assert answer.status_code == 422
    assert "mi_trabajo" in answer.content.decode()


def test_windows_line_ends_and_a_byte_order_mark_are_taken_off(ana: User, exercise: Exercise) -> None:
    submission = factories.hand_in(ana, exercise, "\ufeffx = 1\r\ny = 2\r")
    assert submission.source == "x = 1\ny = 2\n"


def test_a_newer_run_takes_the_place_of_one_that_still_waits(ana: User, exercise: Exercise) -> None:
    older = factories.hand_in(ana, exercise, kind=Kind.RUN)
    newer = factories.hand_in(ana, exercise, kind=Kind.RUN)
    older.refresh_from_db()
    assert (older.state, newer.state) == (State.CANCELLED, State.QUEUED)
    assert newer.attempt_number is None


def test_a_hand_in_is_not_cancelled_by_a_run(ana: User, exercise: Exercise) -> None:
    handed_in = factories.hand_in(ana, exercise)
    factories.hand_in(ana, exercise, kind=Kind.RUN)
    handed_in.refresh_from_db()
    assert handed_in.state == State.QUEUED


def test_of_forty_hand_ins_only_a_few_hold_a_place_in_the_queue(
    ana: User, exercise: Exercise, settings: object
) -> None:
    for _ in range(40):
        factories.hand_in(ana, exercise)
    rung = Submission.objects.exclude(rung_at=None).order_by("queued_at")
    assert [s.attempt_number for s in rung] == [1, 2]


def test_a_flood_is_stopped_and_the_student_told_to_wait(
    as_ana: Client, ana: User, exercise: Exercise
) -> None:
    for _ in range(50):
        factories.hand_in(ana, exercise)
    answer = post(as_ana, exercise, factories.RIGHT)
    assert answer.status_code == 429
    assert "50" in answer.json()["message"]


def test_with_redis_down_the_submission_is_kept(as_ana: Client, exercise: Exercise) -> None:
    answer = post(as_ana, exercise, factories.RIGHT)  # no Redis runs in this test
    submission = Submission.objects.get(pk=answer.json()["id"])
    assert submission.state == State.QUEUED


def test_who_is_not_enrolled_does_not_learn_that_the_exercise_exists(
    as_bruno: Client, exercise: Exercise
) -> None:
    assert post(as_bruno, exercise, factories.RIGHT).status_code == 404


def test_a_stranger_is_told_to_sign_in_and_nothing_is_lost(dario: Client, exercise: Exercise) -> None:
    answer = post(dario, exercise, factories.RIGHT)
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


def test_a_student_takes_back_what_still_waits(as_ana: Client, ana: User, exercise: Exercise) -> None:
    submission = factories.hand_in(ana, exercise)
    as_ana.post(f"/submissions/{submission.pk}/cancel/")
    submission.refresh_from_db()
    assert submission.state == State.CANCELLED


def test_a_run_that_has_started_is_stopped_and_its_worker_writes_nothing(
    ana: User, exercise: Exercise
) -> None:
    run = factories.hand_in(ana, exercise, kind=Kind.RUN)
    lease = services.claim(submission_id=run.pk)
    assert services.cancel(submission=run)
    assert not services.renew(lease=lease)
    assert selectors.fresh_state(run.pk)["headline"] == "Paraste la prueba. No cuenta."


def test_a_hand_in_that_has_started_cannot_be_taken_back(ana: User, exercise: Exercise) -> None:
    submission = factories.hand_in(ana, exercise)
    services.claim(submission_id=submission.pk)
    assert not services.cancel(submission=submission)


def test_nobody_else_takes_it_back(as_carla: Client, as_bruno: Client, ana: User, exercise: Exercise) -> None:
    submission = factories.hand_in(ana, exercise)
    url = f"/submissions/{submission.pk}/cancel/"
    assert as_carla.post(url).status_code == 404
    assert as_bruno.post(url).status_code == 404
