"""What the site has to tell a person while they are away."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class NotificationKind(models.TextChoices):
    GRADED = "graded", _("una entrega corregida cuando ya no mirabas")
    DEADLINE = "deadline", _("un plazo que se acerca")
    COMMENT = "comment", _("un comentario sobre tu código")
    REGRADE = "regrade", _("una entrega recalificada")


class Notification(models.Model):
    """One piece of news. Its sentence is made when it is shown, of `kind` and the plain `facts`.

    `key` names what it is about, so that telling the same twice makes one row. `url` is a path of this site.
    `mailed_at`: when a digest took it along; null also where the person wants no mail of its kind.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=10, choices=NotificationKind)
    key = models.CharField(max_length=120)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=300)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="notification_told_once")]
        indexes = [
            # the number in the header
            models.Index(
                fields=["person"], condition=models.Q(read_at__isnull=True), name="notification_unread"
            ),
            # the digest
            models.Index(
                fields=["created_at"],
                condition=models.Q(read_at__isnull=True, mailed_at__isnull=True),
                name="notification_unmailed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.kind} · {self.key}"


class NotificationChoice(models.Model):
    """What a person wants to hear of one kind; without a row, both."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_choices")
    kind = models.CharField(max_length=10, choices=NotificationKind)
    on_site = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="one_choice_a_kind")]

    def __str__(self) -> str:
        return f"{self.person} · {self.kind}"
