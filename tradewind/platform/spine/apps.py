from django.apps import AppConfig


class SpineConfig(AppConfig):
    name = "tradewind.platform.spine"
    label = "spine"
    default_auto_field = "django.db.models.BigAutoField"
