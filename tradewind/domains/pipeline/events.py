"""What the pipeline tells others, after the fact."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpportunityClosed:
    """A deal was won or lost by its owner or somebody acting for them."""

    opportunity_id: int
    stage: str
