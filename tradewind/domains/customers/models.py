"""Who buys from us: the master file only."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tradewind.platform.spine.models import Recorded


class Customer(Recorded):
    """A company that buys or may buy. Without an owner it is open to everybody signed in."""

    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    industry = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=80, blank=True)
    founded_year = models.IntegerField(null=True)
    revenue_millions = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    employees = models.IntegerField(null=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    owner = models.ForeignKey("organization.Person", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organization.Unit", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name"], name="customer_by_name")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="customer_is_not_its_own_parent")
        ]

    def __str__(self) -> str:
        return self.name
