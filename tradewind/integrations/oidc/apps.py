from django.apps import AppConfig


class OidcConfig(AppConfig):
    name = "tradewind.integrations.oidc"
    label = "oidc_door"
