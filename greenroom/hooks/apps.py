from django.apps import AppConfig


class HooksConfig(AppConfig):
    name = "greenroom.hooks"
    label = "hooks"
