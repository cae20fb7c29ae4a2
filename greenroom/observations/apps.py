from django.apps import AppConfig


class ObservationsConfig(AppConfig):
    name = "greenroom.observations"
    label = "observations"
