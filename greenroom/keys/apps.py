from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "greenroom.keys"
    label = "keys"
