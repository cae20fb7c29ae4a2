from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SyncsConfig(AppConfig):
    name = "greenroom.syncs"
    label = "syncs"

    def ready(self) -> None:
        for part in ("organic", "display", "marketplace", "order_reports", "due"):  # they register streams and runners
            import_module(f"greenroom.syncs.{part}")
        import_module("greenroom.syncs.reacting").listen()
        post_migrate.connect(import_module("greenroom.syncs.due").ensure_sweep, sender=self)
