from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "greenroom.imports"
    label = "imports"

    def ready(self) -> None:
        from greenroom.imports import due  # noqa: F401 (registers what runs when a row is due)
