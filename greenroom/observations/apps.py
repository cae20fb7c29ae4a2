from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ObservationsConfig(AppConfig):
    name = "greenroom.observations"
    label = "observations"

    def ready(self) -> None:
        from greenroom.observations import due

        post_migrate.connect(due.ensure_rolls, sender=self)
