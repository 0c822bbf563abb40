"""Attack 74: more than one's share, of anything; others are served all the while."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest
from django.conf import settings as site
from django.core import signing
from django.test import Client

from accounts.models import User
from exercises.models import Exercise
from grading.models import Kind, State, Submission
from lessons.models import Answer, Course, Question
from tests import factories
from tests.grading.conftest import state_of, wait_until

from .conftest import Server

pytestmark = pytest.mark.redis
MOST = 8


async def opened(browser: httpx.Client, addresses: list[str], *, hold: float = 1.5) -> list[int]:
    """The statuses of all the addresses asked at once by one person, each held open for `hold` seconds."""
    limits = httpx.Limits(max_connections=len(addresses))

    async def listen(client: httpx.AsyncClient, address: str) -> int:
        async with client.stream("GET", address) as answer:
            await asyncio.sleep(hold)
            return answer.status_code

    async with httpx.AsyncClient(
        base_url=browser.base_url, cookies=browser.cookies, limits=limits, timeout=30
    ) as client:
        return await asyncio.gather(*(listen(client, address) for address in addresses))


def test_74_event_streams_opened_all_at_once_are_no_more_than_a_persons_share(
    server: Server, ana: User, bruno: User, exercise: Exercise
):
    """All at once: before the first has sent a byte, the fortieth has already asked."""
    factories.enrol(bruno, exercise.course)
    hers, his = (f"/submissions/{factories.hand_in(person, exercise).pk}/events/" for person in (ana, bruno))
    as_ana, as_bruno = server.browser(ana), server.browser(bruno)
    statuses = asyncio.run(opened(as_ana, [hers] * 40))
    assert statuses.count(200) == MOST
    assert statuses.count(429) == 40 - MOST

    async def both() -> tuple[list[int], list[int]]:
        flood = asyncio.create_task(opened(as_ana, [hers] * 40, hold=3))
        await asyncio.sleep(1)
        return await opened(as_bruno, [his] * 3, hold=0.1), await flood

    others, flood = asyncio.run(both())
    assert others == [200, 200, 200]
    assert flood.count(200) == MOST, "the places of the first flood were given back"
    assert server.faults() == []


def test_74_a_listener_who_leaves_at_once_gives_the_place_back(server: Server, ana: User, exercise: Exercise):
    url = f"/submissions/{factories.hand_in(ana, exercise).pk}/events/"
    with server.browser(ana) as browser:
        for _visit in range(3 * MOST):
            try:
                browser.get(url, timeout=httpx.Timeout(10, read=0.02))
            except httpx.ReadTimeout:
                continue
        wait_until(lambda: asyncio.run(opened(browser, [url], hold=0.1)) == [200], 20)


def test_74_waiting_for_a_lessons_code_takes_places_too(server: Server, ana: User, course: Course):
    """Each waits up to ten seconds, with a connection to Redis of its own."""
    token = signing.dumps({"run": str(uuid4()), "student": ana.pk}, salt="code-run")
    statuses = asyncio.run(opened(server.browser(ana), [f"/code-runs/{token}/"] * 30, hold=0))
    assert statuses.count(202) == MOST
    assert statuses.count(429) == 30 - MOST


def test_74_a_flood_of_hand_ins_meets_a_limit_and_a_fellow_is_graded_meanwhile(
    server: Server, start_worker, ana: User, bruno: User, exercise: Exercise
):
    factories.enrol(bruno, exercise.course)
    door = f"/courses/curso/exercises/{exercise.slug}/submissions/"
    headers = {"accept": "application/json", "referer": server.url}

    def push(person: User) -> httpx.Response:
        with server.browser(person) as browser:
            form = {"source": factories.RIGHT, "kind": "submit", "form_token": str(uuid4())}
            return browser.post(door, data=form, headers=headers)

    for _waits in range(site.GRADING_WAITING_PER_STUDENT - 4):
        factories.hand_in(ana, exercise)
    with ThreadPoolExecutor(12) as pool:
        statuses = [answer.status_code for answer in pool.map(push, [ana] * 24)]
    assert sorted(set(statuses)) == [201, 429]
    assert statuses.count(201) == 4
    his = Submission.objects.get(pk=push(bruno).json()["id"])
    start_worker(1)
    wait_until(lambda: state_of(his) == State.GRADED)
    hers = Submission.objects.filter(student=ana, state=State.GRADED, finished_at__lt=his.finished_at)
    assert hers.count() <= 3
    assert server.faults() == []


test_74_a_flood_of_hand_ins_meets_a_limit_and_a_fellow_is_graded_meanwhile = pytest.mark.wall(
    test_74_a_flood_of_hand_ins_meets_a_limit_and_a_fellow_is_graded_meanwhile
)


def test_74_a_page_is_served_while_somebody_floods(server: Server, ana: User, course: Course):
    """Sixteen hands in a loop on the dearest page; a stranger reads a lesson."""
    until = time.monotonic() + 4

    def loop(_hand: int) -> int:
        with server.browser(ana) as browser:
            asked = 0
            while time.monotonic() < until:
                assert browser.get("/courses/curso/progress/").status_code == 200
                asked += 1
            return asked

    with ThreadPoolExecutor(17) as pool:
        hands = [pool.submit(loop, hand) for hand in range(16)]
        with server.browser() as stranger:
            slowest = 0.0
            while time.monotonic() < until:
                started = time.monotonic()
                assert stranger.get("/courses/curso/lessons/1.1.1/").status_code == 200
                slowest = max(slowest, time.monotonic() - started)
        assert sum(hand.result() for hand in hands) > 16
    assert slowest < 3
    assert server.faults() == []


@pytest.fixture
def question(course: Course) -> Question:
    lesson = course.lessons.get(number="1.1.1")
    return Question.objects.create(
        unit=lesson.section.unit, lesson=lesson, key="una", position=1, kind="single", prompt="",
        public={"options": [{"id": "a", "html": "A"}, {"id": "b", "html": "B"}]},
        answer={"correct": "a", "why": {"a": "", "b": ""}},
    )  # fmt: skip


def test_74_a_script_that_answers_in_a_loop_is_slowed_down_and_nobody_else_is(
    as_ana: Client, ana: User, bruno: User, question: Question, settings: object
):
    settings.WRITES_PER_MINUTE = 20
    factories.enrol(bruno, question.unit.course)
    url = f"{question.lesson.get_absolute_url()}questions/una/"
    answers = [as_ana.post(url, {"choice": "ab"[n % 2]}) for n in range(30)]
    slowed = [answer for answer in answers if answer.status_code == 429]
    assert len(slowed) >= 10
    assert Answer.objects.filter(student=ana).count() <= 20
    assert 0 < int(slowed[-1].headers["Retry-After"]) <= 60
    assert "Espera un minuto" in slowed[-1].content.decode()
    assert "contraseñas" not in slowed[-1].content.decode()
    script = as_ana.post(url, {"choice": "a"}, headers={"accept": "application/json"})
    assert script.json()["code"] == "too_many"
    assert as_ana.get(question.lesson.get_absolute_url()).status_code == 200, "reading goes on"
    other = Client()
    other.force_login(bruno)
    assert other.post(url, {"choice": "a"}).status_code == 302


def test_74_the_limit_is_far_above_what_hands_can_do(as_ana: Client, exercise: Exercise):
    """An editor saves every second or two, and somebody types, runs and answers beside it."""
    url = f"/courses/curso/exercises/{exercise.slug}/draft/"
    for revision in range(60):
        body = {"source": f"x = {revision}", "revision": revision}
        assert as_ana.put(url, body, content_type="application/json").status_code == 200
    assert site.WRITES_PER_MINUTE >= 4 * 60


def test_74_a_flood_of_new_accounts_from_one_address_leaves_the_door_open_for_another(db: None):
    def sign_up(number: int, origin: str) -> int:
        form = {"email": f"n{number}@example.org", "password1": factories.PASSWORD}
        return Client(REMOTE_ADDR=origin).post("/accounts/signup/", form).status_code

    flood = [sign_up(number, "203.0.113.7") for number in range(25)]
    assert flood.count(429) >= 4
    assert sign_up(99, "198.51.100.4") == 302
    assert User.objects.count() <= 21


def test_74_runs_do_not_pile_up_however_fast_the_button_is_pressed(
    as_ana: Client, ana: User, exercise: Exercise
):
    door = f"/courses/curso/exercises/{exercise.slug}/submissions/"
    for _press in range(30):
        form = {"source": "x = 1", "kind": "run", "form_token": str(uuid4())}
        as_ana.post(door, form, headers={"accept": "application/json"})
    waiting = Submission.objects.filter(student=ana, kind=Kind.RUN, state=State.QUEUED)
    assert waiting.count() == 1
