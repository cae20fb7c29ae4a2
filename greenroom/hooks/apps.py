from django.apps import AppConfig


class HooksConfig(AppConfig):
    name = "greenroom.hooks"
    label = "hooks"

    def ready(self) -> None:
        from greenroom.core import events
        from greenroom.hooks import deliveries, due  # noqa: F401 (registers what runs when a row is due)

        if deliveries.fan_out not in events.ON_EVENT:
            events.ON_EVENT.append(deliveries.fan_out)
