"""Attack 70: markup left where somebody else will read it; attack 76: answers that are read too early.

What an author writes is sanitised when the course is loaded: tests/lessons/content/test_hostile.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import now
from lxml import html

from accounts.models import Notification, PersonalToken, User
from exercises.models import Draft, Exercise, ExerciseVersion, KeptDraft, TestGroup
from grading.models import Comment, Grading, GroupResult, State, Submission
from lessons.models import (
    Answer,
    Certificate,
    Cohort,
    Course,
    Extension,
    Invitation,
    Lesson,
    Note,
    Question,
    ReviewCard,
)
from tests.conftest import signed_in
from tests.coursesite.test_permissions import address_of, rows

READS = sorted({name for name, method, _statuses in rows() if method == "GET"})
OTHERS = ["/accounts/sessions/", "/accounts/email/", "/accounts/2fa/", "/accounts/login/", "/"]


def hostile(field: str) -> str:
    """Breaks out of text, attributes, text areas, titles and scripts, wherever it is not escaped."""
    return f"""{field}'"></textarea></title></script><img src=q onerror=a() class=xss><svg onload=a()>"""


def text_of(answer: HttpResponse) -> str:
    """What was sent; an event stream repeats what the submission's own address says, and has no end."""
    return "" if answer.streaming else answer.content.decode(errors="replace")


def harmless(page: str) -> None:
    """Nothing of what was typed has become part of the page."""
    tree = html.document_fromstring(page)
    assert tree.xpath("//*[contains(@class, 'xss')]") == []
    assert tree.xpath("//@*[starts-with(name(), 'on')]") == []
    assert tree.xpath("//script[not(@src) and not(@type='application/json')]") == []
    assert [link for link in tree.xpath("//@href | //@src | //@action") if "script:" in link.lower()] == []


def pages(place: dict[str, object]) -> Iterator[tuple[str, HttpResponse]]:
    """Every page that a student, a fellow and a teacher can open."""
    for who in ("ana", "carla", "fabio"):
        client = signed_in(User.objects.get(email=f"{who}@example.org"))
        for name in READS:
            if name != "accounts:open_notification":
                yield f"{who}: {name}", client.get(address_of(name, place))
        for address in OTHERS:
            yield f"{who}: {address}", client.get(address, follow=True)
        for query in ("?unit=1", "?only=stuck", "?order=name", f"?cohort={Cohort.objects.earliest('pk').pk}"):
            yield f"{who}: group{query}", client.get(f"/teach/curso/{query}")


@pytest.fixture
def planted(place: dict[str, object]) -> dict[str, object]:
    """The place after Ana and Carla have typed markup wherever somebody can type."""
    ana, carla = (User.objects.get(email=f"{who}@example.org") for who in ("ana", "carla"))
    exercise = Exercise.objects.get(slug="doble")
    User.objects.filter(pk__in=[ana.pk, carla.pk]).update(name=hostile("NAME"))
    Cohort.objects.filter(name="A").update(name=hostile("COHORT"))
    Course.objects.update(title=hostile("TITLE"))
    Exercise.objects.update(title=hostile("EXERCISE"))
    PersonalToken.objects.update(name=hostile("TOKEN")[:80])
    facts = {"author": hostile("AUTHOR"), "exercise": hostile("FACT"), "line": 1}
    Notification.objects.update(facts=facts, url="javascript:a()")
    Note.objects.update(
        text=f"{hostile('NOTE')} [a](javascript:a()) ![b](x onerror=a()) $\\href{{javascript:a()}}{{c}}$"
    )
    Certificate.objects.update(
        name=hostile("CERTIFICATE"), revoked_because=hostile("BECAUSE"), revoked_at=now()
    )
    Invitation.objects.update(name=hostile("INVITED"))
    Extension.objects.update(reason=hostile("REASON"))
    Draft.objects.create(student=ana, exercise=exercise, source=hostile("DRAFT"))
    KeptDraft.objects.create(student=ana, exercise=exercise, source=hostile("KEPT"), reason="reset")
    UserSession.objects.create(user=ana, ip="10.0.0.1", user_agent=hostile("AGENT"), session_key="k")
    Comment.objects.update(text=f"{hostile('COMMENT')} `{hostile('CODE')}`", line=1, author=carla)
    submission = Submission.objects.get(pk=place["submission_id"])
    Submission.objects.filter(pk=submission.pk).update(
        source=hostile("SOURCE"), state=State.GRADED, score=10, started_at=now(), finished_at=now()
    )
    grading = Grading.objects.create(
        submission=submission, version=exercise.current, score=10, output=hostile("OUTPUT")
    )
    trace = [{"line": 1, "name": hostile("FRAME"), "text": hostile("TRACE")}]
    evidence = {"traceback": trace, "text": hostile("TEXT"), "offset": 1, "line": 1, "x": hostile("AXIS")}
    curves = [{"label": hostile("LABEL"), "role": "student", "points": [[0, 1], [1, 2]]}]
    for group in exercise.current.groups.all():
        GroupResult.objects.create(
            grading=grading, group=group, verdict="exception", message=hostile("MESSAGE"),
            evidence=evidence, curves=curves,
        )  # fmt: skip
    Lesson.objects.update(html='<div data-question="una"></div><div data-exercise="doble"></div>')
    question = Question.objects.get(key="una")
    Question.objects.filter(pk=question.pk).update(
        kind="predict", public={}, answer={"accept": ["x"], "wrong": []}
    )
    Answer.objects.create(student=ana, question=question, response={"text": hostile("TYPED")}, correct=False)
    ReviewCard.objects.create(student=ana, question=question, memory={}, due_at=now())
    return place


