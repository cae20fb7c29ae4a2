from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "greenroom.pages"
    label = "pages"
