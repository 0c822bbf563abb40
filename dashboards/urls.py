"""Addresses for those who teach."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from .views import certificates, cohorts, group, invitations, people, regrades, review

app_name = "dashboards"

of_a_cohort = [
    path("", cohorts.cohort, name="cohort"),
    path("edit/", cohorts.edit_cohort, name="edit_cohort"),
    path("deadlines/", cohorts.deadlines, name="deadlines"),
    path("people/", people.add_person, name="add_person"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/send/", invitations.send_invitations, name="send_invitations"),
]

of_a_course: list[URLPattern | URLResolver] = [
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
    path("exercises/", regrades.exercises, name="regrades"),
    path("exercises/<slug:exercise>/regrade/", regrades.ask, name="ask_regrade"),
    path("regrades/<int:regrade>/", regrades.regrade, name="regrade"),
    path("regrades/<int:regrade>/apply/", regrades.apply, name="apply_regrade"),
    path("regrades/<int:regrade>/discard/", regrades.discard, name="discard_regrade"),
    path("export.csv", group.export, {"kind": "csv"}, name="export_csv"),
    path("export.xlsx", group.export, {"kind": "xlsx"}, name="export_xlsx"),
    path("cohorts/", cohorts.cohorts, name="cohorts"),
    path("cohorts/new/", cohorts.new_cohort, name="new_cohort"),
    path("cohorts/unplaced/", people.unplaced, name="unplaced"),
    path("cohorts/move/", people.move_students, name="move_students"),
    path("cohorts/joining/", cohorts.set_joining, name="set_joining"),
    path("cohorts/<int:cohort>/", include(of_a_cohort)),
    path("invitations/<int:invitation>/renew/", invitations.renew_invitation, name="renew_invitation"),
    path("invitations/<int:invitation>/revoke/", invitations.revoke_invitation, name="revoke_invitation"),
    path("people/<int:enrolment>/role/", people.change_role, name="change_role"),
    path("students/<int:enrolment>/extensions/", people.extensions, name="extensions"),
    path("extensions/<int:extension>/end/", people.end_extension, name="end_extension"),
]

urlpatterns = [
    path("teach/", group.courses, name="courses"),
    path("teach/<slug:course>/", include(of_a_course)),
]
