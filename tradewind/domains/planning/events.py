"""What planning tells others, after the fact."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlanApproved:
    """A plan came into force; its targets bind from now on."""

    plan_id: int
    year: int
    measure: str
