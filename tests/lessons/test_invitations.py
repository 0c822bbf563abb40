"""An invitation from the mail to the place in the cohort, and each way in which it ends otherwise."""

from __future__ import annotations

import re
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils.timezone import now

from accounts.models import User
from lessons.models import Cohort, Course, Enrolment, Invitation, Role
from lessons.rosters import Line
from lessons.services import inviting
from tests import factories
from tests.conftest import signed_in
from tests.factories import PASSWORD

EVA = "eva@example.org"


@pytest.fixture
def cohort(course: Course) -> Cohort:
    return Cohort.objects.create(course=course, name="Otoño")


def invite(cohort: Cohort, by: User, email: str = EVA, **facts: object) -> str:
    """Invite, send the mail, and give back the path of its link."""
    inviting.invite(cohort=cohort, lines=[Line(1, email, **facts)], by=by)
    inviting.mail_waiting()
    return link_to(email)


def link_to(email: str) -> str:
    message = next(one for one in reversed(mail.outbox) if one.to == [email])
    return re.search(r"https?://[^/\s]+(/invitations/\S+)", message.body)[1]


def place_of(person: User) -> Enrolment | None:
    return Enrolment.objects.select_related("cohort").filter(student=person).first()


def page(client: Client, path: str) -> tuple[int, str]:
    answer = client.get(path, follow=True)
    return answer.status_code, answer.content.decode()


def accept(client: Client):
    return client.post("/invitations/", follow=True)


def test_the_mail_says_who_invites_to_what_and_until_when(cohort: Cohort, carla: User):
    invite(cohort, carla, name="Eva")
    (message,) = mail.outbox
    assert message.subject == "Coursesite: tienes sitio en «Curso de prueba»"
    assert "Hola, Eva:" in message.body
    assert "Carla te invita al grupo «Otoño»" in message.body
    assert "Vale hasta el" in message.body
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_the_token_is_nowhere_but_in_the_mail(cohort: Cohort, carla: User):
    token = invite(cohort, carla).split("/")[-2]
    invitation = Invitation.objects.get()
    assert invitation.digest == inviting.digest_of(token)
    assert all(token not in str(value) for value in Invitation.objects.values().get().values())


def test_a_newcomer_signs_up_with_the_invited_address_and_needs_no_other_mail(
    client: Client, cohort: Cohort, carla: User
):
    link = invite(cohort, carla, name="Eva Muñoz")
    opened = client.get(link)
    assert opened.headers["Location"] == "/invitations/"
    assert "no hace falta confirmar el correo" in client.get("/invitations/").content.decode()
    shown = client.get("/invitations/").content.decode()
    way = re.search(r'href="(/accounts/signup/[^"]+)"', shown)[1].replace("&amp;", "&")
    form = client.get(way).content.decode()
    assert f'value="{EVA}"' in form
    answer = client.post("/accounts/signup/", {"email": EVA, "password1": PASSWORD, "next": "/invitations/"})
    assert answer.headers["Location"] == "/invitations/"
    assert EmailAddress.objects.get(email=EVA).verified
    assert len(mail.outbox) == 1

    assert "Ya estás en el grupo «Otoño»." in accept(client).content.decode()
    eva = User.objects.get(email=EVA)
    assert place_of(eva).cohort == cohort
    assert eva.name == "Eva Muñoz"
    assert page(client, link)[0] == 200  # hers: on to the course


def test_a_newcomer_with_another_address_confirms_it_first_and_comes_back(
    client: Client, cohort: Cohort, carla: User
):
    client.get(invite(cohort, carla))
    other = "eva.en.casa@example.org"
    client.post("/accounts/signup/", {"email": other, "password1": PASSWORD, "next": "/invitations/"})
    assert not EmailAddress.objects.get(email=other).verified
    confirm = re.search(r"https?://[^/\s]+(/accounts/confirm-email/\S+)", mail.outbox[-1].body)[1]
    answer = client.post(confirm)
    assert answer.headers["Location"] == "/invitations/"
    shown = client.get("/invitations/").content.decode()
    assert f"La invitación es para {EVA} y has entrado como {other}." in shown
    accept(client)
    assert place_of(User.objects.get(email=other)).cohort == cohort


