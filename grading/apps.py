from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GradingConfig(AppConfig):
    name = "grading"
    verbose_name = _("Corrección")

    def ready(self) -> None:
        from lessons.cards import provide_exercise_cards
        from lessons.mastery import provide_evidence
        from lessons.replays import provide_replays

        from . import cards, checks, evidence, privacy, replays  # noqa: F401  (registers the system checks)

        provide_exercise_cards(cards.exercise_cards)
        provide_evidence(evidence.groups_as_evidence)
        provide_replays(replays.address)
        privacy.register()
