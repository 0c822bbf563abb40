from __future__ import annotations

from datetime import UTC, datetime, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.test import Client

from accounts.digest import token_for
from accounts.models import Notification, NotificationKind, User
from accounts.services.mailing import send_digests
from accounts.services.notifications import choose, notify
from tests import factories

URL = "/accounts/notifications/"
GRADED = {"exercise": "El doble", "points": 60, "passed": 3, "total": 5}
MORNING = datetime(2026, 11, 24, 8, 5, tzinfo=UTC)


def tell(person: User, key: str = "graded:1", at: datetime | None = None) -> None:
    notify(person=person, kind=NotificationKind.GRADED, key=key, facts=GRADED, url="/submissions/1/")
    if at:
        Notification.objects.filter(person=person, key=key).update(created_at=at)


def test_the_same_news_is_told_once(ana: User):
    tell(ana)
    tell(ana)
    assert Notification.objects.count() == 1


def test_the_list_says_it_in_a_sentence_and_opening_it_reads_it(ana: User, as_ana: Client):
    assert "Nada nuevo" in as_ana.get(URL).content.decode()
    tell(ana)
    page = as_ana.get(URL).content.decode()
    assert "«El doble», corregida: 3 de 5 grupos, 60 puntos." in page
    assert "sin leer" in page
    assert "1 aviso sin leer" in as_ana.get("/").content.decode()
    opened = as_ana.get(f"{URL}{Notification.objects.get().pk}/")
    assert opened.headers["Location"] == "/submissions/1/"
    assert "sin leer" not in as_ana.get(URL).content.decode()
    assert "aviso sin leer" not in as_ana.get("/").content.decode()


def test_all_are_read_at_once(ana: User, as_ana: Client):
    for number in range(3):
        tell(ana, f"k{number}")
    as_ana.post(f"{URL}read/")
    assert not Notification.objects.filter(read_at__isnull=True).exists()


def test_an_address_of_another_site_is_not_followed(ana: User, as_ana: Client):
    notify(person=ana, kind=NotificationKind.COMMENT, key="k", facts={}, url="https://evil.example/")
    opened = as_ana.get(f"{URL}{Notification.objects.get().pk}/")
    assert opened.headers["Location"] == URL


def test_what_is_said_of_others_is_escaped(ana: User, as_ana: Client):
    facts = {"author": "<script>alert(1)</script>", "exercise": "x", "line": None}
    notify(person=ana, kind=NotificationKind.COMMENT, key="k", facts=facts, url="/")
    assert "<script>alert" not in as_ana.get(URL).content.decode()


def test_a_kind_that_nobody_wants_is_not_told(ana: User, as_ana: Client):
    as_ana.post(f"{URL}choices/", {"on_site": ["comment"], "by_mail": []})
    tell(ana)
    assert not Notification.objects.exists()


def test_a_kind_that_does_not_exist_changes_nothing(ana: User, as_ana: Client):
    answer = as_ana.post(f"{URL}choices/", {"on_site": ["todo"]}, follow=True)
    assert "No se guardó" in answer.content.decode()
    assert not ana.notification_choices.exists()


@pytest.mark.parametrize(
    ("zone", "due"), [("Europe/Madrid", 7), ("America/Mexico_City", 14), ("Asia/Tokyo", 23)]
)
def test_the_digest_leaves_at_eight_of_the_readers_own_zone(zone: str, due: int, ana: User):
    User.objects.update(time_zone=zone)
    tell(ana, at=MORNING - timedelta(days=2))
    afternoon = MORNING.replace(hour=due) + timedelta(hours=5)
    for hours in range(24):
        at = afternoon + timedelta(hours=hours)
        assert send_digests(at=at) == (1 if at.hour == due else 0), at
    assert len(mail.outbox) == 1


def test_a_change_of_the_clock_neither_skips_nor_repeats_a_morning(ana: User):
    User.objects.update(time_zone="Europe/Madrid")
    sent = []
    for hour in range(24 * 3):  # clocks go back on 25 October 2026
        at = datetime(2026, 10, 24, tzinfo=UTC) + timedelta(hours=hour)
        if hour % 24 == 0:
            tell(ana, f"k{hour}", at=at)
        if send_digests(at=at):
            sent.append(at.hour)
    assert sent == [6, 7, 7]


def test_the_digest_names_no_tracker_and_ends_at_one_press_signed_out(ana: User, settings):
    settings.SITE_URL = "https://curso.example"
    tell(ana, at=MORNING - timedelta(days=1))
    send_digests(at=MORNING)
    (message,) = mail.outbox
    assert "«El doble», corregida" in message.body
    assert "https://curso.example/submissions/1/" in message.body
    html = message.alternatives[0][0]
    assert "<img" not in html
    refuse = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    path = refuse.removeprefix("https://curso.example")
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(path).status_code == 200
    assert not ana.notification_choices.exists()
    assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    tell(ana, "graded:2", at=MORNING)
    assert send_digests(at=MORNING + timedelta(days=1)) == 0
    assert Notification.objects.filter(key="graded:2").exists()


def test_a_token_that_we_did_not_sign_ends_nothing(ana: User, client: Client):
    assert client.post(f"/accounts/unsubscribe/{token_for(ana)}x/").status_code == 404


def test_what_is_read_or_mailed_is_not_mailed_again(ana: User):
    tell(ana, "leida", at=MORNING - timedelta(days=1))
    Notification.objects.update(read_at=MORNING)
    assert send_digests(at=MORNING) == 0
    tell(ana, "nueva", at=MORNING - timedelta(days=1))
    assert send_digests(at=MORNING) == 1
    assert send_digests(at=MORNING + timedelta(hours=1)) == 0


def test_a_mail_server_that_is_away_loses_nothing(ana: User, monkeypatch: pytest.MonkeyPatch):
    tell(ana, at=MORNING - timedelta(days=1))
    with monkeypatch.context() as away:

        def fail(*_args: object, **_options: object) -> None:
            raise SMTPServerDisconnected

        away.setattr("django.core.mail.EmailMultiAlternatives.send", fail)
        assert send_digests(at=MORNING) == 0
    assert send_digests(at=MORNING + timedelta(hours=1)) == 1


def test_the_digest_speaks_the_readers_language_and_leaves_out_who_left(ana: User, bruno: User):
    for person in (ana, bruno):
        tell(person, at=MORNING - timedelta(days=1))
    User.objects.filter(pk=bruno.pk).update(deletion_asked_at=MORNING)
    User.objects.filter(pk=ana.pk).update(language="es")
    assert send_digests(at=MORNING) == 1
    assert mail.outbox[0].to == ["ana@example.org"]


def test_choosing_is_for_oneself(ana: User, bruno: User, as_bruno: Client):
    choose(person=ana, on_site=["graded"], by_mail=["graded"])
    as_bruno.post(f"{URL}choices/", {})
    assert ana.notification_choices.get(kind="graded").by_mail
    assert not factories.User.objects.get(pk=bruno.pk).notification_choices.get(kind="graded").by_mail
