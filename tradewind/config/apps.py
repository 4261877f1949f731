from django.apps import AppConfig


class WholeHouse(AppConfig):
    """Last of the apps: everything is declared, so everything can be wired."""

    name = "tradewind.config"
    label = "config"

    def ready(self) -> None:
        from tradewind.config import wiring  # noqa: F401
