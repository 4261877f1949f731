"""Model fields that the business uses again and again."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


@models.CharField.register_lookup
class Pinyin(models.Transform):
    """A name as Chinese readers order it: `order_by("name__pinyin")`; see sql/sorting.sql."""

    lookup_name = "pinyin"
    function = "tw_pinyin"
    output_field = models.BinaryField()


Words = Any
"""A name in the reader's language: text, or text still to be translated."""


def money(name: Words) -> "models.DecimalField[Any, Any]":
    """An amount in company currency with two decimals, not negative; it may be empty."""
    floor = MinValueValidator(Decimal(0))
    return models.DecimalField(
        name, max_digits=18, decimal_places=2, null=True, blank=True, validators=[floor]
    )


def rate(name: Words, default: Decimal) -> "models.DecimalField[Any, Any]":
    """A fraction from 0 to 1 with four decimals; 0.13 means 13 %."""
    limits = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))]
    return models.DecimalField(
        name, max_digits=5, decimal_places=4, default=default, db_default=default, validators=limits
    )
