from django.apps import AppConfig


class OwnAccountConfig(AppConfig):
    name = "tradewind.platform.surface.account"
    label = "own_account"

    def ready(self) -> None:
        from tradewind.platform.spine.access.sessions import visitor_source
        from tradewind.platform.surface.account import factors as _factors  # noqa: F401
        from tradewind.platform.surface.account import tokens as _tokens  # noqa: F401
        from tradewind.platform.surface.account.visitors import visitor_of

        visitor_source(visitor_of)
