"""The operator's view of courses. What the course folder writes is shown, not edited, here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from . import cohort_codes
from .models import Answer, Certificate, Cohort, Course, Enrolment, Lesson
from .services import certifying


class FromTheFolder(admin.ModelAdmin):
    """Rows that `loadcourse` owns: an edit here would be lost at the next load."""

    def has_add_permission(self, *_args: Any) -> bool:
        return False

    def has_change_permission(self, *_args: Any) -> bool:
        return False

    def has_delete_permission(self, *_args: Any) -> bool:
        return False


@admin.register(Course)
class CourseAdmin(FromTheFolder):
    list_display = ("title", "slug", "level", "updated")


@admin.register(Lesson)
class LessonAdmin(FromTheFolder):
    list_display = ("number", "title", "course", "written", "minutes")
    list_filter = ("course", "written")
    search_fields = ("number", "title")


@admin.register(Enrolment)
class EnrolmentAdmin(admin.ModelAdmin):
    list_display = ("student", "course", "role", "cohort", "whole_course", "created_at")
    list_filter = ("course", "role", "cohort")
    search_fields = ("student__email", "student__name")
    autocomplete_fields = ("student",)


class CohortForm(forms.ModelForm):
    class Meta:
        model = Cohort
        fields = "__all__"  # noqa: DJ007  (the administration edits all of it)

    def clean_code(self) -> str:
        """Refuse a code that nobody could type in."""
        typed: str = self.cleaned_data["code"]
        if typed.strip() and not cohort_codes.clean_code(typed):
            raise forms.ValidationError(cohort_codes.RULE)
        return cohort_codes.clean_code(typed)


@admin.register(Cohort)
class CohortAdmin(admin.ModelAdmin):
    """`teachers` matters for those of the staff who do not teach the whole course."""

    form = CohortForm
    list_display = ("name", "course", "starts_at", "ends_at")
    list_filter = ("course",)
    filter_horizontal = ("teachers",)


@admin.register(Answer)
class AnswerAdmin(FromTheFolder):
    """What students answered: kept as given and as marked."""

    list_display = ("student", "question", "correct", "created_at")
    list_filter = ("correct",)
    search_fields = ("student__email",)


class RevocationForm(forms.ModelForm):
    """The one thing that may be done to a certificate here: take it back, with a reason."""

    class Meta:
        model = Certificate
        fields = ("revoked_because",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields.get("revoked_because")  # none once it is revoked
        if reason is not None:
            reason.required = True
            reason.label = _("motivo para revocarlo")
            reason.help_text = _("Al guardar deja de valer. Lo lee quien compruebe el certificado.")


@admin.register(Certificate)
class CertificateAdmin(admin.ModelAdmin):
    """Issued by the rule of their course, and never deleted: a code once given must lead somewhere."""

    form = RevocationForm
    list_display = ("code", "name", "course", "issued_at", "revoked_at")
    list_filter = ("course", "revoked_at")
    search_fields = ("code", "name", "student__email")
    list_select_related = ("course",)

    def get_readonly_fields(self, _request: HttpRequest, obj: Certificate | None = None) -> tuple[str, ...]:
        fixed = ("code", "name", "student", "course", "issued_at", "facts", "revoked_at")
        return (*fixed, "revoked_because") if obj and obj.revoked_at else fixed

    def has_add_permission(self, *_args: Any) -> bool:
        return False

    def has_delete_permission(self, *_args: Any) -> bool:
        return False

    def save_model(self, _request: HttpRequest, obj: Certificate, _form: Any, _change: bool) -> None:
        if obj.revoked_at is None:
            certifying.revoke_certificate(certificate=obj, reason=obj.revoked_because)
