"""The page of an exercise: who sees it, what it opens with, and what it says of each ending."""

from __future__ import annotations

import html
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from exercises import services as drafts
from exercises.models import Exercise
from grading import health, services
from grading.health import Health
from grading.models import Kind, State, Submission
from tests import factories
from tests.grading.views.conftest import CURVE, grade

pytestmark = pytest.mark.django_db

URL = "/courses/curso/exercises/doble/"


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def editor(answer: Any) -> str:
    """What the textarea holds, as a browser reads it."""
    found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", answer.content.decode(), re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def test_a_stranger_is_sent_to_sign_in_and_back(dario: Client, exercise: Exercise) -> None:
    assert dario.get(URL).url == f"/accounts/login/?next={URL}"


def test_who_is_not_enrolled_gets_the_answer_of_an_exercise_that_does_not_exist(
    as_bruno: Client, exercise: Exercise
) -> None:
    assert as_bruno.get(URL).status_code == as_bruno.get(URL.replace("doble", "nada")).status_code == 404


def test_at_first_the_editor_holds_the_starter(as_ana: Client, exercise: Exercise) -> None:
    page = text(as_ana.get(URL))
    assert editor(as_ana.get(URL)) == exercise.current.starter
    assert "Aún no has probado esta versión." in page


def test_the_newer_of_draft_and_submission_is_in_the_editor(
    as_ana: Client, ana: User, exercise: Exercise
) -> None:
    drafts.save_draft(student=ana, exercise=exercise, source="# borrador", revision=0)
    factories.hand_in(ana, exercise, source="# entregado")
    assert editor(as_ana.get(URL)) == "# entregado"
    drafts.save_draft(student=ana, exercise=exercise, source="# más nuevo", revision=1)
    assert editor(as_ana.get(URL)) == "# más nuevo"


def test_the_starter_is_a_link_away_without_scripts_and_nothing_is_overwritten(
    as_ana: Client, ana: User, exercise: Exercise
) -> None:
    drafts.save_draft(student=ana, exercise=exercise, source="# mío", revision=0)
    assert editor(as_ana.get(f"{URL}?starter=1")) == exercise.current.starter
    assert editor(as_ana.get(URL)) == "# mío"


def test_code_that_closes_the_textarea_stays_code(as_ana: Client, ana: User, exercise: Exercise) -> None:
    source = "# </textarea><script>alert(1)</script>\n"
    drafts.save_draft(student=ana, exercise=exercise, source=source, revision=0)
    answer = as_ana.get(URL)
    assert editor(answer) == source
    assert "<script>alert" not in answer.content.decode()


def test_neither_hints_nor_the_grader_are_on_the_page_before_they_are_earned(
    as_ana: Client, exercise: Exercise
) -> None:
    page = text(as_ana.get(URL))
    assert "Multiplica por dos" not in page
    assert "attempt.close" not in page


def test_a_failed_hand_in_shows_what_happened_the_idea_and_the_hint_of_its_group(
    as_ana: Client, ana: User, exercise: Exercise
) -> None:
    wrong = {"verdict": "wrong", "fraction": 0.0, "message": "Con `x` negativo <sale> 4.", "hint": "dobla"}
    grade(factories.hand_in(ana, exercise), 50, azar=wrong)
    page = text(as_ana.get(URL))
    assert "No superado · 1 de 2 grupos · 50/100" in page
    assert "Con <code>x</code> negativo &lt;sale&gt; 4." in page
    assert "Multiplica por dos." in page
    assert "<title>✗ 1/2 · El doble" in page


def test_a_run_says_what_it_did_not_measure(as_ana: Client, ana: User, exercise: Exercise) -> None:
    run = factories.hand_in(ana, exercise, kind=Kind.RUN)
    graded = grade(run, 100)
    graded.gradings.get().group_results.filter(group__visible=False).delete()
    page = text(as_ana.get(URL))
    assert "Comprobaciones visibles: 1 de 1" in page
    assert "Al entregar se mide 1 grupo más." in page
    assert "Superado ·" not in page


def test_a_syntax_error_shows_its_line_with_a_caret_and_marks_it(
    as_ana: Client, ana: User, exercise: Exercise
) -> None:
    evidence = {"line": 2, "offset": 5, "text": "    return", "type": "SyntaxError"}
    broken = {
        "verdict": "exception",
        "fraction": 0.0,
        "message": "Python no puede leer.",
        "evidence": evidence,
    }
    grade(factories.hand_in(ana, exercise), 0, ejemplos=broken, azar=broken)
    page = as_ana.get(URL).content.decode()
    assert "    return\n    ^</pre>" in page
    assert 'data-line="2" data-column="5"' in page


def test_our_fault_is_said_to_be_ours(as_ana: Client, ana: User, exercise: Exercise) -> None:
    grade(factories.hand_in(ana, exercise), 60)
    second = factories.hand_in(ana, exercise)
    Submission.objects.filter(pk=second.pk).update(
        state=State.SYSTEM_ERROR, faults=3, fault_reference="7F3A-21", finished_at=timezone.now()
    )
    page = text(as_ana.get(URL))
    assert "Fallo nuestro, no tuyo · no gasta intento" in page
    assert "7F3A-21" in page
    assert "Tu nota sigue en 60/100." in page


