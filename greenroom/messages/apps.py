from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "greenroom.messages"
    label = "messaging"  # `messages` is Django's own

    def ready(self) -> None:
        from greenroom.messages import (
            due,  # noqa: F401 (registers what runs when a row is due)
            reacting,
        )

        reacting.listen()
