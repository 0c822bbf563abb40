from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LessonsConfig(AppConfig):
    name = "lessons"
    verbose_name = _("Lecciones")

    def ready(self) -> None:
        from . import privacy

        privacy.register()
