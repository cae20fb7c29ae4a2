from django.apps import AppConfig


class SparkConfig(AppConfig):
    name = "greenroom.spark"
    label = "spark"

    def ready(self) -> None:
        from greenroom.spark import (
            due,  # noqa: F401 (registers what runs when a row is due)
            reacting,
        )

        reacting.listen()
