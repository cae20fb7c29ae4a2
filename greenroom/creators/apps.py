from django.apps import AppConfig


class CreatorsConfig(AppConfig):
    name = "greenroom.creators"
    label = "creators"
