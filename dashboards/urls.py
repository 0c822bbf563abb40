"""Addresses for those who teach."""

from __future__ import annotations

from django.urls import include, path

from .views import certificates, group, review

app_name = "dashboards"

of_a_course = [
    path("", group.group, name="group"),
    path("students/<int:enrolment>/", group.student, name="student"),
    path(
        "students/<int:enrolment>/certificates/<int:certificate>/revoke/",
        certificates.revoke,
        name="revoke_certificate",
    ),
    path(
        "students/<int:enrolment>/certificates/<int:certificate>/reissue/",
        certificates.reissue,
        name="reissue_certificate",
    ),
    path("review/<uuid:submission_id>/", review.review, name="review"),
    path("review/<uuid:submission_id>/comments/", review.say, name="say"),
    path("export.csv", group.export, {"kind": "csv"}, name="export_csv"),
    path("export.xlsx", group.export, {"kind": "xlsx"}, name="export_xlsx"),
]

urlpatterns = [
    path("teach/", group.courses, name="courses"),
    path("teach/<slug:course>/", include(of_a_course)),
]
