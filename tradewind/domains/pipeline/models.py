"""Opportunities: what we may sell, to whom, by whom, and how it ended."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tradewind.platform.spine.models import Recorded


class Opportunity(Recorded):
    """A deal. `opener` opened it and keeps that credit; `owner` works on it now, in `unit`.

    `value` in company currency without tax, set when won. `stage` is written by commands only.
    """

    number = models.CharField(max_length=80, unique=True)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.PROTECT, related_name="+")
    opener = models.ForeignKey("organization.Person", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("organization.Person", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=20)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    value = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stage__in=("prospecting", "engaging", "won", "lost")), name="deal_stage_known"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=("won", "lost"), closed_on__isnull=False)
                | Q(stage__in=("prospecting", "engaging"), closed_on=None),
                name="deal_closed_with_a_day",
            ),
            models.CheckConstraint(condition=~Q(stage="won") | Q(value__gt=0), name="deal_won_with_a_value"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                name="deal_closes_after_opening",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "-id"], name="deal_by_owner"),
            models.Index(fields=["unit", "-id"], name="deal_by_unit"),
            models.Index(fields=["stage", "-id"], name="deal_by_stage"),
            models.Index(fields=["customer"], name="deal_by_customer"),
        ]

    def __str__(self) -> str:
        return self.number
