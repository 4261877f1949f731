"""The report."""

from __future__ import annotations

from typing import Any


def page(outcome: dict[str, Any]) -> str:
    """The whole page."""
    return "<p>"
