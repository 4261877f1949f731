from django.apps import AppConfig


class FeishuConfig(AppConfig):
    name = "tradewind.integrations.feishu"
    label = "feishu_door"
