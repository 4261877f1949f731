from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "tradewind.domains.analytics"
    label = "analytics"
