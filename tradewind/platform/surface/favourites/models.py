"""One row per person who keeps anything."""

from django.db import models

from tradewind.platform.spine.models import Recorded


class Shelf(Recorded):
    """The pages one person keeps, in their order: a list of {url, label}."""

    person_id = models.BigIntegerField(unique=True)
    pages = models.JSONField(default=list)
