"""Who buys from us: the master file only."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tradewind.domains.customers.choices import Attitude, Grade, LifeStage, Part, Size, Source
from tradewind.platform.spine.models import Recorded


def _key(name: str) -> models.GeneratedField:
    """The certain key of a column, as `rules` describes it; computed by the database with every change."""
    return models.GeneratedField(
        expression=models.Func(F(name), function=f"tw_{name}_key"),
        output_field=models.CharField(max_length=200, db_collation="C"),
        db_persist=True,
    )


class Customer(Recorded):
    """A company or person that buys or may buy. Without an owner it is open to everybody signed in."""

    code = models.CharField(_("Number"), max_length=80, unique=True)
    name = models.CharField(_("Name"), max_length=200)
    short_name = models.CharField(_("Short name"), max_length=40, blank=True)
    credit_code = models.CharField(_("Unified social credit code"), max_length=18, blank=True)
    industry = models.CharField(_("Industry"), max_length=80, blank=True)
    country = models.CharField(_("Country"), max_length=80, blank=True)
    province = models.CharField(_("Province"), max_length=40, blank=True)
    city = models.CharField(_("City"), max_length=40, blank=True)
    address = models.CharField(_("Address"), max_length=200, blank=True)
    phone = models.CharField(_("Phone"), max_length=40, blank=True)
    email = models.EmailField(_("E-mail"), max_length=200, blank=True)
    website = models.CharField(_("Website"), max_length=200, blank=True)
    source = models.CharField(_("Source"), max_length=20, blank=True, choices=Source.choices)
    size = models.CharField(_("Size"), max_length=20, blank=True, choices=Size.choices)
    grade = models.CharField(_("Grade"), max_length=1, blank=True, choices=Grade.choices)
    life_stage = models.CharField(
        _("Life stage"), max_length=20, choices=LifeStage.choices, default=LifeStage.PROSPECT
    )
    founded_year = models.IntegerField(
        _("Founded in"), null=True, blank=True, validators=[MinValueValidator(1000), MaxValueValidator(2200)]
    )
    revenue_millions = models.DecimalField(
        _("Revenue (millions)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    employees = models.IntegerField(
        _("Employees"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(10**7)]
    )
    note = models.TextField(_("Note"), blank=True, max_length=4000)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Parent company"),
    )
    owner = models.ForeignKey(
        "organization.Person",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("Owner"),
    )
    unit = models.ForeignKey(
        "organization.Unit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("Unit"),
    )
    created_at = models.DateTimeField(_("Created at"), db_default=Now(), editable=False)
    name_key = _key("name")
    phone_key = _key("phone")
    email_key = _key("email")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["name"], name="customer_by_name"),
            models.Index(fields=["created_at"], name="customer_by_creation"),
            models.Index(fields=["owner", "-id"], name="customer_by_owner"),
            models.Index(fields=["unit", "-id"], name="customer_by_unit"),
            models.Index(fields=["name_key"], condition=~Q(name_key=""), name="customer_by_name_key"),
            models.Index(fields=["phone_key"], condition=~Q(phone_key=""), name="customer_by_phone_key"),
            models.Index(fields=["email_key"], condition=~Q(email_key=""), name="customer_by_email_key"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="customer_is_not_its_own_parent"),
            models.UniqueConstraint(
                fields=["credit_code"], condition=~Q(credit_code=""), name="one_customer_per_credit_code"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Likeness(Recorded):
    """Two customers that may be one: how likely, and why; open until somebody says that they are not.

    No foreign keys: a pair must not keep one of its customers from being removed.
    """

    first_id = models.BigIntegerField()
    second_id = models.BigIntegerField()
    score = models.DecimalField(max_digits=3, decimal_places=2)
    why = models.JSONField()
    is_dismissed = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first_id", "second_id"], name="a_pair_once"),
            models.CheckConstraint(condition=Q(first_id__lt=F("second_id")), name="a_pair_in_order"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-score", "id"], condition=Q(is_dismissed=False), name="open_pairs"),
            models.Index(fields=["second_id"], name="pair_by_second"),
        ]


class Compared(models.Model):
    """How far the search for likely duplicates came: the last customer it looked at. One row."""

    customer_id = models.BigIntegerField()


class Contact(Recorded):
    """A person at a customer; who sees the customer sees its contacts."""

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("Customer")
    )
    name = models.CharField(_("Full name"), max_length=80)
    title = models.CharField(_("Job title"), max_length=80, blank=True)
    department = models.CharField(_("Department"), max_length=80, blank=True)
    part = models.CharField(_("Role in the decision"), max_length=20, blank=True, choices=Part.choices)
    attitude = models.CharField(_("Attitude"), max_length=20, blank=True, choices=Attitude.choices)
    mobile = models.CharField(_("Mobile"), max_length=40, blank=True)
    phone = models.CharField(_("Phone"), max_length=40, blank=True)
    wechat = models.CharField(_("WeChat"), max_length=80, blank=True)
    email = models.EmailField(_("E-mail"), max_length=200, blank=True)
    birthday = models.DateField(_("Birthday"), null=True, blank=True)
    is_lunar = models.BooleanField(_("Birthday is lunar"), default=False)
    may_be_contacted = models.BooleanField(_("Agreed to be contacted"), default=True)
    preferences = models.TextField(_("Preferences"), blank=True, max_length=2000)
    created_at = models.DateTimeField(_("Created at"), db_default=Now(), editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "-id"], name="contact_by_customer"),
            models.Index(fields=["name"], name="contact_by_name"),
        ]

    def __str__(self) -> str:
        return self.name
