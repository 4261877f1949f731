"""Pure decisions about deals: where they may go, what closing asks, and what a deal must say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tradewind.kernel.errors import Malformed, Refused
from tradewind.kernel.rounding import half_up

LARGEST = Decimal("9999999999999999.99")
LEAST_VISITS = 5
"""Finished visits from which on a stage's own history says what is slow there."""


class State(StrEnum):
    """How a deal stands. A won deal stays won; a lost one may be reopened."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Category(StrEnum):
    """How sure the owner is, for the forecast; an omitted deal counts for nothing there."""

    PIPELINE = "pipeline"
    BEST_CASE = "best_case"
    COMMIT = "commit"
    OMITTED = "omitted"


MOVES = {
    (State.OPEN, "move"): State.OPEN,
    (State.OPEN, "win"): State.WON,
    (State.OPEN, "lose"): State.LOST,
    (State.LOST, "reopen"): State.OPEN,
}


@dataclass(frozen=True, slots=True)
class StageFacts:
    """A stage as the rules see it; `position` counts from 1 within its pipeline, `rate` is 0 to 1."""

    id: int
    pipeline_id: int
    key: str
    kind: State
    position: int
    rate: Decimal
    is_in_use: bool = True


def next_state(state: State, verb: str) -> State:
    """The state after a move; raises `Refused` for anything that is not in the table."""
    if (state, verb) in MOVES:
        return MOVES[state, verb]
    if verb == "reopen":
        raise Refused("pipeline.won_is_final" if state is State.WON else "pipeline.not_lost")
    raise Refused("pipeline.closed")


def check_target(present: StageFacts, target: StageFacts) -> None:
    """Forward, back and skipping are all allowed, also into another pipeline in use.

    Raises `Malformed` at `stage` for the present stage, a closing one, or one of an archived pipeline.
    """
    if target.kind is not State.OPEN:
        raise Malformed("pipeline.stage_closes", field="stage")
    if target.id == present.id:
        raise Malformed("pipeline.stage_same", field="stage")
    if not target.is_in_use:
        raise Malformed("pipeline.stage_archived", field="stage")


def furthest(reached: StageFacts, target: StageFacts) -> StageFacts:
    """The last stage ever reached: losing and moving back keep it, another pipeline begins anew."""
    if reached.pipeline_id != target.pipeline_id:
        return target
    is_further = target.kind is not State.LOST and target.position > reached.position
    return target if is_further else reached


def skipped(present: StageFacts, target: StageFacts) -> int:
    """How many stages a move forward leaves out: 0 for the next one, for a step back and for closing."""
    if present.pipeline_id != target.pipeline_id or target.kind is not State.OPEN:
        return 0
    return max(0, target.position - present.position - 1)


def check_value(value: Decimal) -> Decimal:
    """The value of a won deal: more than 0, at most two decimals. Raises `Malformed` at the field."""
    if not value.is_finite() or value <= 0:
        raise Malformed("pipeline.value_not_positive", field="value")
    return _money(value, "value")


def check_amount(amount: Decimal | None) -> Decimal | None:
    """What is expected of a deal: nothing known yet, or 0 and more with at most two decimals."""
    if amount is None:
        return None
    if not amount.is_finite() or amount < 0:
        raise Malformed("pipeline.amount_negative", field="amount")
    return _money(amount, "amount")


def _money(value: Decimal, field: str) -> Decimal:
    if value > LARGEST:
        raise Malformed("pipeline.value_too_large", field=field)
    if value != value.quantize(Decimal("0.01")):
        raise Malformed("pipeline.value_decimals", field=field)
    return value


def check_reason(reason: str, code: object = None) -> str:
    """Why, without surrounding space; may be empty where a code says it. Raises `Malformed` otherwise."""
    if not reason.strip() and not code:
        raise Malformed("pipeline.reason_missing", field="reason")
    return reason.strip()


def check_close_on(close_on: date | None, opened_on: date) -> None:
    """Raises `Malformed` when a deal would be expected to close before it opened."""
    if close_on is not None and close_on < opened_on:
        raise Malformed("pipeline.close_before_opening", field="close_on")


def check_step(text: str, due_on: date | None, today: date) -> str:
    """A next step says what and by when, from today on; both empty takes it away.

    Returns the text without surrounding space. Raises `Malformed` at the field.
    """
    words = text.strip()
    if bool(words) != bool(due_on):
        raise Malformed("pipeline.step_half", field="next_step_on" if words else "next_step")
    if due_on is not None and due_on < today:
        raise Malformed("pipeline.step_past", field="next_step_on")
    return words


def days_open(opened_on: date, closed_on: date) -> int:
    """Calendar days from opening to closing; 0 on the same day. Raises `Refused` when it would be less."""
    if closed_on < opened_on:
        raise Refused("pipeline.closed_before_opened")
    return (closed_on - opened_on).days


def days_between(since: date, until: date) -> int:
    """Calendar days a deal stood in a stage; 0 within one day, also where a clock went back."""
    return max(0, (until - since).days)


def stuck_after(visits: int, p80_days: int, expected_days: int | None) -> int | None:
    """After how many days in a stage a deal is stuck: longer than 80 % of the finished visits there.

    Fewer than five visits say nothing yet; then the stage's expected days count, or nothing does.
    """
    return p80_days if visits >= LEAST_VISITS else expected_days


def is_stuck(days: int, limit: int | None) -> bool:
    """Has a deal stood in its stage for longer than the limit (in days)?"""
    return limit is not None and days > limit


def check_stages(kinds: Sequence[str]) -> None:
    """A pipeline leads over at least one open stage to won, then lost. Raises `Malformed`."""
    if len(kinds) < 3 or list(kinds) != [State.OPEN] * (len(kinds) - 2) + [State.WON, State.LOST]:
        raise Malformed("pipeline.stages_incomplete", field="stages")


# -- What a pipeline adds up to ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rung:
    """One line of a funnel: how many deals reached the stage, of those before it and of all."""

    stage: StageFacts
    reached: int
    conversion_rate: Decimal | None
    share_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class Closed:
    """Deals closed in a period: how many won and lost; value and days from opening to closing of the won."""

    won: int
    lost: int
    value: Decimal
    days: int


def median(counts: Mapping[int, int]) -> int:
    """The middle one of values given as how often each occurs: of an even number the lower one.

    Raises ValueError without any value.
    """
    before, half = 0, (sum(counts.values()) + 1) // 2
    for value in sorted(counts):
        before += counts[value]
        if before >= half:
            return value
    raise ValueError("there is no middle of nothing")


def rungs(stages: Sequence[StageFacts], deals: Mapping[int, int]) -> list[Rung]:
    """A cohort's funnel. `stages` are the open ones in order and won; `deals` counts by furthest stage (id).

    A deal reached a stage when it stood there or in a later one: whoever skips a stage has passed it, so a
    funnel never widens. Rates have six decimals, half up; the first line has no conversion.
    """
    made: list[Rung] = []
    total = sum(deals.get(stage.id, 0) for stage in stages)
    for at, stage in enumerate(stages):
        reached = sum(deals.get(later.id, 0) for later in stages[at:])
        before = made[-1].reached if made else None
        conversion = None if before is None else rate(reached, before)
        made.append(Rung(stage, reached, conversion, rate(reached, total)))
    return made


def narrowest(lines: Sequence[Rung]) -> Rung | None:
    """Where the smallest share of deals goes on; the first of several. None where no deal came that far."""
    steps = [line for line in lines if line.conversion_rate is not None]
    return min(steps, key=lambda line: line.conversion_rate or Decimal(0), default=None)


def rate(part: int, whole: int) -> Decimal | None:
    """A share, six decimals, half up; None of nothing."""
    return half_up(Decimal(part) / whole, 6) if whole else None


def weighted(amount: Decimal, probability_rate: Decimal) -> Decimal:
    """What an amount in a stage is worth today: times the stage's probability, half up to the cent."""
    return half_up(amount * probability_rate, 2)


def velocity(open_deals: int, closed: Closed) -> Decimal | None:
    """Money won per calendar day, as things are: open deals × average value × win rate ÷ average cycle.

    The averages cancel to n × value × won ÷ ((won + lost) × days), rounded once, half up to the cent.
    None where nothing was won or every won deal opened and closed on one day.
    """
    if not closed.won or not closed.days:
        return None
    return half_up(open_deals * closed.value * closed.won / ((closed.won + closed.lost) * closed.days), 2)
