"""The credit ledger: append-only entries, and the monthly sums that answer quickly."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from tradewind.platform.spine.models import Recorded


class Entry(models.Model):
    """One credit: value of a measure on a day, to a person in the unit of that day. Never changed.

    `unit_path` freezes the unit's ancestors as they were. A correction is an entry with `reverses`
    and the opposite value, then a new one. `posting` counts the postings of one document line.
    `corrects_on` is the day it belongs to where that day's month was closed when it was posted: it then
    counts on the later day `credited_on`.
    """

    measure = models.CharField(max_length=40)
    credited_on = models.DateField()
    corrects_on = models.DateField(null=True)
    value = models.DecimalField(max_digits=20, decimal_places=4)
    person = models.ForeignKey("organization.Person", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    unit_path = ArrayField(models.BigIntegerField())
    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey("catalog.Product", null=True, on_delete=models.PROTECT, related_name="+")
    about_id = models.BigIntegerField()
    source_id = models.BigIntegerField()
    line = models.IntegerField(default=0)
    posting = models.IntegerField(default=1)
    split_rate = models.DecimalField(max_digits=9, decimal_places=8, default=1)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    command_id = models.BigIntegerField(null=True)
    posted_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure", "source_id", "line", "posting"],
                condition=Q(reverses=None),
                name="a_document_line_is_posted_once",
            ),
            models.CheckConstraint(
                condition=Q(corrects_on=None) | Q(corrects_on__lt=F("credited_on")),
                name="a_correction_follows_its_day",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["measure", "credited_on", "id"], name="entry_by_day"),
            models.Index(fields=["measure", "person", "credited_on"], name="entry_by_person"),
            models.Index(fields=["measure", "unit", "credited_on"], name="entry_by_unit"),
            models.Index(fields=["about_id", "measure"], name="entry_by_document"),
        ]


class Rollup(models.Model):
    """Sums of entries by measure and month: per person and unit, and per unit alone (`person` empty).

    Posting only appends rows, so no two writers wait for each other; a job merges rows of equal key.
    Readers always sum.
    """

    measure = models.CharField(max_length=40)
    month = models.DateField()
    person = models.ForeignKey("organization.Person", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    unit_path = ArrayField(models.BigIntegerField())
    value = models.DecimalField(max_digits=24, decimal_places=4)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["measure", "month", "unit"], condition=Q(person=None), name="rollup_by_unit"
            ),
            models.Index(
                fields=["measure", "person", "month"],
                condition=Q(person__isnull=False),
                name="rollup_by_person",
            ),
        ]


class Month(Recorded):
    """A month that is closed, or was: nothing is dated into a closed one. All before a closed one are, too.

    Only functions of the database write it (sql/months.sql), while the command that asks for it runs.
    `done_by`, `done_at`, `reason` and `command_id` are of the last closing or reopening.
    """

    starts_on = models.DateField(unique=True)
    is_closed = models.BooleanField()
    done_by = models.ForeignKey("organization.Person", null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(db_default=Now())
    reason = models.TextField(blank=True, default="")
    command_id = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(starts_on__day=1), name="month_by_its_first_day")
        ]

    def __str__(self) -> str:
        return f"{self.starts_on:%Y-%m}"


class MonthSum(models.Model):
    """What a measure added up to when its month was closed, and the digest of the entries behind it."""

    month = models.ForeignKey(Month, on_delete=models.PROTECT, related_name="sums")
    measure = models.CharField(max_length=40)
    entries = models.IntegerField()
    value = models.DecimalField(max_digits=24, decimal_places=4)
    digest = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month", "measure"], name="one_sum_per_month_and_measure")
        ]
