from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "greenroom.people"
    label = "people"

    def ready(self) -> None:
        from greenroom.people import due  # noqa: F401 (registers what runs when a row is due)
