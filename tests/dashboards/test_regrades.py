"""Grading again as an instructor does: ask, look at what would change, then apply or discard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts.models import User
from exercises.models import Exercise
from grading import bell
from grading.models import GradeWith, Regrade, RegradeState, Submission
from grading.services import regrade_items, regrading
from lessons.models import Cohort, Course, Enrolment, Role
from tests import factories
from tests.conftest import signed_in
from tests.grading.test_regrading import ask, grade_items, new_version
from tests.grading.views.conftest import grade

pytestmark = pytest.mark.django_db
TEACH = "/teach/curso/"
ASK = f"{TEACH}exercises/doble/regrade/"
TOMORROW = f"{now() + timedelta(days=1):%Y-%m-%dT%H:%M}"


@pytest.fixture(autouse=True)
def unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell, "ring_regrade", lambda *, item_id, queue: True)
    monkeypatch.setattr(regrade_items, "is_ready", lambda name: True)


@pytest.fixture
def forty(ana: User, exercise: Exercise) -> Submission:
    return grade(factories.hand_in(ana, exercise), 40, azar={"verdict": "wrong", "fraction": 0.0})


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_from_the_group_to_a_new_mark_for_everybody(
    as_carla: Client, carla: User, forty: Submission, exercise: Exercise
):
    new_version(exercise)
    assert f'href="{TEACH}exercises/"' in page(as_carla, TEACH)
    listed = page(as_carla, f"{TEACH}exercises/")
    assert f'href="{ASK}"' in listed
    asked = page(as_carla, ASK)
    assert "1 entrega corregida · 1 hecha para una versión anterior del ejercicio" in asked
    form = {"grade_with": "current", "since": "", "reason": "El grupo «azar» estaba mal."}
    answer = as_carla.post(ASK, form)
    regrade = Regrade.objects.get()
    assert (answer.status_code, answer.url) == (302, f"{TEACH}regrades/{regrade.pk}/")
    assert (regrade.asked_by, regrade.version, regrade.since) == (carla, exercise.current, None)
    running = page(as_carla, answer.url)
    assert "Actualizar" in running
    assert "Se recalificará 1 entrega" in running
    assert "nadie ve cambios hasta que termine" in running
    assert "Aplicar" not in running
    grade_items(regrade, 100)
    ready = page(as_carla, answer.url)
    assert "Actualizar" not in ready
    assert "<strong>1</strong> nota sube" in ready
    assert "<strong>0</strong> bajan" in ready
    assert "Azar: resultado incorrecto → superado" in ready
    assert "Ejemplos:" not in ready, "it passed before and passes now"
    as_carla.post(f"{answer.url}apply/")
    forty.refresh_from_db()
    assert forty.score == 100
    applied = page(as_carla, answer.url)
    assert "Qué cambió" in applied
    assert "Azar: resultado incorrecto → superado" in applied
    assert "aplicada" in page(as_carla, ASK)


def test_a_discarded_one_says_that_nothing_changed(as_carla: Client, forty: Submission, exercise: Exercise):
    regrade = ask(exercise)
    address = f"{TEACH}regrades/{regrade.pk}/"
    assert "Parar y descartar" in page(as_carla, address)
    assert as_carla.post(f"{address}discard/").url == ASK
    assert "no cambió ninguna nota" in page(as_carla, address)
    forty.refresh_from_db()
    assert forty.score == 40
    assert as_carla.post(f"{address}discard/").url == address
    assert "Ya se aplicó o se descartó." in page(as_carla, address)


def test_applying_too_early_changes_nothing_and_says_why(as_carla: Client, forty, exercise: Exercise):
    regrade = ask(exercise)
    address = f"{TEACH}regrades/{regrade.pk}/"
    as_carla.post(f"{address}apply/")
    assert "Todavía no está lista" in page(as_carla, address)
    regrade.refresh_from_db()
    assert regrade.state == RegradeState.RUNNING


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"grade_with": "current", "reason": ""}, "reason_error"),
        ({"grade_with": "vieja", "reason": "x"}, "grade_with_error"),
        ({"grade_with": "current", "reason": "x", "since": "ayer"}, "since_error"),
        ({"grade_with": "current", "reason": "x", "since": TOMORROW}, "No hay ninguna entrega"),
    ],
)
def test_nonsense_is_refused_and_what_was_written_stays(
    form: dict[str, str], told: str, as_carla: Client, forty
):
    answer = as_carla.post(ASK, form)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert f'value="{form["reason"]}"' in answer.content.decode() or not form["reason"]
    assert not Regrade.objects.exists()


def test_while_one_is_open_the_page_leads_to_it_instead(as_carla: Client, forty, exercise: Exercise):
    regrade = ask(exercise)
    shown = page(as_carla, ASK)
    assert f'href="{TEACH}regrades/{regrade.pk}/"' in shown
    assert "Recalificar aparte" not in shown
    assert "en marcha" in page(as_carla, f"{TEACH}exercises/")


def test_who_teaches_one_cohort_regrades_that_one_alone(
    forty: Submission, ana: User, course: Course, exercise: Exercise
):
    luis = factories.make_user("luis")
    place = Enrolment.objects.create(student=luis, course=course, role=Role.INSTRUCTOR, whole_course=False)
    theirs = Cohort.objects.create(course=course, name="Tarde")
    theirs.teachers.add(place)
    client = signed_in(luis)
    form = {"grade_with": "same", "reason": "x"}
    assert client.post(ASK, form).status_code == 422
    other = Cohort.objects.create(course=course, name="Otra")
    assert client.post(ASK, form | {"cohort": other.pk}).status_code == 422
    assert "Todavía no hay" not in page(client, ASK)
    assert client.post(ASK, form | {"cohort": theirs.pk}).status_code == 422, "nobody in it handed in"
    Enrolment.objects.filter(student=ana).update(cohort=theirs)
    assert client.post(ASK, form | {"cohort": theirs.pk}).status_code == 302
    mine = Regrade.objects.get()
    assert client.get(f"{TEACH}regrades/{mine.pk}/").status_code == 200
    regrading.discard(regrade=mine)
    whole = ask(exercise, GradeWith.SAME)
    for verb in ("", "apply/", "discard/"):
        address = f"{TEACH}regrades/{whole.pk}/{verb}"
        assert (client.post(address) if verb else client.get(address)).status_code == 404
    assert f"regrades/{whole.pk}/" not in page(client, ASK)


@pytest.mark.parametrize("applied", [False, True])
@pytest.mark.parametrize("hand_ins", [2, 15])
def test_the_page_costs_the_same_however_much_changes(
    hand_ins: int,
    applied: bool,
    as_carla: Client,
    ana: User,
    exercise: Exercise,
    django_assert_max_num_queries,
):
    for _one in range(hand_ins):
        grade(factories.hand_in(ana, exercise), 40)
    regrade = ask(exercise)
    grade_items(regrade, *([80.0] * hand_ins))
    if applied:
        regrading.apply(regrade=regrade)
    with django_assert_max_num_queries(18):
        shown = page(as_carla, f"{TEACH}regrades/{regrade.pk}/")
    assert shown.count("regrade__groups") == hand_ins


@pytest.mark.parametrize("exercises", [1, 6])
def test_the_list_costs_the_same_however_many_exercises(
    exercises: int, as_carla: Client, ana: User, course: Course, django_assert_max_num_queries
):
    for place in range(exercises):
        grade(factories.hand_in(ana, factories.make_exercise(course, f"e{place}")), 40)
    with django_assert_max_num_queries(11):
        assert page(as_carla, f"{TEACH}exercises/").count("/regrade/") == exercises
