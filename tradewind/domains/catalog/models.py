"""What we sell: names and list prices."""

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tradewind.platform.spine.fields import rate
from tradewind.platform.spine.models import Recorded


class Product(Recorded):
    """A product with its list price in company currency, without tax."""

    code = models.CharField(_("Number"), max_length=80, unique=True)
    name = models.CharField(_("Name"), max_length=200)
    series = models.CharField(_("Series"), max_length=80, blank=True)
    unit_name = models.CharField(_("Sold by the"), max_length=20, blank=True, db_default="")
    list_price = models.DecimalField(
        _("List price"), max_digits=18, decimal_places=2, validators=[MinValueValidator(0)]
    )
    tax_rate = rate(_("Tax rate"), Decimal("0.13"))
    is_sold = models.BooleanField(_("On sale"), default=True, db_default=True)
    description = models.TextField(_("Description"), blank=True, max_length=4000, db_default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(list_price__gte=0), name="list_price_not_negative")
        ]

    def __str__(self) -> str:
        return self.name
