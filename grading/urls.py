"""Addresses of submissions. The exercise page, its history and its diff are in `urls_exercise`."""

from __future__ import annotations

from django.urls import path

from grading.views import code, comments, exercise, history, leaderboard, replays
from grading.views import submissions as views

app_name = "grading"
urlpatterns = [
    path("courses/<slug:course>/exercises/<slug:exercise>/submissions/", views.submit, name="submit"),
    path("courses/<slug:course>/exercises/<slug:exercise>/history/", history.history, name="history"),
    path("courses/<slug:course>/exercises/<slug:exercise>/history/diff/", history.diff, name="diff"),
    path("courses/<slug:course>/exercises/<slug:exercise>/restore/", history.restore, name="restore"),
    path(
        "courses/<slug:course>/exercises/<slug:exercise>/leaderboard/",
        leaderboard.leaderboard,
        name="leaderboard",
    ),
    path(
        "courses/<slug:course>/exercises/<slug:exercise>/leaderboard/leave/",
        leaderboard.leave,
        name="leave_leaderboard",
    ),
    path(
        "courses/<slug:course>/exercises/<slug:exercise>/leaderboard.csv",
        leaderboard.table,
        name="leaderboard_csv",
    ),
    path("courses/<slug:course>/code/", code.run, name="run_code"),
    path("courses/<slug:course>/replays/", replays.replays, name="replays"),
    path("code-runs/<str:token>/", code.outcome, name="code_outcome"),
    path("submissions/<uuid:submission_id>/", views.submission, name="submission"),
    path("submissions/<uuid:submission_id>/events/", views.submission_events, name="events"),
    path("submissions/<uuid:submission_id>/panel/", exercise.panel, name="panel"),
    path("submissions/<uuid:submission_id>/curves.csv", exercise.curves, name="curves"),
    path("submissions/<uuid:submission_id>/comments/", comments.add, name="comment"),
    path(
        "submissions/<uuid:submission_id>/comments/<int:comment_id>/delete/",
        comments.delete,
        name="delete_comment",
    ),
    path("submissions/<uuid:submission_id>/cancel/", views.cancel, name="cancel"),
]
