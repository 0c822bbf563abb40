"""Who takes part in a course: enrolments, cohorts with their dates, invitations."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from .content import Course, Unit


class Role(models.TextChoices):
    STUDENT = "student", _("estudiante")
    ASSISTANT = "assistant", _("ayudante")
    INSTRUCTOR = "instructor", _("docente")


class Cohort(models.Model):
    """Students who take a course together, with dates and teachers of their own.

    `code` lets whoever knows it join; empty: nobody can. Before `starts_at` and after `ends_at` nothing
    counts (null: no bound). `teachers` are the staff whose enrolment is for some cohorts only.
    """

    course = models.ForeignKey(Course, models.CASCADE, related_name="cohorts")
    name = models.CharField(_("nombre"), max_length=120)
    code = models.CharField(_("código"), max_length=32, blank=True)
    starts_at = models.DateTimeField(_("empieza"), null=True, blank=True)
    ends_at = models.DateTimeField(_("acaba"), null=True, blank=True)
    time_zone = models.CharField(_("zona horaria"), max_length=64, blank=True)
    teachers = models.ManyToManyField("lessons.Enrolment", related_name="cohorts_taught", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["course", "name"]
        constraints = [
            models.UniqueConstraint(fields=["course", "name"], name="cohort_name_once_a_course"),
            models.UniqueConstraint(
                Lower("code"), condition=~models.Q(code=""), name="cohort_code_is_one_whatever_its_case"
            ),
            models.CheckConstraint(
                name="cohort_ends_after_it_starts",
                condition=models.Q(starts_at__isnull=True)
                | models.Q(ends_at__isnull=True)
                | models.Q(ends_at__gt=models.F("starts_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PresentEnrolments(models.Manager["Enrolment"]):
    """Enrolments of those who have not left."""

    def get_queryset(self) -> models.QuerySet[Enrolment]:
        return super().get_queryset().filter(left_at__isnull=True)


class Enrolment(models.Model):
    """A person's place in a course. Grading locks this row to count attempts one at a time.

    Who leaves keeps the row, with `left_at`: coming back finds everything. `objects` are those who are
    present, `ever` all. Of staff, `whole_course` says whether they teach every cohort or only those in
    `cohorts_taught`.
    """

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrolments")
    course = models.ForeignKey(Course, models.CASCADE, related_name="enrolments")
    role = models.CharField(max_length=10, choices=Role, default=Role.STUDENT)
    cohort = models.ForeignKey(Cohort, models.SET_NULL, null=True, blank=True, related_name="enrolments")
    whole_course = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = PresentEnrolments()
    ever = models.Manager()  # noqa: DJ012

    class Meta:
        base_manager_name = "ever"
        constraints = [models.UniqueConstraint(fields=["student", "course"], name="enrolled_once_a_course")]
        indexes = [models.Index(fields=["course", "role", "cohort"], name="enrolment_of_cohort")]

    def __str__(self) -> str:
        return f"{self.student} · {self.course} ({self.role})"

    @property
    def teaches(self) -> bool:
        """Whether this role may see other people's work; whose, `selectors.taught_by` says."""
        return self.role in {Role.ASSISTANT, Role.INSTRUCTOR}


class Invitation(models.Model):
    """A place kept for an address. The mail carries the token, of which only the SHA-256 is kept.

    The token is made when the mail is sent, so that it lies nowhere before; `mailed_at` is when that was,
    null while the mail waits.
    """

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=10, choices=Role, default=Role.STUDENT)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                "cohort",
                Lower("email"),
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="one_open_invitation_an_address",
            )
        ]
        indexes = [
            # the mails that wait
            models.Index(
                fields=["created_at"],
                condition=models.Q(mailed_at__isnull=True, accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_unmailed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.cohort}"


class Deadline(models.Model):
    """When a cohort is due with a unit: its end quiz, and the exercises without a deadline of their own."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="deadlines")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="deadlines")
    due_at = models.DateTimeField(_("vence"))

    class Meta:
        ordering = ["due_at"]
        constraints = [models.UniqueConstraint(fields=["cohort", "unit"], name="one_deadline_a_unit")]

    def __str__(self) -> str:
        return f"{self.cohort} · {self.unit} · {self.due_at:%Y-%m-%d %H:%M}"


class Extension(models.Model):
    """More time for one student with one unit, quiz and exercises alike."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="extensions")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="extensions")
    until = models.DateTimeField(_("hasta"))
    reason = models.CharField(_("motivo"), max_length=300, blank=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "unit"], name="one_extension_a_unit")]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.unit} · {self.until:%Y-%m-%d %H:%M}"
