"""Orders: what a customer agreed to buy."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tradewind.platform.spine.models import Recorded


class Order(Recorded):
    """An order in company currency. Made by a won deal it is untaxed: `amount` is the deal's value."""

    number = models.CharField(max_length=40, unique=True)
    deal = models.OneToOneField("pipeline.Opportunity", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey("catalog.Product", null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("organization.Person", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20)
    confirmed_on = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    tax = models.DecimalField(max_digits=18, decimal_places=2, default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=("confirmed", "cancelled")), name="order_state_known"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0, tax__gte=0), name="order_amount_not_negative"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "confirmed_on", "number"], name="order_by_customer"),
            models.Index(fields=["owner"], name="order_by_owner"),
            models.Index(fields=["unit"], name="order_by_unit"),
        ]

    def __str__(self) -> str:
        return self.number


class Counter(models.Model):
    """The last number drawn of a gap-free series; drawn last in a transaction, so that none is lost."""

    series = models.CharField(max_length=20, unique=True)
    last = models.BigIntegerField(default=0)
