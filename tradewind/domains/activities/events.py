"""What activities tell others, after the fact."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReminderDue:
    """It is time to remind a person of something they planned; `remind_at` (ISO) was that time."""

    activity_id: int
    person_id: int
    remind_at: str


@dataclass(frozen=True, slots=True)
class ActivityAssigned:
    """Somebody else gave a person something to do."""

    activity_id: int
    person_id: int
    by_person_id: int | None
    version: int
