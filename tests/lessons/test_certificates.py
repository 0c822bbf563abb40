"""From the rule of a course to a certificate that anybody can check."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.test import Client
from django.utils.timezone import now
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from accounts.models import User
from exercises.models import Exercise
from lessons import codes
from lessons.certificate_pdf import FONT
from lessons.certificate_words import missing
from lessons.models import Certificate, Course, Enrolment, Lesson, Question, QuizTry
from lessons.selectors.certificate import CertificateState, certificate_state, quiz_results
from lessons.selectors.outline import course_outline
from lessons.services import certifying
from tests import factories
from tests.conftest import signed_in

from .conftest import answered, read

printed = pytest.mark.skipif(finders.find(FONT) is None, reason="the front end is not built")


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()
    yield
    cache.clear()


def pass_exercise(student: User, exercise: Exercise, *, score: float = 100, late: bool = False) -> None:
    submission = factories.hand_in(student, exercise)
    submission.state, submission.score, submission.late = "graded", score, late
    submission.save()


def question(lesson: Lesson, key: str, *, at_end: bool = False) -> Question:
    return Question.objects.create(
        lesson=None if at_end else lesson,
        unit=lesson.section.unit,
        key=key,
        position=1,
        kind="single",
        prompt="",
    )


def handed_in(student: User, unit, number: int, score: float, *, counts: bool = True) -> QuizTry:
    return QuizTry.objects.create(
        student=student, unit=unit, number=number, seed=1, score=score, counts=counts, handed_in_at=now()
    )


@pytest.fixture
def short(course: Course, lesson: Lesson, exercise: Exercise) -> Course:
    """One lesson, one exercise, and a rule that asks for both."""
    course.lessons.exclude(pk=lesson.pk).delete()
    course.units.update(exercises_promised=1)
    course.certificate_rule = {"lessons": 1, "exercises": 1}
    course.save()
    return course


def state(student: User, course: Course) -> CertificateState:
    found = certificate_state(outline=course_outline(course=course, student=student), student=student)
    assert found is not None
    return found


@pytest.fixture
def earned(short: Course, ana: User, lesson: Lesson, exercise: Exercise) -> Course:
    read(ana, lesson, marked=True)
    pass_exercise(ana, exercise)
    return short


@pytest.fixture
def hers(earned: Course, ana: User) -> Certificate:
    return certifying.issue_certificate(student=ana, course=earned)


# How near


def test_the_progress_page_counts_what_is_missing(as_ana: Client, ana: User, short: Course, lesson: Lesson):
    url = f"{short.get_absolute_url()}progress/"
    assert "Te faltan 1 lección y 1 ejercicio." in as_ana.get(url).content.decode()
    read(ana, lesson, marked=True)
    page = as_ana.get(url).content.decode()
    assert "Te falta 1 ejercicio." in page
    assert "Expedir mi certificado" not in page


def test_a_course_without_a_rule_speaks_of_no_certificate(as_ana: Client, course: Course):
    assert "ertificado" not in as_ana.get(f"{course.get_absolute_url()}progress/").content.decode().replace(
        "Comprobar un certificado", ""
    )


def test_a_course_that_is_still_being_written_cannot_be_certified(ana: User, course: Course, lesson: Lesson):
    course.certificate_rule = {"lessons": 1}
    course.save()
    read(ana, lesson, marked=True)
    found = state(ana, course)
    assert not found.earned
    assert (found.unwritten, found.waits_for_the_course) == (1, True)
    course.certificate_rule = {"lessons": 0.5}
    course.save()
    assert state(ana, course).earned


@pytest.mark.parametrize(
    ("score", "late", "counts"), [(100, False, True), (99, False, False), (100, True, False)]
)
def test_an_exercise_counts_when_every_group_passed_in_time(
    score, late, counts, ana: User, short: Course, exercise: Exercise
):
    pass_exercise(ana, exercise, score=score, late=late)
    assert [share.met for share in state(ana, short).shares] == [False, counts]


def test_an_end_quiz_counts_by_the_best_try_that_counts(ana: User, short: Course, lesson: Lesson):
    question(lesson, "en-la-leccion")
    question(lesson, "final", at_end=True)
    unit = lesson.section.unit
    assert quiz_results(student=ana, course=short) == {unit.pk: 0}
    handed_in(ana, unit, 1, 0.4)
    handed_in(ana, unit, 2, 0.75)
    handed_in(ana, unit, 3, 0.5)
    handed_in(ana, unit, 4, 1.0, counts=False)
    QuizTry.objects.create(student=ana, unit=unit, number=5, seed=1)
    assert quiz_results(student=ana, course=short) == {unit.pk: 0.75}


def test_without_an_end_quiz_the_questions_of_the_lessons_count_once_they_were_right(
    ana: User, short: Course, lesson: Lesson
):
    short.certificate_rule = {"quizzes": 0.7}
    one, two = question(lesson, "una"), question(lesson, "dos")
    answered(ana, one, correct=False)
    answered(ana, one)
    found = state(ana, short)
    assert missing(found) == "en los quizzes llevas el 50 % y se pide el 70 %"
    answered(ana, two)
    assert state(ana, short).earned


def test_what_a_course_does_not_have_is_not_asked(ana: User, short: Course, lesson: Lesson):
    short.certificate_rule = {"lessons": 1, "quizzes": 0.7}
    read(ana, lesson, marked=True)
    found = state(ana, short)
    assert [share.kind for share in found.shares] == ["lessons"]
    assert found.earned


def test_seven_tenths_of_ten_are_seven(ana: User, course: Course):
    section = course.units.get().sections.get()
    for n in range(3, 11):
        course.lessons.create(
            section=section, number=f"1.1.{n}", slug="x", title="L", position=n, written=True
        )
    course.certificate_rule = {"lessons": 0.7}
    lessons = list(course.lessons.filter(written=True))
    for one in lessons[:6]:
        read(ana, one, marked=True)
    assert missing(state(ana, course)) == "te falta 1 lección"
    read(ana, lessons[6], marked=True)
    assert state(ana, course).earned


@pytest.mark.parametrize("units", [1, 9])
def test_the_state_costs_three_queries_however_long_the_course(
    units, ana: User, short: Course, lesson: Lesson, django_assert_num_queries
):
    short.certificate_rule = {"lessons": 1, "exercises": 1, "quizzes": 1}
    for number in range(2, units + 1):
        unit = short.units.create(number=number, slug="u", title="U")
        Question.objects.create(unit=unit, key="q", position=1, kind="single", prompt="")
    question(lesson, "q")
    outline = course_outline(course=short, student=ana)
    with django_assert_num_queries(3):
        found = certificate_state(outline=outline, student=ana)
    assert found.shares[-1].total == units


# Issuing


def test_one_button_issues_it_and_leads_to_a_page_that_anybody_can_read(
    as_ana: Client, dario: Client, earned: Course
):
    progress = as_ana.get(f"{earned.get_absolute_url()}progress/").content.decode()
    assert "Expedir mi certificado" in progress
    address = as_ana.post(f"{earned.get_absolute_url()}certificate/").headers["Location"]
    answer = dario.get(address)
    page = answer.content.decode()
    assert answer.status_code == 200
    for words in ("Ana", "Curso de prueba", "Válido", "1 de 1 lección", "se pedía el 100 %"):
        assert words in page
    assert "noindex" in page
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert "ana@example.org" not in page
    progress = as_ana.get(f"{earned.get_absolute_url()}progress/").content.decode()
    assert "Ver tu certificado" in progress


def test_two_clicks_issue_one(as_ana: Client, ana: User, earned: Course):
    url = f"{earned.get_absolute_url()}certificate/"
    assert as_ana.post(url).headers["Location"] == as_ana.post(url).headers["Location"]
    assert Certificate.objects.filter(student=ana).count() == 1


def test_without_a_name_in_the_profile_none_is_issued_and_the_page_says_where_to_write_it(
    ana: User, earned: Course
):
    User.objects.filter(pk=ana.pk).update(name="")
    client = signed_in(User.objects.get(pk=ana.pk))
    progress = client.get(f"{earned.get_absolute_url()}progress/").content.decode()
    assert "Escribir mi nombre" in progress
    assert "Expedir mi certificado" not in progress
    answer = client.post(f"{earned.get_absolute_url()}certificate/", follow=True)
    assert "tu perfil no tiene ninguno" in answer.content.decode()
    assert not Certificate.objects.exists()


def test_who_has_not_earned_it_gets_none_whatever_they_post(as_ana: Client, short: Course):
    answer = as_ana.post(f"{short.get_absolute_url()}certificate/", follow=True)
    assert "Todavía no cumples" in answer.content.decode()
    assert not Certificate.objects.exists()


def test_who_left_the_course_asks_in_vain_and_keeps_what_they_had(
    as_ana: Client, ana: User, hers: Certificate, dario: Client
):
    Enrolment.objects.filter(student=ana).update(left_at=now())
    assert as_ana.post(f"{hers.course.get_absolute_url()}certificate/").status_code == 404
    with pytest.raises(certifying.Refused):
        certifying.issue_certificate(student=ana, course=hers.course)
    assert "Válido" in dario.get(hers.get_absolute_url()).content.decode()


def test_it_says_what_was_true_that_day(hers: Certificate, ana: User, dario: Client):
    Course.objects.update(title="Otro título", certificate_rule={"lessons": 0.1})
    User.objects.filter(pk=ana.pk).update(name="Otra")
    page = dario.get(hers.get_absolute_url()).content.decode()
    assert "Curso de prueba" in page
    assert "Otro título" not in page
    assert "Ana" in page
    assert "se pedía el 100 %" in page


# Revoking


def test_a_revoked_one_says_so_and_why_and_has_no_sheet(hers: Certificate, dario: Client):
    assert certifying.revoke_certificate(certificate=hers, reason="El código era de otra persona.")
    assert not certifying.revoke_certificate(certificate=hers, reason="Otra cosa.")
    page = dario.get(hers.get_absolute_url()).content.decode()
    assert "Revocado" in page
    assert "El código era de otra persona." in page
    assert "Válido" not in page
    assert "Descargar el PDF" not in page
    assert (
        dario.get(f"{hers.get_absolute_url()}certificate.pdf").headers["Location"] == hers.get_absolute_url()
    )


def test_its_owner_cannot_issue_another_alone(as_ana: Client, hers: Certificate):
    certifying.revoke_certificate(certificate=hers, reason="Copiado.")
    url = hers.course.get_absolute_url()
    assert "Copiado." in as_ana.get(f"{url}progress/").content.decode()
    assert "Tu certificado fue revocado" in as_ana.post(f"{url}certificate/", follow=True).content.decode()
    assert Certificate.objects.count() == 1


def test_another_in_its_place_has_the_name_of_now_and_the_facts_of_then(hers: Certificate, ana: User):
    User.objects.filter(pk=ana.pk).update(name="Ana Gil")
    Course.objects.update(certificate_rule={"lessons": 0.1})
    hers.refresh_from_db()
    fresh = certifying.reissue_certificate(certificate=hers)
    hers.refresh_from_db()
    assert (fresh.name, fresh.facts) == ("Ana Gil", hers.facts)
    assert fresh.code != hers.code
    assert hers.revoked_because == "Se expidió otro en su lugar."
    with pytest.raises(certifying.Refused, match="otro certificado válido"):
        certifying.reissue_certificate(certificate=hers)
    fresh.refresh_from_db()
    assert fresh.revoked_at is None


# Codes


@given(st.integers(0, codes.LENGTH - 1), st.sampled_from(codes.ALPHABET))
def test_a_wrong_letter_is_noticed(place: int, letter: str):
    code = codes.new_code().replace("-", "")
    wrong = code[:place] + letter + code[place + 1 :]
    assert (codes.read_code(wrong) is None) == (wrong != code)


@given(st.integers(0, codes.LENGTH - 2))
def test_two_letters_swapped_are_noticed(place: int):
    code = codes.new_code().replace("-", "")
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (codes.read_code(swapped) is None) == (swapped != code)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_code_or_none(typed: str):
    found = codes.read_code(typed)
    assert found is None or codes.read_code(found) == found


def test_codes_are_read_in_any_case_and_spacing_and_lead_to_one_address(dario: Client, hers: Certificate):
    sloppy = hers.code.lower().replace("-", " ")
    assert dario.get("/certificates/", {"code": sloppy}).headers["Location"] == hers.get_absolute_url()
    bare = hers.code.replace("-", "")
    assert dario.get(f"/certificates/{bare}/").headers["Location"] == hers.get_absolute_url()


def test_a_mistyped_code_and_one_never_given_are_told_apart(dario: Client, db):
    code = codes.new_code()
    answer = dario.get(f"/certificates/{code}/")
    assert answer.status_code == 404
    assert "No hemos expedido" in answer.content.decode()
    other = "2" if code[0] != "2" else "3"
    answer = dario.get("/certificates/", {"code": other + code[1:]})
    assert answer.status_code == 404
    assert "no está bien copiado" in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "%00", "ñ" * 9000, "‮ABC", "../../etc/passwd"])
def test_nonsense_for_a_code_is_answered_and_not_echoed_raw(dario: Client, db, typed: str):
    answer = dario.get("/certificates/", {"code": typed})
    assert answer.status_code == 404
    assert "<script>alert" not in answer.content.decode()
    assert "ñ" * 41 not in answer.content.decode()


def test_who_tries_out_codes_is_slowed_down(dario: Client, db):
    statuses = [dario.get(f"/certificates/{codes.new_code()}/").status_code for _try in range(61)]
    assert statuses[:60] == [404] * 60
    assert statuses[60] == 429
    assert "Espera un minuto" in dario.get("/certificates/").content.decode()


# The sheet


@printed
@pytest.mark.parametrize("name", ["Ana", "María José Núñez-Łukasz Őrsi", "Παναγιώτης Ωμέγα", "Ñ" * 150])
def test_the_sheet_holds_name_course_shares_code_and_address(
    name: str, ana: User, earned: Course, dario: Client, settings
):
    settings.SITE_URL = "https://cursos.example.org"
    User.objects.filter(pk=ana.pk).update(name=name)
    ana.refresh_from_db()
    Course.objects.update(title="Óptimos con κ ≤ 10³ y ‖∇f‖ → 0")
    earned.refresh_from_db()
    hers = certifying.issue_certificate(student=ana, course=earned)
    answer = dario.get(f"{hers.get_absolute_url()}certificate.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].endswith('.pdf"')
    reader = PdfReader(io.BytesIO(answer.content))
    (page,) = reader.pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (842, 595)  # A4, lying
    text = page.extract_text().replace("\n", "" if len(name) > 100 else " ")
    for words in (name, "Óptimos con κ ≤ 10³ y ‖∇f‖ → 0", "1 de 1 ejercicio", "se pedía el 100 %", hers.code):
        assert words in text
    assert f"https://cursos.example.org{hers.get_absolute_url()}" in text
    links = [note.get_object()["/A"]["/URI"] for note in page["/Annots"]]
    assert set(links) == {f"https://cursos.example.org{hers.get_absolute_url()}"}
    assert reader.metadata.title == "Certificado: Óptimos con κ ≤ 10³ y ‖∇f‖ → 0"
    fonts = page["/Resources"]["/Font"].values()
    assert all(
        "FontFile2" in str(font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"])
        for font in fonts
    )


@printed
def test_a_name_that_the_font_cannot_write_is_printed_from_the_page_instead(hers: Certificate, dario: Client):
    Certificate.objects.update(name="山田 Ana")
    page = dario.get(hers.get_absolute_url()).content.decode()
    assert "estas letras: 山 田" in page
    assert "Descargar el PDF" not in page
    assert dario.get(f"{hers.get_absolute_url()}certificate.pdf").status_code == 302


def test_without_the_built_font_the_page_still_stands(hers: Certificate, dario: Client, monkeypatch):
    from lessons import certificate_pdf

    certificate_pdf.letters_of_the_font.cache_clear()
    monkeypatch.setattr(certificate_pdf, "FONT", "fonts/no-hay.woff")
    page = dario.get(hers.get_absolute_url())
    assert page.status_code == 200
    assert "Imprime esta página" in page.content.decode()


# The administration


def test_an_operator_revokes_with_a_reason_and_only_that(hers: Certificate):
    operator = signed_in(factories.make_user("olga", is_staff=True, is_superuser=True))
    url = f"/admin/lessons/certificate/{hers.pk}/change/"
    assert operator.post(url, {"revoked_because": ""}).status_code == 200
    hers.refresh_from_db()
    assert hers.revoked_at is None
    assert operator.post(url, {"revoked_because": "Copiado.", "name": "Otra"}).status_code == 302
    hers.refresh_from_db()
    assert (hers.revoked_because, hers.name) == ("Copiado.", "Ana")
    assert now() - hers.revoked_at < timedelta(minutes=1)
    assert operator.get(url).status_code == 200
    assert operator.post(f"/admin/lessons/certificate/{hers.pk}/delete/", {"post": "yes"}).status_code == 403


# For programs


def test_a_program_reads_how_near_it_is_and_where_it_is(as_ana: Client, ana: User, earned: Course):
    url = f"/api/v1/courses/{earned.slug}/progress/"
    assert as_ana.get(url).json()["certificate"] == {"earned": True, "missing": "", "url": None}
    hers = certifying.issue_certificate(student=ana, course=earned)
    assert as_ana.get(url).json()["certificate"]["url"] == hers.get_absolute_url()
    Course.objects.update(certificate_rule={})
    assert as_ana.get(url).json()["certificate"] is None