def test_somebody_signed_in_takes_it_with_a_press_of_the_button(cohort, carla, bruno: User, as_bruno):
    link = invite(cohort, carla, bruno.email)
    assert "Aceptar la invitación" in page(as_bruno, link)[1]
    assert place_of(bruno) is None
    accept(as_bruno)
    assert place_of(bruno).cohort == cohort
    assert Invitation.objects.get().accepted_by == bruno


def test_an_assistants_place_is_for_the_invited_address_alone(cohort, carla, bruno: User, as_bruno):
    link = invite(cohort, carla, role=Role.ASSISTANT)
    assert "solo vale para la dirección invitada" in page(as_bruno, link)[1]
    assert accept(as_bruno).status_code == 409
    assert place_of(bruno) is None

    eva = factories.make_user("eva")
    client = signed_in(eva)
    client.get(link)
    answer = accept(client)
    place = place_of(eva)
    assert (place.role, place.whole_course, list(place.cohorts_taught.all())) == (
        "assistant",
        False,
        [cohort],
    )
    assert answer.redirect_chain[-1][0] == f"/teach/{cohort.course.slug}/"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"expires_at": now() - timedelta(days=1)}, "Esta invitación caducó"),
        ({"revoked_at": now()}, "Esta invitación se retiró"),
        ({"accepted_at": now()}, "Esta invitación ya se usó"),
    ],
)
@pytest.mark.parametrize("signed", [True, False])
def test_a_stale_a_revoked_and_a_used_invitation_say_what_they_are(
    facts, said, signed, cohort, carla, bruno, as_bruno, client: Client
):
    link = invite(cohort, carla)
    Invitation.objects.update(**facts)
    person = as_bruno if signed else client
    status, shown = page(person, link)
    assert (status, said in shown) == (410, True)
    assert accept(person).status_code == 410
    assert place_of(bruno) is None


def test_the_link_adds_the_invited_address_to_no_other_account(client: Client, cohort: Cohort, carla: User):
    eva = factories.make_user("eva")
    client.get(invite(cohort, carla))
    other = "otra@example.org"
    client.post("/accounts/signup/", {"email": other, "password1": PASSWORD})
    assert list(EmailAddress.objects.filter(user__email=other).values_list("email", flat=True)) == [other]
    assert EmailAddress.objects.get(email=EVA).user == eva


def test_a_dead_invitation_vouches_for_no_address(client: Client, cohort: Cohort, carla: User):
    link = invite(cohort, carla)
    Invitation.objects.update(revoked_at=now())
    client.get(link)
    client.post("/accounts/signup/", {"email": EVA, "password1": PASSWORD})
    assert not EmailAddress.objects.get(email=EVA).verified


def test_an_invitation_taken_in_another_tab_meanwhile_is_taken_once(cohort, carla, as_bruno, bruno):
    link = invite(cohort, carla)
    as_bruno.get(link)
    other = factories.make_user("otra")
    client = signed_in(other)
    client.get(link)
    accept(client)
    assert "ya se usó" in accept(as_bruno).content.decode()
    assert place_of(bruno) is None


@pytest.mark.parametrize("token", ["nada", "a" * 500, "\u202e", "%00"])
def test_a_link_of_no_invitation_says_so(token, client: Client, db):
    status, shown = page(client, f"/invitations/{token}/")
    assert status == 404
    assert "no es de ninguna invitación" in shown


def test_who_has_opened_no_invitation_finds_none(as_bruno: Client):
    assert as_bruno.get("/invitations/").status_code == 404
    assert as_bruno.post("/invitations/").status_code == 404


def test_a_student_of_another_cohort_stays_there_and_the_invitation_too(as_ana, ana, course, cohort, carla):
    first = Cohort.objects.create(course=course, name="Verano")
    Enrolment.objects.filter(student=ana).update(cohort=first)
    link = invite(cohort, carla)
    as_ana.get(link)
    answer = accept(as_ana)
    assert (answer.status_code, "Ya estás en el grupo «Verano»" in answer.content.decode()) == (409, True)
    assert place_of(ana).cohort == first
    assert Invitation.objects.get().accepted_at is None


