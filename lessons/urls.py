"""Addresses of what is taught."""

from __future__ import annotations

from django.urls import include, path

from .views import certificates, invitation, joining, notebook, notes, pages, progress, quiz, review

app_name = "lessons"

of_a_course = [
    path("", pages.course, name="course"),
    path("enrol/", joining.enrol, name="enrol"),
    path("leave/", joining.leave, name="leave"),
    path("units/<int:number>/", pages.unit, name="unit"),
    path("units/<int:number>/quiz/", quiz.quiz, name="quiz"),
    path("units/<int:number>/quiz/<int:attempt>/", quiz.quiz_try, name="quiz_try"),
    path("lessons/<str:number>/", pages.lesson, name="lesson"),
    path("lessons/<str:number>/read/", progress.read, name="read"),
    path("lessons/<str:number>/labs/<slug:lab>/", progress.lab_task, name="lab_task"),
    path("lessons/<str:number>/notes/", notes.lesson_notes, name="lesson_notes"),
    path("lessons/<str:number>/bookmarks/", notes.bookmark, name="bookmark"),
    path("lessons/<str:number>/questions/<slug:key>/", pages.answer, name="answer"),
    path("notes/", notebook.notebook, name="notebook"),
    path("notes.md", notebook.export, name="notes_export"),
    path("notes/<int:pk>/", notes.note, name="note"),
    path("notes/<int:pk>/delete/", notes.delete_note, name="delete_note"),
    path("review/", review.review, name="review"),
    path("review/<int:question>/", review.review_answer, name="review_answer"),
    path("progress/", progress.progress, name="progress"),
    path("certificate/", certificates.issue, name="issue_certificate"),
    path("progress.csv", progress.progress_csv, name="progress_csv"),
    path("weeks.csv", progress.weeks_csv, name="weeks_csv"),
    path("pages/<slug:slug>/", pages.page, name="page"),
]

urlpatterns = [
    path("", pages.home, name="home"),
    path("certificates/", certificates.check, name="check_certificate"),
    path("certificates/<str:code>/", certificates.certificate, name="certificate"),
    path("certificates/<str:code>/certificate.pdf", certificates.sheet, name="certificate_pdf"),
    path("join/", joining.join, name="join"),
    path("join/<str:cohort_code>/", joining.join_by, name="join_by"),
    path("invitations/", invitation.invitation, name="invitation"),
    path("invitations/<str:token>/", invitation.open_invitation, name="open_invitation"),
    path("courses/<slug:course>/", include(of_a_course)),
]
