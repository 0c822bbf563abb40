"""Addresses about the person; signing in and passwords are allauth's, under accounts/."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("accounts/theme/", views.theme, name="theme"),
]
