from django.apps import AppConfig


class FavouritesConfig(AppConfig):
    name = "tradewind.platform.surface.favourites"
    label = "favourites"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tradewind.platform.spine.access.scopes import register
        from tradewind.platform.surface.favourites import commands as _commands  # noqa: F401
        from tradewind.platform.surface.favourites.policy import SHELVES

        register(SHELVES)
