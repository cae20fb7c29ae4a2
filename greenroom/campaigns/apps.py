from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "greenroom.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        from greenroom.campaigns import (
            due,  # noqa: F401 (registers what runs when a row is due)
            reacting,
        )

        reacting.listen()
