"""Personal tokens: how a person's own programs speak to the API."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a token may do; it never may more than its person."""

    READ = "read", _("leer cursos, ejercicios, entregas y progreso")
    SUBMIT = "submit", _("entregar y probar código, contestar preguntas")
    TEACH = "teach", _("ver el trabajo y las notas de tus estudiantes")


class PersonalToken(models.Model):
    """A token, of which only the SHA-256 is kept; `prefix` is its beginning, to tell it from others."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.CharField(_("nombre"), max_length=80)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.person} · {self.name}"
