"""What orders tell others, after the fact."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OrderConfirmed:
    """An order was confirmed by its owner or somebody acting for them."""

    order_id: int


@dataclass(frozen=True, slots=True)
class OrderCancelled:
    """A draft or a confirmed order was cancelled."""

    order_id: int
