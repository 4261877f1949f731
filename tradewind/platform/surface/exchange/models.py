"""What an outside system last told us about each object, to see later who changed it since."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class ImportedRow(models.Model):
    """One row of an outside system as it was last imported, and the version our object had then."""

    resource = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    row = models.JSONField()
    object_id = models.BigIntegerField()
    object_version = models.IntegerField()
    command_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resource", "key"], name="one_memory_per_key")
        ]
