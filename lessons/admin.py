"""The operator's view of courses. What the course folder writes is shown, not edited, here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from .models import Answer, Cohort, Course, Enrolment, Lesson


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


@admin.register(Cohort)
class CohortAdmin(admin.ModelAdmin):
    """`teachers` matters for those of the staff who do not teach the whole course."""

    list_display = ("name", "course", "starts_at", "ends_at")
    list_filter = ("course",)
    filter_horizontal = ("teachers",)


@admin.register(Answer)
class AnswerAdmin(FromTheFolder):
    """What students answered: kept as given and as marked."""

    list_display = ("student", "question", "correct", "created_at")
    list_filter = ("correct",)
    search_fields = ("student__email",)
