from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "tradewind.platform.surface.shell"
    label = "shell"
