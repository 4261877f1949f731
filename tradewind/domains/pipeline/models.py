"""Opportunities: what we may sell, to whom, by whom, on which way, and how it ended."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Deferrable, F, Q
from django.db.models.functions import Now
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tradewind.domains.pipeline.rules import Category
from tradewind.platform.spine.models import Recorded

CATEGORIES = (
    (Category.PIPELINE.value, pgettext_lazy("forecast", "Pipeline")),
    (Category.BEST_CASE.value, pgettext_lazy("forecast", "Best case")),
    (Category.COMMIT.value, pgettext_lazy("forecast", "Commit")),
    (Category.OMITTED.value, pgettext_lazy("forecast", "Omitted")),
)


class Named(Recorded):
    """Something the company names itself, in Chinese and in English."""

    name = models.CharField(_("Name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name


class Pipeline(Named):
    """A way of selling. New deals take the default one; an archived one takes none."""

    key = models.CharField(_("Key"), max_length=40, unique=True)
    is_default = models.BooleanField(_("Default"), default=False)
    is_archived = models.BooleanField(_("Archived"), default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_pipeline"
            ),
            models.CheckConstraint(
                condition=~Q(is_default=True, is_archived=True), name="default_pipeline_is_in_use"
            ),
        ]


class Stage(Named):
    """A step of one pipeline: the open ones in order, then one for won and one for lost.

    `probability_rate` is the share of deals here that are expected to be won (1 = all); `expected_days` is
    how long a deal should stand here; `criteria` is what should be true before it goes on.
    """

    pipeline = models.ForeignKey(Pipeline, on_delete=models.PROTECT, related_name="stages")
    key = models.CharField(_("Key"), max_length=40)
    kind = models.CharField(_("Kind"), max_length=10)
    position = models.SmallIntegerField(_("Position"))
    probability_rate = models.DecimalField(_("Probability"), max_digits=5, decimal_places=4)
    expected_days = models.PositiveSmallIntegerField(_("Expected days"), null=True, blank=True)
    criteria = ArrayField(models.CharField(max_length=200), verbose_name=_("Exit criteria"), default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pipeline", "key"], name="a_stage_key_once"),
            models.UniqueConstraint(
                fields=["pipeline", "position"], name="a_stage_position_once", deferrable=Deferrable.DEFERRED
            ),
            models.UniqueConstraint(
                fields=["pipeline", "kind"], condition=~Q(kind="open"), name="one_stage_for_won_and_lost"
            ),
            models.CheckConstraint(
                condition=Q(kind="open", probability_rate__gte=0, probability_rate__lte=1)
                | Q(kind="won", probability_rate=1)
                | Q(kind="lost", probability_rate=0),
                name="stage_probability_fits",
            ),
        ]


class Pace(models.Model):
    """How quickly deals pass a stage, from its finished visits: 80 % took at most `p80_days`."""

    stage = models.OneToOneField(Stage, on_delete=models.CASCADE, related_name="pace")
    visits = models.IntegerField()
    p80_days = models.IntegerField()
    measured_at = models.DateTimeField(db_default=Now())


class ReasonCode(Named):
    """Why deals are won or lost, as the company counts it."""

    key = models.CharField(_("Key"), max_length=40)
    kind = models.CharField(_("Kind"), max_length=10)
    position = models.SmallIntegerField(_("Position"))
    is_archived = models.BooleanField(_("Archived"), default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="a_reason_key_once"),
            models.CheckConstraint(condition=Q(kind__in=("won", "lost")), name="reason_for_won_or_lost"),
        ]


class Opportunity(Recorded):
    """A deal. `opener` opened it and keeps that credit; `owner` works on it now, in `unit`.

    `state` repeats the kind of `stage`; `furthest` is the last stage it ever reached; `stage_on` is the day
    it came where it is. `amount` is what we expect, `value` what a won deal came to; both in company currency
    without tax. `close_on` is when we expect it to close, `closed_on` when it did. Stages are written by
    commands only.
    """

    number = models.CharField(_("Number"), max_length=80, unique=True)
    title = models.CharField(_("Name"), max_length=200)
    product = models.ForeignKey(
        "catalog.Product",
        verbose_name=_("Product"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    customer = models.ForeignKey(
        "customers.Customer",
        verbose_name=_("Customer"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    opener = models.ForeignKey(
        "organization.Person", verbose_name=_("Opened by"), on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(
        "organization.Person", verbose_name=_("Owner"), on_delete=models.PROTECT, related_name="+"
    )
    unit = models.ForeignKey(
        "organization.Unit", verbose_name=_("Unit"), on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("State"), max_length=10)
    stage = models.ForeignKey(
        Stage, verbose_name=_("Stage"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    furthest = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+", db_index=False)
    stage_on = models.DateField(_("In this stage since"))
    amount = models.DecimalField(_("Expected amount"), max_digits=18, decimal_places=2, null=True, blank=True)
    close_on = models.DateField(_("Expected close"), null=True, blank=True)
    category = models.CharField(
        _("Forecast category"), max_length=10, choices=CATEGORIES, default=Category.PIPELINE.value
    )
    next_step = models.CharField(_("Next step"), max_length=200, blank=True)
    next_step_on = models.DateField(_("Next step due"), null=True, blank=True)
    source = models.CharField(_("Source"), max_length=80, blank=True)
    competitors = models.TextField(_("Competitors"), blank=True)
    opened_on = models.DateField(_("Opened on"))
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)
    value = models.DecimalField(_("Value"), max_digits=18, decimal_places=2, null=True, blank=True)
    reason_code = models.ForeignKey(
        ReasonCode,
        verbose_name=_("Main reason"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.TextField(_("Reason"), blank=True)
    created_at = models.DateTimeField(_("Entered at"), db_default=Now())

    class Meta:
        verbose_name = _("Opportunity")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=("open", "won", "lost")), name="deal_state_known"),
            models.CheckConstraint(
                condition=Q(state="open", closed_on=None) | (~Q(state="open") & Q(closed_on__isnull=False)),
                name="deal_closed_with_a_day",
            ),
            models.CheckConstraint(condition=~Q(state="won") | Q(value__gt=0), name="deal_won_with_a_value"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                name="deal_closes_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0), name="deal_amount_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(category__in=[category.value for category in Category]),
                name="deal_category_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "-id"], name="deal_by_owner"),
            models.Index(fields=["unit", "-id"], name="deal_by_unit"),
            models.Index(fields=["state", "-id"], name="deal_by_state"),
            models.Index(fields=["customer"], name="deal_by_customer"),
            models.Index(
                "state",
                models.OrderBy(models.F("closed_on"), descending=True, nulls_last=True),
                models.OrderBy(models.F("id"), descending=True),
                name="deal_newest_closed",
            ),
            models.Index(
                fields=["stage", "close_on", "id"],
                include=["amount", "category", "stage_on"],
                condition=Q(state="open"),
                name="deal_on_board",
            ),
            models.Index(fields=["stage_on", "id"], condition=Q(state="open"), name="deal_standing"),
            models.Index(
                fields=["stage", "closed_on", "id"],
                include=["value", "reason_code", "opened_on"],
                condition=Q(closed_on__isnull=False),
                name="deal_by_close",
            ),
            models.Index(
                fields=["opened_on"],
                include=["furthest", "state", "stage", "amount", "value"],
                name="deal_by_opening",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class StageMove(models.Model):
    """A deal came from one stage to another; without `from_stage` it was opened there.

    `days` are the calendar days it had stood in the former stage, `amount` what was expected of it when it
    left. A move taken back within minutes stays here, marked, and counts for nothing. `opened_on` repeats
    the deal's, for cohorts.
    """

    deal = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="moves", db_index=False)
    opened_on = models.DateField()
    from_stage = models.ForeignKey(
        Stage, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+", db_index=False)
    moved_on = models.DateField()
    moved_at = models.DateTimeField(db_default=Now())
    days = models.IntegerField(null=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    person = models.ForeignKey(
        "organization.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    note = models.TextField(blank=True)
    is_undone = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(from_stage=None, days=None) | Q(from_stage__isnull=False, days__gte=0),
                name="move_with_days_in_the_former_stage",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["deal", "id"], name="move_by_deal"),
            models.Index(
                fields=["from_stage", "days"],
                condition=Q(is_undone=False, from_stage__isnull=False),
                name="move_by_stage",
            ),
            models.Index(
                fields=["moved_on"],
                include=["from_stage", "days", "amount"],
                condition=Q(is_undone=False, from_stage__isnull=False),
                name="move_by_day",
            ),
            models.Index(
                fields=["opened_on"],
                include=["from_stage", "days"],
                condition=Q(is_undone=False, from_stage__isnull=False),
                name="move_by_cohort",
            ),
        ]
