"""The API's URL map; its schema and its documentation are in `api_docs`."""

from __future__ import annotations

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import AllowAny

from accounts.api.views import Me, NoSuchAddress
from dashboards.api import Grades
from exercises.api import OneDraft
from grading import api as grading
from grading.views.submissions import submission_events
from lessons import api as lessons
from lessons import quiz_api

from .api_docs import docs

of_a_course = [
    path("", lessons.OneCourse.as_view(), name="course"),
    path("lessons/", lessons.Lessons.as_view(), name="lessons"),
    path("lessons/<str:number>/", lessons.OneLesson.as_view(), name="lesson"),
    path("lessons/<str:number>/questions/", lessons.Questions.as_view(), name="questions"),
    path("lessons/<str:number>/questions/<slug:key>/answers/", lessons.Answers.as_view(), name="answers"),
    path("units/<int:unit>/quiz/", quiz_api.Quiz.as_view(), name="quiz"),
    path("units/<int:unit>/quiz/<int:attempt>/", quiz_api.OneTry.as_view(), name="quiz_try"),
    path("exercises/", grading.Exercises.as_view(), name="exercises"),
    path("exercises/<slug:exercise>/", grading.OneExercise.as_view(), name="exercise"),
    path("exercises/<slug:exercise>/draft/", OneDraft.as_view(), name="draft"),
    path("exercises/<slug:exercise>/submissions/", grading.HandIns.as_view(), name="submit"),
    path("progress/", lessons.Progress.as_view(), name="progress"),
    path("grades/", Grades.as_view(), name="grades"),
]

app_name = "api"
urlpatterns = [
    path("me/", Me.as_view(), name="me"),
    path("courses/", lessons.Courses.as_view(), name="courses"),
    path("courses/<slug:course>/", include(of_a_course)),
    path("submissions/", grading.Submissions.as_view(), name="submissions"),
    path("submissions/<uuid:submission_id>/", grading.OneSubmission.as_view(), name="submission"),
    path("submissions/<uuid:submission_id>/cancel/", grading.Cancellation.as_view(), name="cancel"),
    path("submissions/<uuid:submission_id>/events/", submission_events, name="events"),
    path("schema/", SpectacularJSONAPIView.as_view(permission_classes=[AllowAny]), name="schema"),
    path("docs/", docs, name="docs"),
    re_path(r"", NoSuchAddress.as_view(), name="nothing"),
]
