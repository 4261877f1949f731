"""Words of orders that other domains may use."""

from typing import NewType

OrderId = NewType("OrderId", int)
