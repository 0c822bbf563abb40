"""Addresses about the person; signing in and passwords are allauth's, under accounts/."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("accounts/theme/", views.theme, name="theme"),
    path("accounts/profile/", views.profile, name="profile"),
    path("accounts/sessions/<int:session_id>/end/", views.end_session, name="end_session"),
    path("accounts/tokens/", views.tokens, name="tokens"),
    path("accounts/tokens/<int:token_id>/revoke/", views.revoke, name="revoke_token"),
    path("accounts/notifications/", views.notifications, name="notifications"),
    path("accounts/notifications/<int:notification_id>/", views.open_notification, name="open_notification"),
    path("accounts/notifications/read/", views.read_notifications, name="read_notifications"),
    path("accounts/notifications/choices/", views.choose_notifications, name="choose_notifications"),
    path("accounts/unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("accounts/data/", views.data, name="data"),
    path("accounts/data/download/", views.download, name="download"),
    path("accounts/delete/", views.delete, name="delete"),
    path("accounts/delete/done/", views.deleted, name="deleted"),
]