SHOWN = [
    "NAME", "COHORT", "TITLE", "EXERCISE", "TOKEN", "AUTHOR", "FACT", "DRAFT", "KEPT", "COMMENT", "CODE",
    "SOURCE", "NOTE", "CERTIFICATE", "INVITED", "REASON", "OUTPUT", "MESSAGE", "TYPED", "TRACE", "LABEL",
]  # fmt: skip


@pytest.mark.django_db
def test_70_what_people_type_is_text_on_every_page(planted: dict[str, object]):
    seen = ""
    for where, page in pages(planted):
        assert page.status_code < 500, where
        text = text_of(page)
        if text and page.headers["Content-Type"].startswith("text/html"):
            harmless(text)
            seen += text
        else:
            assert page.headers["X-Content-Type-Options"] == "nosniff", where
    assert [word for word in SHOWN if word not in seen] == [], "these were planted and nobody showed them"


@pytest.mark.django_db
def test_70_a_notification_that_leads_to_a_script_leads_home(planted: dict[str, object]):
    ana = signed_in(User.objects.get(email="ana@example.org"))
    assert ana.get(address_of("accounts:open_notification", planted)).url == "/accounts/notifications/"


@pytest.mark.django_db
def test_70_the_name_of_a_file_is_ours_and_no_header_is_split(planted: dict[str, object]):
    carla = signed_in(User.objects.get(email="carla@example.org"))
    for name in ("dashboards:export_csv", "dashboards:export_xlsx", "grading:curves"):
        kept = carla.get(address_of(name, planted)).headers["Content-Disposition"]
        assert re.fullmatch(r'attachment; filename="[a-z0-9.-]+"', kept)


def test_70_a_typed_name_is_text_in_the_mail_that_carries_it(db: None, dario: Client, mailoutbox: list):
    from tests.factories import PASSWORD

    dario.post(
        "/accounts/signup/",
        {"email": "n@example.org", "password1": PASSWORD, "name": "A\r\nBcc: todos@example.org <b>"},
    )
    (message,) = mailoutbox
    assert message.recipients() == ["n@example.org"]
    assert "Bcc" not in message.message()
    for body, kind in getattr(message, "alternatives", []):
        assert "<b>" not in body or kind != "text/html"


# 76: answers before answering


@pytest.fixture
def asked(place: dict[str, object]) -> dict[str, object]:
    """Ana has answered nothing yet; every answer, reason, hint and hidden check holds a word to look for."""
    Lesson.objects.update(html='<div data-question="una"></div><div data-exercise="doble"></div>')
    answer = {"correct": "b", "why": {"a": "PORQUE-A", "b": "PORQUE-B"}, "right": "PORQUE-SI"}
    options = {"options": [{"id": "a", "html": "Una"}, {"id": "b", "html": "Otra"}]}
    Question.objects.update(
        answer=answer,
        variants=[{"prompt": "¿?", "public": options, "answer": answer}],
    )
    ExerciseVersion.objects.update(grader="def oculto(): return 'CALIFICADOR'")
    TestGroup.objects.update(hints={"dobla": "PISTA-QUE-SE-GANA"})
    return place


SECRETS = ("PORQUE-", "CALIFICADOR", "PISTA-", '"correct"', "content_hash")


@pytest.mark.django_db
def test_76_nothing_that_a_student_can_fetch_holds_an_answer_before_they_answer(asked: dict[str, object]):
    for who in ("dario", "fabio", "ana"):
        client = Client() if who == "dario" else signed_in(User.objects.get(email=f"{who}@example.org"))
        for name in READS:
            if name in {"api:schema", "api:docs"}:  # they name the fields, and hold no course
                continue
            page = text_of(client.get(address_of(name, asked)))
            assert [secret for secret in SECRETS if secret in page] == [], f"{who}: {name}"


@pytest.mark.django_db
def test_76_answering_wrongly_tells_the_reason_for_what_was_chosen_and_not_the_answer(
    asked: dict[str, object],
):
    client = signed_in(User.objects.get(email="ana@example.org"))
    client.post(address_of("lessons:answer", asked), {"choice": "a"})
    for name in READS:
        page = text_of(client.get(address_of(name, asked)))
        assert "PORQUE-B" not in page, name
        assert "PORQUE-SI" not in page, name


OUTSIDE = [
    "/static/../courses/curso/course.md",
    "/static/..%2f..%2fcourses",
    "/static/%2e%2e/manage.py",
    "/static//etc/passwd",
    "/courses/curso/course.md",
    "/.env",
]


def test_76_no_script_and_no_file_that_is_served_holds_a_course(db: None):
    """Labs and quizzes are drawn by scripts; the answers of the real course stand in none of them."""
    sources = [*Path(settings.BASE_DIR, "courses").rglob("*.md")]
    reasons = {
        found[1] for path in sources for found in re.finditer(r'why: "([\w ,.]{20,60})', path.read_text())
    }
    assert len(reasons) > 20
    served = [
        path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*") if path.is_file()
    ]
    names = {path.suffix for path in served}
    assert not names & {".md", ".py", ".yaml", ".yml", ".map"}
    text = "".join(path.read_text(errors="replace") for path in served if path.suffix == ".js")
    assert not [reason for reason in reasons if reason in text]
    for address in OUTSIDE:
        assert Client().get(address).status_code in {301, 302, 400, 404}, address
