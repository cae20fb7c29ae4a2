from django.apps import AppConfig


class PurgesConfig(AppConfig):
    name = "greenroom.purges"
    label = "purges"

    def ready(self) -> None:
        from greenroom.purges import (
            due,  # noqa: F401 (registers what runs when a row is due)
            reacting,
        )

        reacting.listen()
