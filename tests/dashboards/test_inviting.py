"""A list of people: what it would do, and doing it."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import now

from accounts.models import User
from lessons.models import Cohort, Course, Enrolment, Invitation
from lessons.rosters import Line
from lessons.selectors.invitations import plan_of
from lessons.services import inviting
from tests import factories


@pytest.fixture
def cohort(course: Course) -> Cohort:
    return Cohort.objects.create(course=course, name="Otoño")


@pytest.fixture
def url(cohort: Cohort) -> str:
    return f"/teach/curso/cohorts/{cohort.pk}/invitations/"


def check(client: Client, url: str, data: bytes | str):
    posted = {"role": "student"}
    if isinstance(data, bytes):
        posted["file"] = SimpleUploadedFile("lista.csv", data)
    else:
        posted["text"] = data
    return client.post(url, posted)


def rows(answer) -> list[tuple[str, str, str]]:
    """(Line, address, what will happen) of the page, without tags."""
    found = re.findall(r"<tr>\s*<td class=\"num\">(.*?)</tr>", answer.content.decode(), re.S)
    cells = [re.split(r"</t[dh]>", row) for row in found]
    plain = [
        [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in row] for row in cells
    ]
    return [(row[0], row[1], row[4]) for row in plain]


def confirm(client: Client, answer, url: str):
    page = answer.content.decode()
    lines = html.unescape(re.search(r'<textarea name="lines" hidden>(.*?)</textarea>', page, re.S)[1])
    return client.post(f"{url}send/", {"lines": lines}, follow=True)


LIST = """correo;nombre;rol
eva@example.org;Eva Muñoz;
leo@example.org;Leo;ayudante
ana@example.org;Ana;
carla@example.org;Carla;
vieja@example.org;;
caducada@example.org;;
mal;Pepe;
EVA@example.org;Otra;
x@example.org;X;jefa
"""


@pytest.fixture
def earlier(cohort: Cohort, ana: User, carla: User) -> None:
    Enrolment.objects.filter(student=ana).update(cohort=cohort)
    lines = [Line(1, "vieja@example.org"), Line(2, "caducada@example.org")]
    inviting.invite(cohort=cohort, lines=lines, by=carla)
    Invitation.objects.filter(email__startswith="caducada").update(expires_at=now() - timedelta(days=1))


@pytest.mark.usefixtures("earlier")
def test_the_dry_run_shows_every_line_with_what_would_happen_the_bad_ones_first(as_carla, url):
    answer = check(as_carla, url, LIST.encode("utf-8-sig"))
    assert answer.status_code == 200
    assert rows(answer) == [
        ("8", "mal", "no se puede No es una dirección de correo."),
        ("9", "eva@example.org", "no se puede Repetida: ya está en la línea 2."),
        ("10", "x@example.org", "no se puede Rol desconocido: «jefa». Valen «estudiante» y «ayudante»."),
        ("2", "eva@example.org", "se invita"),
        ("3", "leo@example.org", "se invita"),
        ("4", "ana@example.org", "ya está en el curso Grupo: Otoño"),
        ("5", "carla@example.org", "ya está en el curso Da clase en el curso."),
        ("6", "vieja@example.org", "ya tiene invitación Grupo: Otoño"),
        ("7", "caducada@example.org", "se invita otra vez La invitación anterior caducó."),
    ]


@pytest.mark.usefixtures("earlier")
def test_the_dry_run_does_nothing_and_confirming_invites_exactly_those_shown(as_carla, url):
    answer = check(as_carla, url, LIST.encode("latin-1"))
    assert "Latin-1" in answer.content.decode()
    assert Invitation.objects.count() == 2
    assert "3 personas invitadas" in confirm(as_carla, answer, url).content.decode()
    made = Invitation.objects.exclude(email__startswith="vieja").order_by("email")
    assert list(made.values_list("email", "name", "role")) == [
        ("caducada@example.org", "", "student"),
        ("eva@example.org", "Eva Muñoz", "student"),
        ("leo@example.org", "Leo", "assistant"),
    ]
    assert all(one.expires_at > now() and one.mailed_at is None for one in made)


def test_confirming_twice_invites_once(as_carla: Client, url: str):
    answer = check(as_carla, url, "eva@example.org")
    confirm(as_carla, answer, url)
    assert "No había a quién invitar" in confirm(as_carla, answer, url).content.decode()
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("lines", ["", "\0", "mal", "a" * 2_000_000, "eva@example.org\tE\tdocente"])
def test_what_is_sent_back_is_read_as_if_nobody_had_looked_at_it(lines, as_carla: Client, url: str):
    answer = as_carla.post(f"{url}send/", {"lines": lines}, follow=True)
    assert "No había a quién invitar" in answer.content.decode()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "vacía"),
        ("", "vacía"),
        (b"x" * (10 * 1024 * 1024), "ocupa 10240 kB"),
        ("a@example.org\n" * 100_000, "ocupa"),
        (b"PK\x03\x04zip", "libro de una hoja de cálculo"),
        (b"nombre\nAna", "no tiene columna"),
        ("x@example.org\n" * 1500, "tiene 1500 líneas"),
    ],
)
def test_a_list_that_cannot_be_read_stays_on_its_page_with_the_reason(data, said, as_carla, url):
    answer = check(as_carla, url, data)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_what_stands_in_a_list_is_shown_as_text(as_carla: Client, url: str):
    page = check(as_carla, url, "eva@example.org,<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_thousand_lines_cost_two_queries(cohort: Cohort, carla, django_assert_num_queries):
    lines = [Line(n, f"p{n}@example.org") for n in range(1000)]
    with django_assert_num_queries(2):
        assert all(row.acts for row in plan_of(cohort=cohort, lines=lines, at=now()))
    assert inviting.invite(cohort=cohort, lines=lines, by=carla) == 1000


def test_open_invitations_are_sent_again_and_revoked_on_their_page(as_carla, cohort, carla, url):
    inviting.invite(cohort=cohort, lines=[Line(1, "eva@example.org")], by=carla)
    inviting.mail_waiting()
    invitation = Invitation.objects.get()
    address = f"/teach/curso/invitations/{invitation.pk}/"
    assert "Se acaba de enviar" in as_carla.post(f"{address}renew/", follow=True).content.decode()
    Invitation.objects.update(mailed_at=now() - timedelta(hours=1))
    assert "Se envía otra vez" in as_carla.post(f"{address}renew/", follow=True).content.decode()
    page = as_carla.post(f"{address}revoke/", follow=True).content.decode()
    assert "Invitación a eva@example.org retirada" in page
    assert "ya se aceptó o se retiró" in as_carla.post(f"{address}revoke/", follow=True).content.decode()
    assert "ya se aceptó o se retiró" in as_carla.post(f"{address}renew/", follow=True).content.decode()
    assert "Ninguna." in as_carla.get(url).content.decode()


def test_an_invitation_of_another_course_is_nobodys_here(as_carla: Client, carla: User):
    foreign = Cohort.objects.create(course=factories.make_course("otro"), name="Otro")
    invitation = Invitation.objects.create(
        cohort=foreign, email="e@example.org", digest="d", expires_at=now()
    )
    for what in ("renew", "revoke"):
        assert as_carla.post(f"/teach/curso/invitations/{invitation.pk}/{what}/").status_code == 404
