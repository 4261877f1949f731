from django.apps import AppConfig


class SurfaceConfig(AppConfig):
    name = "tradewind.platform.surface"
    label = "surface"
