"""What happened in the organization and others may want to hear of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StandInArranged:
    """Somebody does another's work for some days; `by_id` is who said so."""

    stand_in_id: int
    person_id: int
    by_person_id: int
    by_id: int | None
