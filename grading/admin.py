from django.contrib import admin

from grading.models import Grading, GroupResult, Submission


class ReadOnly:
    """What was handed in and how it was graded is evidence: looked at here, changed nowhere."""

    def has_add_permission(self, *_: object, **__: object) -> bool:
        return False

    def has_change_permission(self, *_: object, **__: object) -> bool:
        return False

    def has_delete_permission(self, *_: object, **__: object) -> bool:
        return False


class GradingInline(ReadOnly, admin.TabularInline):
    model = Grading
    fields = readonly_fields = ("number", "version", "score", "seconds", "runtime_version", "created_at")


@admin.register(Submission)
class SubmissionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["student", "exercise", "kind", "attempt_number", "state", "score", "queued_at", "faults"]
    list_filter = ["state", "kind", "exercise"]
    search_fields = ["student__email", "fault_reference"]
    list_select_related = ["student", "exercise"]
    date_hierarchy = "queued_at"
    inlines = [GradingInline]


@admin.register(GroupResult)
class GroupResultAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["grading", "group", "verdict", "fraction", "seconds"]
    list_filter = ["verdict"]
    list_select_related = ["grading__submission__student", "grading__submission__exercise", "group"]
