"""Orders and their lines: what a customer agreed to buy."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tradewind.platform.spine.models import Recorded


class Order(Recorded):
    """An order in company currency. `amount` without tax and `tax` are the exact sums of its lines.

    It has a number from its confirmation on. `cancelled_on` is the day somebody cancelled it; a cancelled
    order without that day was made by a deal that turned out not to be won: it counts on no day.
    """

    number = models.CharField(max_length=40, unique=True, null=True)
    deal = models.OneToOneField(
        "pipeline.Opportunity",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Opportunity"),
    )
    customer = models.ForeignKey(
        "customers.Customer",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Customer"),
    )
    owner = models.ForeignKey(
        "organization.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("Owner")
    )
    unit = models.ForeignKey(
        "organization.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit")
    )
    state = models.CharField(_("State"), max_length=20)
    drafted_on = models.DateField(_("Drafted on"), null=True)
    confirmed_on = models.DateField(_("Confirmed on"), null=True)
    cancelled_on = models.DateField(_("Cancelled on"), null=True)
    cancel_reason = models.TextField(_("Why cancelled"), blank=True)
    amount = models.DecimalField(_("Amount without tax"), max_digits=18, decimal_places=2)
    tax = models.DecimalField(_("Tax"), max_digits=18, decimal_places=2, default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="draft", confirmed_on=None, cancelled_on=None)
                | Q(state="confirmed", confirmed_on__isnull=False, cancelled_on=None)
                | (Q(state="cancelled") & (Q(cancelled_on__isnull=False) | Q(deal__isnull=False))),
                name="order_state_known",
            ),
            models.CheckConstraint(
                condition=Q(number=None, confirmed_on=None)
                | Q(number__isnull=False, confirmed_on__isnull=False),
                name="order_numbered_when_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | Q(deal__isnull=False), name="order_has_a_customer"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on=None)
                | Q(confirmed_on=None)
                | Q(cancelled_on__gte=F("confirmed_on")),
                name="order_cancelled_after_confirming",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0, tax__gte=0), name="order_amount_not_negative"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "confirmed_on", "number"], name="order_by_customer"),
            models.Index(fields=["owner"], name="order_by_owner"),
            models.Index(fields=["unit"], name="order_by_unit"),
        ]

    def __str__(self) -> str:
        return self.number or f"DR{self.pk:08d}"


class OrderLine(models.Model):
    """One line. Prices without tax; rates are fractions; `net` and `tax` are rounded half up to the fen."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    position = models.IntegerField()
    product = models.ForeignKey("catalog.Product", null=True, on_delete=models.PROTECT, related_name="+")
    description = models.CharField(max_length=500, blank=True)
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    unit_price = models.DecimalField(max_digits=20, decimal_places=4)
    discount_rate = models.DecimalField(max_digits=5, decimal_places=4, default=0)
    tax_rate = models.DecimalField(max_digits=5, decimal_places=4, default=0)
    net = models.DecimalField(max_digits=18, decimal_places=2)
    tax = models.DecimalField(max_digits=18, decimal_places=2, default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "position"], name="one_line_per_position"),
            models.CheckConstraint(
                condition=Q(
                    position__gt=0,
                    quantity__gt=0,
                    unit_price__gte=0,
                    discount_rate__range=(0, 1),
                    tax_rate__range=(0, 1),
                    net__gte=0,
                    tax__gte=0,
                ),
                name="order_line_in_range",
            ),
        ]


class Counter(models.Model):
    """The last number drawn of a gap-free series; drawn last in a transaction, so that none is lost."""

    series = models.CharField(max_length=20, unique=True)
    last = models.BigIntegerField(default=0)
