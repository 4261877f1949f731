"""What the platform itself stores: sign-ins, the record of commands, history, seals, the outbox."""

from typing import Any, ClassVar, Self
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Now


class Recorded(models.Model):
    """A business row: a public id for the edge, a version that every command raises by one."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    version = models.IntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def change(self, **values: object) -> Self:
        """Write these fields and the next version; the history trigger keeps what was there before."""
        for name, value in values.items():
            setattr(self, name, value)
        self.version += 1
        self.save(update_fields=[*values, "version"])
        return self


class Users(BaseUserManager["User"]):
    """Sign-ins by their name; a new one has no password until its owner chooses one."""

    def create_user(self, username: str, password: str | None = None) -> "User":
        user = self.model(username=username)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A sign-in: name and password, nothing about the person."""

    username = models.CharField(max_length=150, unique=True)
    is_active = models.BooleanField(default=True)

    entry: list[tuple[Any, ...]] | None = None  # read together with the sign-in
    needs_second_factor = False  # a role asks for one
    lacks_second_factor = False  # and there is none yet

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = Users()

    def __str__(self) -> str:
        return self.username

    def save(self, *args: Any, **named: Any) -> None:
        """Of an existing sign-in only password and last sign-in are saved, unless fields are named.

        Pages may change no more than that, and the database grants them no more.
        """
        if not self._state.adding and named.get("update_fields") is None:
            named["update_fields"] = ["password", "last_login"]
        super().save(*args, **named)


class Session(AbstractBaseSession):
    """One browser that somebody signed in with. No role reads it: access/sessions.py asks by its key."""

    public_id = models.UUIDField(default=uuid4, unique=True)
    user_id = models.BigIntegerField(null=True, db_index=True)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())


class Token(Recorded):
    """A key with which a program acts as a person, within `scopes`. Of the key only its hash is kept."""

    person_id = models.BigIntegerField(db_index=True)
    user_id = models.BigIntegerField()
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16, unique=True)
    digest = models.BinaryField(unique=True)
    scopes = ArrayField(models.CharField(max_length=60))
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"


class Command(models.Model):
    """One act: who did what to which object, and why. Never the values; those are in the history.

    `actor` names what the system does by itself; people are named by their id alone.
    """

    name = models.CharField(max_length=80)
    actor = models.CharField(max_length=150)
    person_id = models.BigIntegerField(null=True)
    resource = models.CharField(max_length=80, blank=True)
    object_id = models.BigIntegerField(null=True)
    parent_id = models.BigIntegerField(null=True)
    why = models.TextField(blank=True)
    request = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(db_default=Now())
    seal_id = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["resource", "object_id"], name="command_by_object"),
            models.Index(fields=["person_id", "id"], name="command_by_person"),
            models.Index(fields=["name", "id"], name="command_by_name"),
            models.Index(fields=["id"], condition=models.Q(seal_id=None), name="command_unsealed"),
        ]


class History(models.Model):
    """What one statement changed in one row; written by the trigger, readable by no application role."""

    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    op = models.CharField(max_length=6)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    command_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(db_default=Now())
    seal_id = models.BigIntegerField(null=True)
    salt = models.UUIDField(null=True)
    digest = models.BinaryField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["table_name", "row_id"], name="history_by_row"),
            models.Index(fields=["command_id"], name="history_by_command"),
            models.Index(fields=["id"], condition=models.Q(seal_id=None), name="history_unsealed"),
        ]


class Seal(models.Model):
    """One link of the chain over commands and history: the rows that carry its number."""

    id = models.BigIntegerField(primary_key=True)
    rows = models.IntegerField()
    digest = models.BinaryField()
    at = models.DateTimeField(db_default=Now())


class Share(models.Model):
    """One row of a resource, shared with a person or with everybody who works in a unit."""

    resource = models.CharField(max_length=80)
    object_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    may_change = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(person_id=None) ^ models.Q(unit_id=None), name="shared_with_one"
            ),
            models.UniqueConstraint(
                fields=["resource", "object_id", "person_id", "unit_id"],
                nulls_distinct=False,
                name="shared_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person_id", "resource"], name="share_by_person"),
            models.Index(fields=["unit_id", "resource"], name="share_by_unit"),
        ]


class Event(models.Model):
    """The outbox: something happened, to be told to subscribers after the transaction."""

    kind = models.CharField(max_length=80)
    facts = models.JSONField()
    command_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(db_default=Now())


class Delivery(models.Model):
    """This subscriber has had this event: written in the transaction of its effect, so effects come once."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    subscriber = models.CharField(max_length=120)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "subscriber"], name="one_delivery_per_subscriber")
        ]
