"""Addresses of an exercise: its page needs submissions, so they stand here and not in its app."""

from __future__ import annotations

from django.urls import path

from exercises.views import draft
from grading.views.exercise import exercise_page

app_name = "exercises"
urlpatterns = [
    path("courses/<slug:course>/exercises/<slug:exercise>/", exercise_page, name="exercise"),
    path("courses/<slug:course>/exercises/<slug:exercise>/draft/", draft, name="draft"),
]
