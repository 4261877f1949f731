"""Pure decisions about orders: their states."""

from enum import StrEnum


class State(StrEnum):
    """An order counts while it is confirmed."""

    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
