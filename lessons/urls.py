"""Addresses of what is taught."""

from __future__ import annotations

from django.urls import include, path

from . import views

app_name = "lessons"

of_a_course = [
    path("", views.course, name="course"),
    path("enrol/", views.enrol, name="enrol"),
    path("units/<int:number>/", views.unit, name="unit"),
    path("lessons/<str:number>/", views.lesson, name="lesson"),
    path("lessons/<str:number>/questions/<slug:key>/", views.answer, name="answer"),
    path("pages/<slug:slug>/", views.page, name="page"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("courses/<slug:course>/", include(of_a_course)),
]
