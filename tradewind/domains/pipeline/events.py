"""What the pipeline tells others, after the fact."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpportunityOpened:
    """Somebody opened a deal; imports tell of theirs by the entries they post."""

    opportunity_id: int


@dataclass(frozen=True, slots=True)
class OpportunitiesMoved:
    """Deals came to another open stage (by id)."""

    opportunity_ids: tuple[int, ...]
    stage_id: int


@dataclass(frozen=True, slots=True)
class OpportunityClosed:
    """A deal was won or lost by its owner or somebody acting for them; `stage` is `won` or `lost`."""

    opportunity_id: int
    stage: str


@dataclass(frozen=True, slots=True)
class OpportunityReopened:
    """A lost deal is open again."""

    opportunity_id: int
