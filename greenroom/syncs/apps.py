from django.apps import AppConfig


class SyncsConfig(AppConfig):
    name = "greenroom.syncs"
    label = "syncs"