def test_who_had_left_comes_back_by_an_invitation_to_all_that_was_theirs(as_ana, ana, cohort, carla):
    place = Enrolment.objects.get(student=ana)
    Enrolment.objects.update(left_at=now())
    Enrolment.objects.filter(student=carla).update(left_at=None)
    as_ana.get(invite(cohort, carla, ana.email))
    accept(as_ana)
    assert (place_of(ana).pk, place_of(ana).cohort) == (place.pk, cohort)


def test_inviting_twice_sends_one_mail(cohort: Cohort, carla: User):
    invite(cohort, carla)
    assert inviting.invite(cohort=cohort, lines=[Line(1, EVA.upper().lower())], by=carla) == 0
    inviting.mail_waiting()
    assert (len(mail.outbox), Invitation.objects.count()) == (1, 1)


def test_an_expired_invitation_is_sent_anew_and_only_its_new_link_works(cohort, carla, client: Client):
    old = invite(cohort, carla)
    Invitation.objects.update(expires_at=now() - timedelta(days=1))
    new = invite(cohort, carla)
    assert page(client, old)[0] == 404
    assert page(client, new)[0] == 200
    assert Invitation.objects.count() == 1


def test_sending_again_waits_five_minutes_and_replaces_the_link(cohort: Cohort, carla: User, client: Client):
    old = invite(cohort, carla)
    with pytest.raises(inviting.JustSent):
        inviting.renew(invitation=Invitation.objects.get())
    Invitation.objects.update(mailed_at=now() - timedelta(minutes=6), expires_at=now())
    inviting.renew(invitation=Invitation.objects.get())
    inviting.mail_waiting()
    assert page(client, old)[0] == 404
    assert page(client, link_to(EVA))[0] == 200


def test_what_was_accepted_can_be_neither_sent_again_nor_revoked(cohort: Cohort, carla: User):
    invite(cohort, carla)
    Invitation.objects.update(accepted_at=now(), mailed_at=None)
    with pytest.raises(inviting.NotOpen):
        inviting.renew(invitation=Invitation.objects.get())
    assert not inviting.revoke(invitation=Invitation.objects.get())
    assert inviting.mail_waiting() == 0


class Server:
    """A mail server that does what each test says of an address; the world outside."""

    def __init__(self, refuses: str = "", away: str = "") -> None:
        self.refuses, self.away, self.sent = refuses, away, []

    def send_messages(self, messages) -> int:
        for message in messages:
            if message.to == [self.away]:
                raise SMTPServerDisconnected("away")
            if message.to == [self.refuses]:
                raise SMTPRecipientsRefused({self.refuses: (550, b"no such user")})
            self.sent.append(message.to[0])
        return len(messages)

    def close(self) -> None:
        pass


@pytest.fixture
def three(cohort: Cohort, carla: User) -> list[str]:
    addresses = [f"{name}@example.org" for name in ("uno", "dos", "tres")]
    inviting.invite(cohort=cohort, lines=[Line(n, one) for n, one in enumerate(addresses)], by=carla)
    return addresses


def test_a_server_that_is_away_costs_no_invitation(three, monkeypatch):
    away = Server(away=three[1])
    monkeypatch.setattr(inviting, "get_connection", lambda: away)
    assert inviting.mail_waiting() == 1
    back = Server()
    monkeypatch.setattr(inviting, "get_connection", lambda: back)
    assert inviting.mail_waiting() == 2
    assert away.sent + back.sent == three
    assert inviting.mail_waiting() == 0


def test_an_address_that_the_server_refuses_does_not_hold_up_the_others(three, monkeypatch):
    server = Server(refuses=three[0])
    monkeypatch.setattr(inviting, "get_connection", lambda: server)
    assert inviting.mail_waiting() == 2
    assert inviting.mail_waiting() == 0
    assert server.sent == three[1:]


def test_one_round_of_mails_goes_at_a_time(three, monkeypatch):
    class Slow(Server):
        def send_messages(self, messages) -> int:
            assert inviting.mail_waiting() == 0
            return super().send_messages(messages)

    server = Slow()
    monkeypatch.setattr(inviting, "get_connection", lambda: server)
    assert inviting.mail_waiting() == 3
    assert server.sent == three
