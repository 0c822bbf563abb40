"""The person who signs in, known by an e-mail address."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Theme(models.TextChoices):
    SYSTEM = "system", _("Sistema")
    LIGHT = "light", _("Claro")
    DARK = "dark", _("Oscuro")


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail; there is no user name."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Save a user. `password=None` makes an account that cannot sign in by password.

        Whoever makes an account for somebody vouches for the address: it counts as confirmed. A stranger who
        signs up comes another way and confirms it by mail.
        """
        from allauth.account.models import EmailAddress  # needs the user model

        if not email:
            raise ValueError("a user needs an e-mail address")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        with transaction.atomic(using=self._db):
            user.save(using=self._db)
            EmailAddress.objects.using(self._db).create(
                user=user, email=user.email.lower(), primary=True, verified=True
            )
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Save an operator: staff with every permission."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person. What they may do in a course is their role in its `Enrolment`, not a field here.

    `alias` is what other students may see of them, if anything. An empty `time_zone` is the site's, an empty
    `language` that of the request. Between `deletion_asked_at` and `anonymised_at` signing in takes the
    deletion back; after it nothing here tells who they were.
    """

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("correo"), unique=True)
    name = models.CharField(_("nombre"), max_length=150, blank=True)
    alias = models.CharField(_("alias"), max_length=40, blank=True)
    time_zone = models.CharField(_("zona horaria"), max_length=64, blank=True)
    language = models.CharField(_("idioma"), max_length=8, blank=True)
    theme = models.CharField(_("tema"), max_length=8, choices=Theme, default=Theme.SYSTEM)
    reduced_motion = models.BooleanField(_("menos movimiento"), default=False)
    deletion_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("persona")
        verbose_name_plural = _("personas")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="email_is_one_whatever_its_case"),
            models.UniqueConstraint(
                Lower("alias"), condition=~models.Q(alias=""), name="alias_is_one_whatever_its_case"
            ),
        ]
        indexes = [
            # those whose fourteen days are over
            models.Index(
                fields=["deletion_asked_at"],
                condition=models.Q(deletion_asked_at__isnull=False, anonymised_at__isnull=True),
                name="person_leaving",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return self.name.split()[0] if self.name else self.email.split("@")[0]
