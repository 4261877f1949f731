"""Plans, and the targets in them: only months of people and of units' reserves are stored, sums are not."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tradewind.platform.spine.models import Recorded


class Plan(Recorded):
    """What a branch of the company aims for in a year, by one measure. `state` is written by commands only.

    A plan grown from last year keeps its base value and growth rate (a fraction).
    """

    year = models.IntegerField()
    measure = models.CharField(max_length=40)
    root = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20)
    base = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    growth_rate = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    submitted_by = models.ForeignKey(
        "organization.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.ForeignKey(
        "organization.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_on = models.DateField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=("draft", "submitted", "approved", "closed")), name="plan_state_known"
            ),
            models.CheckConstraint(condition=Q(year__range=(2000, 2100)), name="plan_year_sensible"),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "submitted"), approved_on=None)
                | Q(state__in=("approved", "closed"), approved_on__isnull=False),
                name="plan_in_force_with_a_day",
            ),
            models.UniqueConstraint(
                fields=["year", "measure", "root"],
                condition=Q(state__in=("approved", "closed")),
                name="one_plan_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.measure}"


class Target(models.Model):
    """One cell: what a person in a unit, or the unit's own reserve (`person` empty), aims for in a month."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("organization.Person", null=True, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=2)
    is_locked = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "unit", "person", "month"], nulls_distinct=False, name="one_target_per_cell"
            ),
            models.UniqueConstraint(
                fields=["plan", "person", "month"],
                condition=Q(person__isnull=False),
                name="a_person_in_one_unit_a_month",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="target_month_by_its_first_day"),
            models.CheckConstraint(condition=Q(value__gte=0), name="target_not_negative"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "month"], name="target_by_person"),
            models.Index(fields=["plan", "month"], name="target_by_month"),
        ]
