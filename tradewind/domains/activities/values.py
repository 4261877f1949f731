"""Words of the activities that other domains may use."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import NewType

from tradewind.kernel.errors import declare, phrase

ActivityId = NewType("ActivityId", int)


class Kind(StrEnum):
    """What is done. A task and a note touch nobody outside."""

    CALL = "call"
    MESSAGE = "message"
    MAIL = "mail"
    MEETING = "meeting"
    VISIT = "visit"
    TASK = "task"
    NOTE = "note"


class State(StrEnum):
    """Where an activity stands."""

    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


class Result(StrEnum):
    """How it ended, in one word."""

    REACHED = "reached"
    APPOINTMENT = "appointment"
    INTERESTED = "interested"
    QUOTE = "quote"
    NOT_REACHED = "not_reached"
    NOT_INTERESTED = "not_interested"


class Priority(StrEnum):
    """What comes first among the things of one day."""

    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


TOUCHES = (Kind.CALL, Kind.MESSAGE, Kind.MAIL, Kind.MEETING, Kind.VISIT)
"""Kinds in which somebody of the customer takes part."""


@dataclass(frozen=True, slots=True)
class About:
    """An object of a domain above, such as a deal: the key of its resource, its id, what it is called."""

    kind: str
    id: int
    label: str


@dataclass(frozen=True, slots=True)
class Touch:
    """When a customer was last spoken to, how, by whom (a person's id)."""

    at: datetime
    kind: Kind
    person_id: int


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One imported activity, by the key and the row (JSON text) of its source. The customer is named as it
    is known here, the contact as that customer's, the seller by sign-in; `about` is known to the importer.
    """

    key: str
    source: str
    kind: Kind
    subject: str
    seller: str
    state: State
    due_on: date
    due_time: time | None = None
    customer: str = ""
    contact: str = ""
    about: About | None = None
    done_at: datetime | None = None
    result: str = ""
    outcome: str = ""
    duration_min: int | None = None
    remind_at: datetime | None = None


declare(
    {
        "activities.wrong_state": phrase("This activity is not in a state that allows this."),
        "activities.subject_missing": phrase("Say in a few words what it is about."),
        "activities.too_long": phrase("At most %(longest)s characters fit here."),
        "activities.not_text": phrase("This holds a character that no text may hold."),
        "activities.due_in_past": phrase("A plan lies today or later; what is done already is logged."),
        "activities.due_too_far": phrase("This day lies too far ahead: at most five years."),
        "activities.done_in_future": phrase("Nothing is done before its day."),
        "activities.done_too_long_ago": phrase("This lies too far back: at most a year."),
        "activities.bad_duration": phrase("A duration is 1 to 1440 minutes."),
        "activities.unknown_word": phrase("“%(word)s” is not one of the choices."),
        "activities.bad_day": phrase("“%(text)s” is not a day of this calendar; write it as 2026-11-22."),
        "activities.contact_elsewhere": phrase("This contact belongs to another customer."),
        "activities.owner_out_of_reach": phrase("You may give activities only to people within your reach."),
        "activities.owner_without_unit": phrase(
            "This person works in no unit, so nothing can count for them."
        ),
        "activities.done_stays": phrase("What is done stays with whoever did it."),
        "activities.not_done_yet": phrase("An outcome belongs to what is done. Complete it first."),
        "activities.too_many": phrase("At most %(largest)s activities at once."),
        "activities.about_unknown": phrase("There is no such object to follow up."),
    }
)
