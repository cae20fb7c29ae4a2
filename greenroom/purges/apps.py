from django.apps import AppConfig


class PurgesConfig(AppConfig):
    name = "greenroom.purges"
    label = "purges"
