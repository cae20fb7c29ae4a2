from django.apps import AppConfig


class CreatorsConfig(AppConfig):
    name = "greenroom.creators"
    label = "creators"

    def ready(self) -> None:
        from greenroom.creators import (
            due,  # noqa: F401 (registers what runs when a row is due)
            marketplace_invites,
        )

        marketplace_invites.listen()
