from importlib import import_module

from django.apps import AppConfig


class SyncsConfig(AppConfig):
    name = "greenroom.syncs"
    label = "syncs"

    def ready(self) -> None:
        for part in ("organic", "display", "marketplace", "due"):  # they register streams and runners
            import_module(f"greenroom.syncs.{part}")
        import_module("greenroom.syncs.reacting").listen()
