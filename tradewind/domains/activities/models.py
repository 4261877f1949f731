"""Activities: what we do for a customer, planned, done, and with which outcome."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tradewind.domains.activities import rules
from tradewind.domains.activities.choices import KINDS, PRIORITIES, RESULTS, STATES, pairs
from tradewind.domains.activities.values import Kind, Priority, State
from tradewind.platform.spine.models import Recorded

DONE, PLANNED = State.DONE.value, State.PLANNED.value


class Activity(Recorded):
    """Something that `owner` does, in `unit`, on a day, for a customer or not.

    `about_kind` and `about_id` point to an object of a domain above, such as a deal. `due_time` is the
    clock of the company's zone; without it the whole day is meant. `state` is written by commands only.
    """

    kind = models.CharField(_("Kind"), max_length=20, choices=pairs(KINDS), default=Kind.CALL.value)
    subject = models.CharField(_("Subject"), max_length=rules.LONGEST_SUBJECT)
    body = models.TextField(_("Note"), blank=True, max_length=rules.LONGEST_TEXT)
    customer = models.ForeignKey(
        "customers.Customer",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Customer"),
    )
    contact = models.ForeignKey(
        "customers.Contact",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Contact"),
    )
    about_kind = models.CharField(max_length=80, blank=True)
    about_id = models.BigIntegerField(null=True, blank=True)
    about_label = models.CharField(_("Related to"), max_length=200, blank=True)
    owner = models.ForeignKey(
        "organization.Person",
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Owner"),
    )
    unit = models.ForeignKey(
        "organization.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit")
    )
    state = models.CharField(_("State"), max_length=20, choices=pairs(STATES), default=State.PLANNED.value)
    priority = models.CharField(
        _("Priority"), max_length=20, blank=True, choices=pairs(PRIORITIES), default=Priority.NORMAL.value
    )
    due_on = models.DateField(_("Day"), blank=True)
    due_time = models.TimeField(_("Time"), null=True, blank=True)
    remind_at = models.DateTimeField(_("Remind at"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(_("Done at"), null=True, blank=True)
    result = models.CharField(_("Result"), max_length=20, blank=True, choices=pairs(RESULTS))
    outcome = models.TextField(_("Outcome"), blank=True, max_length=rules.LONGEST_TEXT)
    duration_min = models.IntegerField(
        _("Minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(rules.LONGEST_MIN)],
    )
    previous = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Follows from"),
    )
    created_at = models.DateTimeField(_("Created at"), db_default=Now(), editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner", "state", "due_on"], name="activity_by_day"),
            models.Index(fields=["-due_on", "-id"], name="activity_newest"),
            models.Index(fields=["owner", "-id"], name="activity_by_owner"),
            models.Index(fields=["unit", "-id"], name="activity_by_unit"),
            models.Index(fields=["customer", "state", "-done_at"], name="activity_by_customer"),
            models.Index(fields=["contact"], name="activity_by_contact"),
            models.Index(fields=["about_kind", "about_id"], name="activity_by_object"),
            models.Index(fields=["done_at"], name="activity_by_doing", condition=Q(state=DONE)),
            models.Index(
                fields=["remind_at"],
                name="activity_to_remind",
                condition=Q(state=PLANNED, reminded_at=None, remind_at__isnull=False),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=[*KINDS]), name="activity_kind_known"),
            models.CheckConstraint(condition=Q(state__in=[*STATES]), name="activity_state_known"),
            models.CheckConstraint(condition=Q(result__in=["", *RESULTS]), name="activity_result_known"),
            models.CheckConstraint(condition=Q(priority__in=[*PRIORITIES]), name="activity_priority_known"),
            models.CheckConstraint(
                condition=Q(state=DONE, done_at__isnull=False) | (~Q(state=DONE) & Q(done_at=None)),
                name="activity_done_at_an_instant",
            ),
            models.CheckConstraint(
                condition=Q(about_kind="", about_id=None) | (~Q(about_kind="") & Q(about_id__isnull=False)),
                name="activity_about_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(contact=None) | Q(customer__isnull=False), name="activity_contact_with_customer"
            ),
            models.CheckConstraint(
                condition=Q(previous=None) | ~Q(previous=F("id")), name="activity_follows_another"
            ),
        ]

    def __str__(self) -> str:
        return self.subject
