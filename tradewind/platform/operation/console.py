"""Plain lines for whoever sits at the terminal, and the one error that is shown without a traceback."""

from __future__ import annotations

import sys


class OperationError(Exception):
    """Something the operator has to put right; the message says what and how."""


def say(line: str = "") -> None:
    """An answer of the command, on stdout."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def note(line: str) -> None:
    """Progress and trouble, on stderr, so that answers stay clean."""
    sys.stderr.write(f"tradewind: {line}\n")
    sys.stderr.flush()
