"""The URL map: each app brings its own."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from . import errors

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler500 = errors.server_error

urlpatterns = [
    path("healthz", errors.healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("coursesite.api")),
    path("", include("accounts.urls")),
    path("", include("dashboards.urls")),
    path("", include("grading.urls_exercise")),
    path("", include("grading.urls")),
    path("", include("lessons.urls")),
]
if settings.PREVIEW:
    urlpatterns.append(path("preview/", include("lessons.urls_preview")))
