"""What a person is told inside the product."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q


class Notification(models.Model):
    """One thing told to one person. `title` is an English sentence whose gaps `facts` fill when it is read.

    `key` says what it is told about: the same key is told to a person once.
    """

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    person_id = models.BigIntegerField()
    kind = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person_id", "key"], name="told_once_to_a_person")
        ]
        indexes: ClassVar = [
            models.Index(fields=["person_id", "-id"], name="notification_by_person"),
            models.Index(fields=["person_id"], condition=Q(read_at=None), name="notification_unread"),
        ]
