"""The address of the author's news; mounted by `./dev preview` alone."""

from __future__ import annotations

from django.urls import path

from .views import preview

urlpatterns = [path("news/", preview.news, name="preview")]
