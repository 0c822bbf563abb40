from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GradingConfig(AppConfig):
    name = "grading"
    verbose_name = _("Corrección")

    def ready(self) -> None:
        from . import checks  # noqa: F401  (registers the system checks)
