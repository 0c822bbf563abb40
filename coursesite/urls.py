"""The URL map: each app brings its own."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),
    path("", include("exercises.urls")),
    path("", include("grading.urls")),
    path("", include("lessons.urls")),
]
