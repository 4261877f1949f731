"""The life of an import: one table of moves."""

from enum import StrEnum

from tradewind.kernel.errors import Refused, declare, phrase

declare(
    {
        "import.wrong_state": phrase("This import is further than that. Look at it again."),
    }
)


class State(StrEnum):
    """Where an import stands."""

    MAPPING = "mapping"
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    UNDOING = "undoing"
    UNDONE = "undone"
    EXPIRED = "expired"


class Verdict(StrEnum):
    """What becomes of one row of the file."""

    NEW = "new"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    ERROR = "error"


MOVES = {
    (State.MAPPING, "check"): State.CHECKING,
    (State.CHECKED, "check"): State.CHECKING,
    (State.CHECKING, "finish"): State.CHECKED,
    (State.CHECKING, "give_up"): State.MAPPING,
    (State.CHECKED, "run"): State.RUNNING,
    (State.RUNNING, "finish"): State.DONE,
    (State.RUNNING, "give_up"): State.CHECKED,
    (State.RUNNING, "stop"): State.STOPPED,
    (State.DONE, "undo"): State.UNDOING,
    (State.STOPPED, "undo"): State.UNDOING,
    (State.UNDONE, "undo"): State.UNDOING,
    (State.UNDOING, "finish"): State.UNDONE,
    (State.UNDOING, "give_up"): State.DONE,
    (State.MAPPING, "expire"): State.EXPIRED,
    (State.CHECKED, "expire"): State.EXPIRED,
}
"""To give up is to stand where one stood before, with nothing written."""

UNDOABLE = tuple(state for state, verb in MOVES if verb == "undo")
AT_WORK = (State.CHECKING, State.RUNNING, State.UNDOING)


def next_state(state: State, verb: str) -> State:
    """Where this leads; raises `Refused` where it leads nowhere."""
    if (state, verb) not in MOVES:
        raise Refused("import.wrong_state")
    return MOVES[state, verb]
