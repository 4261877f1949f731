"""Processes with their versions; requests with the path they take; who takes part; what was decided."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tradewind.domains.approvals.values import number_of
from tradewind.platform.spine.models import Recorded


class Process(Recorded):
    """How requests about one subject are decided. `draft` is worked on; editions are what requests follow."""

    subject = models.CharField(max_length=80, unique=True)
    is_active = models.BooleanField(default=False)
    draft = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.subject


class Edition(models.Model):
    """One published version of a process; a request keeps the one it was submitted under."""

    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    content = models.JSONField()
    by_person_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["process", "number"], name="an_edition_once")
        ]


class Request(Recorded):
    """A proposed change of one object, and how far it came. `state` and `path` are written by commands only.

    proposed: the values to be written, by model column · shown: what changes, in words of the day it was
    asked · facts: what the route was chosen by, in words · path: steps with their people, see `kept.py`.
    """

    subject = models.CharField(max_length=80)
    resource = models.CharField(max_length=80)
    object_id = models.BigIntegerField()
    object_public_id = models.UUIDField()
    object_label = models.CharField(max_length=200)
    object_version = models.IntegerField()
    requester = models.ForeignKey("organization.Person", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    route = models.CharField(max_length=80, blank=True)
    round = models.IntegerField(default=1)
    state = models.CharField(max_length=20)
    reason = models.TextField(max_length=2000)
    proposed = models.JSONField()
    shown = models.JSONField()
    facts = models.JSONField()
    path = models.JSONField()
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    remind_at = models.DateTimeField(null=True)
    escalate_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=("in_review", "sent_back", "approved", "rejected", "withdrawn")),
                name="request_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("in_review", "sent_back"), decided_at=None)
                | Q(state__in=("approved", "rejected", "withdrawn"), decided_at__isnull=False),
                name="request_decided_with_a_time",
            ),
            models.UniqueConstraint(
                fields=["resource", "object_id"],
                condition=Q(state="in_review"),
                name="one_request_in_review_per_object",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["requester", "-id"], name="request_by_requester"),
            models.Index(fields=["unit"], name="request_by_unit"),
            models.Index(fields=["resource", "object_id"], name="request_by_object"),
            models.Index(fields=["id"], condition=Q(state="in_review"), name="request_in_review"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.object_label}"

    @property
    def number(self) -> str:
        """What people call it."""
        return number_of(self.pk)


class Participant(models.Model):
    """Somebody a request concerns besides who made it: asked now, decided or asked before, or copied in."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("organization.Person", on_delete=models.PROTECT, related_name="+")
    is_asked = models.BooleanField(default=False)
    is_copied = models.BooleanField(default=False)
    has_decided = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "person"], name="a_participant_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["person"], condition=Q(is_asked=True), name="participant_asked"),
            models.Index(fields=["person", "request"], name="participant_by_person"),
        ]


class Decision(models.Model):
    """What somebody did to a request, when, for whom, and which version of the object they saw."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="+")
    round = models.IntegerField()
    place = models.IntegerField(null=True)
    verb = models.CharField(max_length=20)
    person = models.ForeignKey("organization.Person", null=True, on_delete=models.PROTECT, related_name="+")
    for_person = models.ForeignKey(
        "organization.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(blank=True, max_length=2000)
    object_version = models.IntegerField()
    request_version = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["request", "id"], name="decision_by_request")]
