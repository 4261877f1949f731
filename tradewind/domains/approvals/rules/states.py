"""What may follow what: in the life of a request, and in that of one of its steps."""

from enum import StrEnum

from tradewind.kernel.errors import Refused


class State(StrEnum):
    """A request in review waits for its deciders and freezes its object; sent back it waits for its maker."""

    IN_REVIEW = "in_review"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class StepState(StrEnum):
    """A step waits for those before it, asks, and is approved or rejected; or stops with its request."""

    WAITING = "waiting"
    ASKING = "asking"
    APPROVED = "approved"
    REJECTED = "rejected"
    STOPPED = "stopped"


OPEN = (State.IN_REVIEW, State.SENT_BACK)

MOVES = {
    (State.IN_REVIEW, "approve"): State.APPROVED,
    (State.IN_REVIEW, "reject"): State.REJECTED,
    (State.IN_REVIEW, "send_back"): State.SENT_BACK,
    (State.IN_REVIEW, "withdraw"): State.WITHDRAWN,
    (State.SENT_BACK, "resubmit"): State.IN_REVIEW,
    (State.SENT_BACK, "withdraw"): State.WITHDRAWN,
}

STEP_MOVES = {
    (StepState.WAITING, "ask"): StepState.ASKING,
    (StepState.ASKING, "approve"): StepState.APPROVED,
    (StepState.ASKING, "reject"): StepState.REJECTED,
    (StepState.ASKING, "hold"): StepState.WAITING,
    (StepState.ASKING, "reopen"): StepState.WAITING,
    (StepState.APPROVED, "reopen"): StepState.WAITING,
    (StepState.WAITING, "stop"): StepState.STOPPED,
    (StepState.ASKING, "stop"): StepState.STOPPED,
}


def next_state(state: State, verb: str) -> State:
    """The state of a request after a move. Raises `Refused`."""
    if (state, verb) not in MOVES:
        raise Refused("approvals.wrong_state")
    return MOVES[state, verb]


def next_step_state(state: StepState, verb: str) -> StepState:
    """The state of a step after a move. Raises `Refused`."""
    if (state, verb) not in STEP_MOVES:
        raise Refused("approvals.wrong_state")
    return STEP_MOVES[state, verb]