def test_a_diverged_run_names_the_step_and_draws_its_curve_for_readers_without_scripts(
    as_ana: Client, ana: User, exercise: Exercise
) -> None:
    diverged = {"verdict": "diverged", "fraction": 0.0, "evidence": {"step": 3}, "curves": CURVE}
    grade(factories.hand_in(ana, exercise), 50, azar=diverged)
    page = text(as_ana.get(URL))
    assert "Divergió en el paso 3 · 50/100" in page
    assert page.count('<svg class="chart"') == 2
    assert "chart__broken" in page


def grown(step: int, since: int) -> dict[str, Any]:
    points = [[k, 1.0 if k < since else 2.0 ** (k - since)] for k in range(step)] + [[step, None]]
    curve = {"label": "tú", "role": "student", "points": points}
    return {
        "verdict": "diverged",
        "fraction": 0.0,
        "evidence": {"step": step, "since": since},
        "curves": [curve],
    }


def test_a_divergence_is_shown_from_where_it_began_to_grow_with_the_whole_curve_beside(
    as_ana: Client, ana: User, exercise: Exercise
) -> None:
    grade(factories.hand_in(ana, exercise), 50, azar=grown(step=200, since=180))
    page = text(as_ana.get(URL))
    assert "paso (ampliado: 180–200)" in page
    assert "Toda la curva" in page


def test_a_curve_that_grew_from_its_start_is_shown_whole(
    as_ana: Client, ana: User, exercise: Exercise
) -> None:
    grade(factories.hand_in(ana, exercise), 50, azar=grown(step=30, since=2))
    page = text(as_ana.get(URL))
    assert "ampliado" not in page
    assert "Toda la curva" not in page


