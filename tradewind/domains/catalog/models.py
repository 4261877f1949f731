"""What we sell: names and list prices."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tradewind.platform.spine.models import Recorded


class Product(Recorded):
    """A product with its list price in company currency, without tax."""

    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    series = models.CharField(max_length=80, blank=True)
    list_price = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(list_price__gte=0), name="list_price_not_negative")
        ]

    def __str__(self) -> str:
        return self.name
