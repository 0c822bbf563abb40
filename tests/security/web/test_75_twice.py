"""Attack 75: the same request twice, ten times, and at the same instant, over a real server."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import httpx
import pytest
from allauth.account.models import EmailAddress

from accounts.models import PersonalToken, Scope, User
from accounts.services.tokens import create_token
from exercises.models import Draft, Exercise
from grading.models import Comment, Kind, State, Submission
from lessons.models import Answer, Course, Enrolment, Question, Reading
from tests import factories

from .conftest import Server

pytestmark = [pytest.mark.redis, pytest.mark.postgres]
HANDS = 8


def at_once(
    browser: Callable[[], httpx.Client], act: Callable[[httpx.Client], httpx.Response]
) -> list[httpx.Response]:
    """What comes of one act by many hands, all of which let go in the same instant."""
    together = Barrier(HANDS)

    def one(_hand: int) -> httpx.Response:
        with browser() as hand:
            hand.get("/healthz")  # the connection stands
            together.wait(20)
            return act(hand)

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(one, range(HANDS)))


def as_one(server: Server, person: User) -> Callable[[], httpx.Client]:
    """Browsers that share one session of the person, as tabs do."""
    first = server.browser(person)
    cookies, headers = dict(first.cookies), {**first.headers, "accept": "application/json"}
    return lambda: httpx.Client(base_url=server.url, cookies=cookies, headers=headers, timeout=30)


def statuses(answers: list[httpx.Response]) -> set[int]:
    return {answer.status_code for answer in answers}


def test_75_one_form_sent_by_eight_hands_is_one_submission(server: Server, ana: User, exercise: Exercise):
    form = {"source": factories.RIGHT, "kind": "submit", "form_token": str(uuid4())}
    door = f"/courses/curso/exercises/{exercise.slug}/submissions/"
    answers = at_once(as_one(server, ana), lambda hand: hand.post(door, data=form))
    assert statuses(answers) == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Submission.objects.get().attempt_number == 1
    assert server.faults() == []


def test_75_eight_forms_at_once_are_eight_attempts_each_with_its_number(
    server: Server, ana: User, exercise: Exercise
):
    door = f"/courses/curso/exercises/{exercise.slug}/submissions/"

    def push(hand: httpx.Client) -> httpx.Response:
        return hand.post(door, data={"source": "x = 1", "kind": "submit", "form_token": str(uuid4())})

    assert statuses(at_once(as_one(server, ana), push)) == {201}
    numbers = sorted(Submission.objects.values_list("attempt_number", flat=True))
    assert numbers == list(range(1, HANDS + 1))
    assert server.faults() == []


def test_75_a_program_that_repeats_itself_hands_in_once(server: Server, ana: User, exercise: Exercise):
    _token, secret = create_token(person=ana, name="t", scopes=[Scope.READ, Scope.SUBMIT])
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": str(uuid4())}
    door = f"/api/v1/courses/curso/exercises/{exercise.slug}/submissions/"
    answers = at_once(
        lambda: httpx.Client(base_url=server.url, headers=headers, timeout=30),
        lambda hand: hand.post(door, json={"source": factories.RIGHT}),
    )
    assert statuses(answers) <= {200, 201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Submission.objects.count() == 1
    assert server.faults() == []


def test_75_only_the_newest_of_eight_runs_at_once_waits(server: Server, ana: User, exercise: Exercise):
    door = f"/courses/curso/exercises/{exercise.slug}/submissions/"

    def run(hand: httpx.Client) -> httpx.Response:
        return hand.post(door, data={"source": "x = 1", "kind": "run", "form_token": str(uuid4())})

    assert statuses(at_once(as_one(server, ana), run)) == {201}
    assert Submission.objects.filter(kind=Kind.RUN, state=State.QUEUED).count() == 1
    assert server.faults() == []


def test_75_an_answer_clicked_eight_times_is_one_answer(server: Server, ana: User, course: Course):
    lesson = course.lessons.get(number="1.1.1")
    Question.objects.create(
        unit=lesson.section.unit, lesson=lesson, key="una", position=1, kind="single", prompt="",
        public={"options": [{"id": "a", "html": "A"}, {"id": "b", "html": "B"}]},
        answer={"correct": "b", "why": {"a": "", "b": ""}},
    )  # fmt: skip
    url = f"{lesson.get_absolute_url()}questions/una/"
    answers = at_once(as_one(server, ana), lambda hand: hand.post(url, data={"choice": "a"}))
    assert statuses(answers) == {302}
    assert Answer.objects.count() == 1
    assert server.faults() == []


def test_75_a_comment_sent_eight_times_is_said_once(
    server: Server, ana: User, carla: User, exercise: Exercise
):
    url = f"/submissions/{factories.hand_in(ana, exercise).pk}/comments/"
    answers = at_once(as_one(server, carla), lambda hand: hand.post(url, data={"text": "Mira.", "line": "1"}))
    assert statuses(answers) == {302}
    assert Comment.objects.count() == 1
    assert server.faults() == []


def test_75_whoever_enrols_eight_times_has_one_place(server: Server, bruno: User, course: Course):
    answers = at_once(as_one(server, bruno), lambda hand: hand.post("/courses/curso/enrol/"))
    assert statuses(answers) == {302}
    assert Enrolment.ever.filter(student=bruno).count() == 1
    assert server.faults() == []


def test_75_a_lesson_read_in_eight_tabs_is_read_once(server: Server, ana: User, course: Course):
    answers = at_once(as_one(server, ana), lambda hand: hand.get("/courses/curso/lessons/1.1.1/"))
    marked = at_once(as_one(server, ana), lambda hand: hand.post("/courses/curso/lessons/1.1.1/read/"))
    assert (statuses(answers), statuses(marked)) == ({200}, {302})
    assert Reading.objects.get().read_at is not None
    assert server.faults() == []


def test_75_eight_tabs_that_save_at_once_lose_nobodys_draft(server: Server, ana: User, exercise: Exercise):
    url = f"/courses/curso/exercises/{exercise.slug}/draft/"

    def save(hand: httpx.Client) -> httpx.Response:
        return hand.put(url, json={"source": f"x = '{uuid4()}'", "revision": 0})

    answers = at_once(as_one(server, ana), save)
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * (HANDS - 1)
    kept = Draft.objects.get().source
    assert {answer.json()["source"] for answer in answers if answer.status_code == 409} == {kept}
    assert server.faults() == []


def test_75_one_address_signed_up_by_eight_hands_is_one_account(server: Server, db: None):
    form = {"email": "nueva@example.org", "password1": factories.PASSWORD}

    def stranger() -> httpx.Client:
        token = "a" * 32
        headers = {"X-CSRFToken": token}
        return httpx.Client(base_url=server.url, cookies={"csrftoken": token}, headers=headers, timeout=30)

    answers = at_once(stranger, lambda hand: hand.post("/accounts/signup/", data=form))
    assert statuses(answers) == {302}
    assert {answer.headers["location"] for answer in answers} == {"/accounts/confirm-email/"}
    assert User.objects.get().email == "nueva@example.org"
    assert EmailAddress.objects.count() == 1
    assert server.faults() == []


def test_75_no_burst_gives_more_tokens_than_one_may_have(server: Server, ana: User):
    for number in range(17):
        create_token(person=ana, name=f"t{number}", scopes=[Scope.READ])
    form = {"name": "otra", "scopes": ["read"], "days": "30"}
    answers = at_once(as_one(server, ana), lambda hand: hand.post("/accounts/tokens/", data=form))
    assert statuses(answers) <= {200, 422}
    assert PersonalToken.objects.count() <= 20
    assert server.faults() == []
