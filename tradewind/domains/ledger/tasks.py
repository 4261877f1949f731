"""The ledger's own job: keep the monthly sums short."""

from collections.abc import Mapping
from typing import Any

from tradewind.domains.ledger.commands import merge_rollups
from tradewind.domains.ledger.events import EntriesPosted
from tradewind.platform.spine.outbox import subscribe


def merge_touched(facts: Mapping[str, Any]) -> None:
    """Merge the sums that a posting appended to."""
    merge_rollups(facts["measures"], facts["months"])


subscribe(EntriesPosted, "ledger.merge_rollups", merge_touched)
