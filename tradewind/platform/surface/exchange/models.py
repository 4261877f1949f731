"""What an outside system last told us about each object; and the imports that people make from files."""

from typing import ClassVar, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now

from tradewind.platform.spine.models import Recorded
from tradewind.platform.surface.exchange.states import State, next_state


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


class ImportRun(Recorded):
    """One file on its way in. The file's table is kept until the run ends or a day, its lines for a month.

    person_id: who asked, None for the system; a job acts as that person, with the rights they have then ·
    samples: the first values of each column · plan: how the file is read, as planning.Plan writes it ·
    is_whole: all or nothing · counts: lines by verdict · done: lines worked on.
    """

    resource = models.CharField(max_length=80)
    person_id = models.BigIntegerField(null=True)
    language = models.CharField(max_length=10)
    file_name = models.CharField(max_length=200)
    table = models.BinaryField(null=True)
    header = models.JSONField()
    samples = models.JSONField(default=list)
    sheet = models.CharField(max_length=200, blank=True)
    other_sheets = models.IntegerField(default=0)
    plan = models.JSONField()
    state = models.CharField(max_length=10, default=State.MAPPING)
    is_whole = models.BooleanField(default=True)
    total = models.IntegerField()
    done = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)
    problem = models.TextField(blank=True)
    is_cancel_asked = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person_id", "resource", "-id"], name="import_by_person"),
            models.Index(fields=["created_at"], condition=models.Q(table__isnull=False), name="import_open"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]), name="import_state_is_known"
            )
        ]

    def move(self, verb: str, **values: object) -> Self:
        """The next state; raises `Refused` where this one does not lead there."""
        return self.change(state=next_state(State(self.state), verb), **values)


class ImportLine(models.Model):
    """One row of the file, what becomes or became of it, and what was there before, to undo it.

    problems, changes: in words, in the language of whoever asked; (field, what is wrong, cell) and (field,
    before, after) · before: former values by model column ·
    undone: how undoing it went; empty when nobody did.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+")
    number = models.IntegerField()
    cells = models.JSONField()
    label = models.CharField(max_length=200, blank=True)
    verdict = models.CharField(max_length=10)
    problems = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    object_id = models.BigIntegerField(null=True)
    object_version = models.IntegerField(null=True)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    undone = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "number"], name="a_line_once")]
        indexes: ClassVar = [models.Index(fields=["run", "verdict", "number"], name="line_by_verdict")]


class ImportMapping(models.Model):
    """Which field each header of a person's files meant last time."""

    resource = models.CharField(max_length=80)
    person_id = models.BigIntegerField()
    fields = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person_id", "resource"], name="one_mapping_per_person")
        ]
