from django.apps import AppConfig


class WeComConfig(AppConfig):
    name = "tradewind.integrations.wecom"
    label = "wecom_door"
