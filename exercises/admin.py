from __future__ import annotations

from django.contrib import admin

from exercises.models import Draft, Exercise, ExerciseVersion, KeptDraft, TestGroup


@admin.register(Exercise)
class ExerciseAdmin(admin.ModelAdmin):
    """Exercises come from the course folder: here they are looked at, and retired."""

    list_display = ["slug", "title", "course", "unit", "kind", "difficulty", "retired"]
    list_filter = ["course", "kind", "difficulty", "retired"]
    search_fields = ["slug", "title"]
    list_select_related = ["course", "unit"]
    readonly_fields = [
        "course",
        "unit",
        "lesson",
        "slug",
        "position",
        "title",
        "kind",
        "difficulty",
        "current",
    ]


class TestGroupInline(admin.TabularInline):
    model = TestGroup
    extra = 0
    can_delete = False
    fields = readonly_fields = ("slug", "title", "points", "visible", "requires")


@admin.register(ExerciseVersion)
class ExerciseVersionAdmin(admin.ModelAdmin):
    """A version is never changed once stored, so every field is for reading."""

    list_display = ["exercise", "content_hash", "runtime", "created_at"]
    list_filter = ["exercise__course", "runtime"]
    list_select_related = ["exercise"]
    inlines = [TestGroupInline]
    readonly_fields = [field.name for field in ExerciseVersion._meta.fields]


@admin.register(Draft)
class DraftAdmin(admin.ModelAdmin):
    list_display = ["student", "exercise", "revision", "updated_at"]
    list_select_related = ["student", "exercise"]
    readonly_fields = ["student", "exercise", "revision", "updated_at"]


@admin.register(KeptDraft)
class KeptDraftAdmin(admin.ModelAdmin):
    list_display = ["student", "exercise", "reason", "created_at"]
    list_select_related = ["student", "exercise"]
    readonly_fields = ["student", "exercise", "reason", "created_at"]
