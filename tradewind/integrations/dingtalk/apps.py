from django.apps import AppConfig


class DingTalkConfig(AppConfig):
    name = "tradewind.integrations.dingtalk"
    label = "dingtalk_door"
