from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "greenroom.imports"
    label = "imports"

    def ready(self) -> None:
        from greenroom.imports import due, reacting  # noqa: F401 (due registers what runs when a row is due)

        reacting.listen()
