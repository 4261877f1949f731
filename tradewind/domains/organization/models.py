"""The company, its unit tree, its people, and who worked where from when to when."""

from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.utils.translation import gettext_lazy as _

from tradewind.platform.spine.models import Recorded


class Company(models.Model):
    """The one company of this instance: its currency and time zone are those of every figure.

    Its fiscal year begins with the month `fiscal_month` (1 to 12). `conduct` is the code of conduct for
    outside sales units, as it reads since `conduct_on`; editions are counted from 1.
    """

    name = models.CharField(max_length=200)
    currency = models.CharField(max_length=3)
    timezone = models.CharField(max_length=60)
    fiscal_month = models.PositiveSmallIntegerField(default=1, db_default=1)
    conduct = models.TextField(blank=True, default="", db_default="")
    conduct_on = models.DateField(null=True)
    conduct_edition = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="one_company_per_instance"),
            models.CheckConstraint(condition=Q(fiscal_month__range=(1, 12)), name="fiscal_month_is_a_month"),
        ]


class Unit(Recorded):
    """A unit of the tree. `path` holds the ids from the root down to the unit itself, as it is today.

    From `closed_on` on nobody works in it.
    """

    code = models.CharField(_("Number"), max_length=80, unique=True)
    name = models.CharField(_("Name"), max_length=200)
    kind = models.CharField(_("Kind"), max_length=20)
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Above")
    )
    path = ArrayField(models.BigIntegerField(), default=list)
    closed_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["path"], name="unit_by_path")]

    def __str__(self) -> str:
        return self.name


class UnitPlace(models.Model):
    """Where a unit stood in the tree from a day on: what a credit of that day freezes."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    path = ArrayField(models.BigIntegerField())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "starts_on"], name="one_place_per_unit_and_day")
        ]


class Position(Recorded):
    """What somebody is in a unit: a title with its duties 岗位职责, for so many people."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    duties = models.TextField(blank=True)
    headcount = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "title"], name="a_title_once_per_unit")
        ]

    def __str__(self) -> str:
        return self.title


class Skill(Recorded):
    """Something that people must know or be able to do; positions ask for it at a level."""

    name = models.CharField(_("Name"), max_length=80, unique=True)
    area = models.CharField(_("Skill area"), max_length=80, blank=True)
    description = models.TextField(_("Description"), max_length=2000, blank=True)

    def __str__(self) -> str:
        return self.name


class PositionSkill(Recorded):
    """A position asks for a skill at a level (1 to 4, `values.LEVELS`)."""

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="+")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["position", "skill"], name="a_skill_once_per_position"),
            models.CheckConstraint(condition=Q(level__range=(1, 4)), name="skill_level_is_one_of_four"),
        ]


class Person(Recorded):
    """Somebody of the company; `sign_in` is their name at the door, even before they have an account."""

    sign_in = models.CharField(_("Sign-in name"), max_length=150, unique=True)
    name = models.CharField(_("Full name"), max_length=200)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return self.name


MAIN = Q(share=None)
"""The assignment that counts; additional posts have a share."""
DAYS = Func("starts_on", "ends_on", RangeBoundary(), function="daterange", output_field=DateRangeField())


class Assignment(Recorded):
    """A person works in a unit from a day on, until the day `ends_on` (not included).

    One main assignment at a time, without a `share`: credits and headcount are those of its unit. Beside it
    additional posts 兼任 in other units, with a share of the working time in percent; what they leave is the
    main one's. A unit has one head at a time. All is checked at the end of a change of several rows.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    is_head = models.BooleanField(default=False)
    share = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(share=None) | Q(share__range=(1, 99)), name="share_is_a_part"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="assignment_ends_after_start"
            ),
            ExclusionConstraint(
                name="one_assignment_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), (DAYS, RangeOperators.OVERLAPS)],
                condition=Q(share=None),
                deferrable=Deferrable.IMMEDIATE,
            ),
            ExclusionConstraint(
                name="once_in_a_unit_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    (DAYS, RangeOperators.OVERLAPS),
                ],
                deferrable=Deferrable.IMMEDIATE,
            ),
            ExclusionConstraint(
                name="one_head_at_a_time",
                expressions=[("unit", RangeOperators.EQUAL), (DAYS, RangeOperators.OVERLAPS)],
                condition=Q(is_head=True),
                deferrable=Deferrable.IMMEDIATE,
            ),
        ]


class SpecialDay(Recorded):
    """A day the company itself declares free or worked; it wins over the public calendar."""

    falls_on = models.DateField(unique=True)
    is_workday = models.BooleanField()
    name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"{self.falls_on} {self.name}"


class Grant(Recorded):
    """A person holds a role."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=30)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "role"], name="a_role_once")]


class Role(Recorded):
    """What the company changed of a built-in role, or a role of its own that begins with a built-in one.

    `changes` names rights with their extent (`authority.Extent`, also "none"); all others are as built in.
    """

    key = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=80, blank=True)
    based_on = models.CharField(max_length=30, blank=True)
    changes = models.JSONField(default=dict)
    is_retired = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name or self.key


class StandIn(Recorded):
    """Somebody is away from a day on, until the day `ends_on` (not included); another does their work."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    stand_in = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="away_at_least_a_day"),
            models.CheckConstraint(condition=~Q(person=F("stand_in")), name="stand_in_is_another"),
            ExclusionConstraint(
                name="one_stand_in_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), (DAYS, RangeOperators.OVERLAPS)],
            ),
        ]

    @property
    def last_on(self) -> date:
        """The last day away."""
        return self.ends_on - timedelta(days=1)


class Agreement(Recorded):
    """The contract with an outside sales unit, who looks after it on both sides, and its word on conduct."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=80, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    contact = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    their_contact = models.CharField(max_length=80, blank=True)
    their_phone = models.CharField(max_length=40, blank=True)
    acknowledged_on = models.DateField(null=True)
    acknowledged_edition = models.PositiveIntegerField(null=True)
    acknowledged_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="agreement_ends_after_start"
            )
        ]

    @property
    def last_on(self) -> date | None:
        """The last day of it; None where it has no end."""
        return self.ends_on - timedelta(days=1) if self.ends_on else None