def test_the_wait_is_told_with_its_place_and_about_how_long(
    as_ana: Client, ana: User, exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        factories.hand_in(ana, exercise)
    for seconds, said in (
        (8.2, "≈ 8 s"),
        (None, "a lo sumo 1 delante"),
        (130.0, "Hoy va más lento: ≈ 2 min."),
    ):
        monkeypatch.setattr("grading.selectors.eta_seconds", lambda *_, seconds=seconds, **__: seconds)
        page = text(as_ana.get(URL))
        assert "En cola" in page
        assert said in page


def test_a_run_under_way_can_be_stopped_and_a_hand_in_cannot(
    as_ana: Client, ana: User, exercise: Exercise
) -> None:
    for kind, offered in ((Kind.RUN, True), (Kind.SUBMIT, False)):
        services.claim(submission_id=factories.hand_in(ana, exercise, kind=kind).pk)
        page = text(as_ana.get(URL))
        assert "Ejecutando" in page
        assert (">Detener</button>" in page) is offered


def test_a_stopped_run_says_that_the_student_stopped_it(
    as_ana: Client, ana: User, exercise: Exercise
) -> None:
    run = factories.hand_in(ana, exercise, kind=Kind.RUN)
    services.claim(submission_id=run.pk)
    as_ana.post(f"/submissions/{run.pk}/cancel/")
    page = text(as_ana.get(URL))
    assert "Paraste la prueba" in page
    assert "Sustituida" not in page


def test_a_run_that_a_newer_one_replaced_says_so_and_one_taken_back_does_not(
    as_ana: Client, ana: User, exercise: Exercise
) -> None:
    replaced = factories.hand_in(ana, exercise, kind=Kind.RUN)
    taken_back = factories.hand_in(ana, exercise, kind=Kind.RUN)
    assert "Sustituida por tu prueba más nueva" in text(as_ana.get(f"{URL}?submission={replaced.pk}"))
    as_ana.post(f"/submissions/{taken_back.pk}/cancel/")
    page = text(as_ana.get(f"{URL}?submission={taken_back.pk}"))
    assert "Cancelada antes de empezar" in page
    assert "Sustituida" not in page


UP = {"workers": 1, "problem": "", "places": 2}


@pytest.mark.parametrize(
    ("found", "said", "detail"),
    [
        (Health(0, frozenset(), health.NO_WORKER), "no hay ningún corrector en marcha", health.NO_WORKER),
        (Health(0, frozenset(), health.NO_BROKER), "no responde la cola de entregas", health.NO_BROKER),
        (Health(0, frozenset(), "unshare: EPERM"), "no puede aislar el código", "unshare: EPERM"),
        (
            Health(runtimes=frozenset({"torch"}), **UP),
            "El entorno de NumPy se está instalando en esta máquina; tu entrega espera.",
            "no worker has the runtime",
        ),
    ],
)
def test_when_nothing_is_graded_the_page_says_why_and_still_takes_hand_ins(
    as_ana: Client, exercise: Exercise, monkeypatch: pytest.MonkeyPatch, found: Health, said: str, detail: str
) -> None:
    monkeypatch.setattr(health, "read", lambda: found)
    page = text(as_ana.get(URL))
    assert said in page
    assert detail in page
    fields = {"source": "x = 1", "kind": "submit", "form_token": str(uuid4())}
    assert as_ana.post(f"{URL}submissions/", fields).status_code == 302
    assert Submission.objects.get().state == State.QUEUED


def test_while_all_is_well_nothing_is_said_of_it(
    as_ana: Client, exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "read", lambda: Health(runtimes=frozenset({"numpy"}), **UP))
    assert "Detalle técnico" not in text(as_ana.get(URL))


def test_an_older_attempt_is_shown_by_its_address_and_nobody_elses(
    as_ana: Client, ana: User, exercise: Exercise
) -> None:
    first = grade(factories.hand_in(ana, exercise), 50)
    grade(factories.hand_in(ana, exercise), 100)
    assert f'data-id="{first.pk}"' in text(as_ana.get(f"{URL}?submission={first.pk}"))
    fellow = factories.make_user("fellow")
    factories.enrol(fellow, exercise.course)
    theirs = factories.hand_in(fellow, exercise)
    for wanted in (theirs.pk, uuid4(), "nonsense"):
        assert as_ana.get(f"{URL}?submission={wanted}").status_code == 404


@pytest.mark.parametrize("attempts", [1, 12])
def test_the_page_costs_as_many_queries_for_one_attempt_as_for_twelve(
    as_ana: Client, ana: User, exercise: Exercise, attempts: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(attempts):
        grade(factories.hand_in(ana, exercise), 50)
    with django_assert_max_num_queries(22):
        as_ana.get(URL)


@pytest.mark.parametrize("part", ["panel/", "curves.csv"])
def test_the_pieces_of_a_result_are_for_its_student_and_teachers_only(
    as_ana: Client, as_bruno: Client, as_carla: Client, ana: User, exercise: Exercise, part: str
) -> None:
    url = f"/submissions/{grade(factories.hand_in(ana, exercise), 100).pk}/{part}"
    assert as_ana.get(url).status_code == as_carla.get(url).status_code == 200
    assert as_bruno.get(url).status_code == 404
    assert Client().get(url).status_code == 302
    assert Client().get(url, headers={"accept": "application/json"}).status_code == 401


def test_the_numbers_of_a_curve_are_csv_that_no_spreadsheet_runs(
    as_ana: Client, ana: User, exercise: Exercise
) -> None:
    curves = [{"label": "=1+1", "role": "student", "points": [[0, 1.0], [1, None]]}, CURVE[1]]
    submission = grade(factories.hand_in(ana, exercise), 100, azar={"curves": curves})
    lines = as_ana.get(f"/submissions/{submission.pk}/curves.csv").content.decode().splitlines()
    assert lines == ["grupo,curva,x,y", "azar,'=1+1,0,1.0", "azar,'=1+1,1,", "azar,objetivo,,0.001"]


def test_without_scripts_a_submission_page_reloads_itself_until_it_is_final(
    as_ana: Client, ana: User, exercise: Exercise
) -> None:
    submission = factories.hand_in(ana, exercise)
    assert '<meta http-equiv="refresh" content="3">' in text(as_ana.get(f"/submissions/{submission.pk}/"))
    grade(submission, 100)
    page = text(as_ana.get(f"/submissions/{submission.pk}/"))
    assert "http-equiv" not in page
    assert "Superado · 100/100" in page


def test_a_refused_hand_in_keeps_the_text_for_readers_without_scripts(
    as_ana: Client, exercise: Exercise
) -> None:
    fields = {"source": "# mío\0", "kind": "submit", "form_token": str(uuid4())}
    answer = as_ana.post(f"{URL}submissions/", fields)
    assert answer.status_code == 422
    assert "# mío" in answer.content.decode()


def test_a_teacher_reads_whose_submission_it_is_and_cannot_take_it_back(
    as_ana: Client, as_carla: Client, ana: User, exercise: Exercise
) -> None:
    submission = factories.hand_in(ana, exercise, source="a = 1\nb = 2\n")
    url = f"/submissions/{submission.pk}/"
    seen, own = text(as_carla.get(url)), text(as_ana.get(url))
    assert f"Entrega 1 de {ana}" in seen
    assert ">Cancelar</button>" not in seen
    assert f"?submission={submission.pk}" not in seen  # that page would be the teacher's own: not found
    assert "Entrega 1 de" not in own
    assert ">Cancelar</button>" in own
    assert as_carla.post(f"{url}cancel/").status_code == 404


def test_the_code_of_a_submission_marks_the_line_where_it_stopped(
    as_carla: Client, ana: User, exercise: Exercise
) -> None:
    broken = {"verdict": "exception", "fraction": 0.0, "message": "Falla.", "evidence": {"line": 2}}
    submission = grade(factories.hand_in(ana, exercise, source="a = 1\nb = 1 < 2\nc = 3\n"), 0, azar=broken)
    page = as_carla.get(f"/submissions/{submission.pk}/").content.decode()
    marked = page.split("listing__line--problem", 1)[1].split("</li>")[0]
    assert "<code>b = 1 &lt; 2</code>" in marked
    assert page.count("listing__line--problem") == 1
