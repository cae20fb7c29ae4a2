from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "greenroom.people"
    label = "people"

    def ready(self) -> None:
        from allauth.mfa import signals

        from greenroom.people import due, signin  # noqa: F401 (due registers what runs when a row is due)

        signals.authenticator_added.connect(signin.factor_added)
        signals.authenticator_removed.connect(signin.factor_removed)
