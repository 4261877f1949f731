from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "tradewind.platform.surface.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tradewind.platform.spine.access.protect import OpenTable, register_open
        from tradewind.platform.surface.exchange import policy  # noqa: F401

        register_open(OpenTable("exchange_importedrow", wide="SELECT, INSERT, UPDATE"))
