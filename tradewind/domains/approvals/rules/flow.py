"""The life of one request: who may decide now, and what the decision leads to. Values in, values out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tradewind.domains.approvals.rules.paths import Notice, Planned
from tradewind.domains.approvals.rules.routes import Mode, StepRule
from tradewind.domains.approvals.rules.states import State, StepState, next_state, next_step_state
from tradewind.kernel.errors import Malformed, Refused


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's place in a step.

    by: who really decided, another than `person` where they stood in · is_carried: decided with the step
    before · instead_of: whose place it was before it was handed on or escalated.
    """

    person: int
    verdict: str = ""
    by: int | None = None
    is_carried: bool = False
    instead_of: int | None = None
    is_escalated: bool = False

    @property
    def is_open(self) -> bool:
        return not self.verdict


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a request. `added_by` is who called in this signer; `rule` is empty then."""

    seats: tuple[Seat, ...]
    mode: Mode = Mode.ANY
    state: StepState = StepState.WAITING
    rule: StepRule | None = None
    notices: tuple[Notice, ...] = ()
    added_by: int | None = None

    @property
    def is_decided(self) -> bool:
        """Have enough approved: one for any-of, everybody for all-of? Nobody is never enough."""
        given = [seat.verdict == "approve" for seat in self.seats]
        return bool(given) and (any(given) if self.mode is Mode.ANY else all(given))

    def moved(self, verb: str, **more: Any) -> "Stage":
        return replace(self, state=next_step_state(self.state, verb), **more)

    def reopened(self) -> "Stage":
        """Asked from the start again, whatever was decided."""
        seats = tuple(replace(seat, verdict="", by=None, is_carried=False) for seat in self.seats)
        is_over = self.state is not StepState.WAITING
        return self.moved("reopen", seats=seats) if is_over else replace(self, seats=seats)


@dataclass(frozen=True, slots=True)
class Case:
    """A request as far as deciding goes."""

    requester: int
    stages: tuple[Stage, ...]
    state: State = State.IN_REVIEW

    @property
    def at(self) -> int | None:
        """The place of the step that asks now."""
        asking = (n for n, stage in enumerate(self.stages) if stage.state is StepState.ASKING)
        return next(asking, None)

    @property
    def asked(self) -> tuple[int, ...]:
        """Who is asked now."""
        if self.at is None or self.state is not State.IN_REVIEW:
            return ()
        return tuple(seat.person for seat in self.stages[self.at].seats if seat.is_open)


@dataclass(frozen=True, slots=True)
class Decider:
    """Who acts, and for which absent people they may act too."""

    person: int
    stands_in_for: frozenset[int] = frozenset()


def submitted(requester: int, planned: Sequence[Planned]) -> Case:
    """A new request; its first step asks. Raises `Refused` for a step that asks nobody or the requester."""
    stages = tuple(
        Stage(
            tuple(Seat(one) for one in plan.people),
            plan.rule.mode,
            StepState.WAITING,
            plan.rule,
            plan.notices,
        )
        for plan in planned
    )
    if not stages or not all(stage.seats for stage in stages):
        raise Refused("approvals.not_asked")
    if any(seat.person == requester for stage in stages for seat in stage.seats):
        raise Refused("approvals.own_request")
    return _advanced(Case(requester, stages))


def own_seats(case: Case, who: Decider) -> tuple[int, ...]:
    """The open places of the asking step that this person may fill; none on their own request."""
    if who.person == case.requester or case.at is None or case.state is not State.IN_REVIEW:
        return ()
    mine = {who.person, *(who.stands_in_for - {case.requester})}
    seats = case.stages[case.at].seats
    return tuple(n for n, seat in enumerate(seats) if seat.is_open and seat.person in mine)


def check_decider(case: Case, who: Decider) -> tuple[int, ...]:
    """The places this person fills now. Raises `Refused` where there are none, and on one's own request."""
    if case.state is not State.IN_REVIEW:
        raise Refused("approvals.wrong_state")
    if who.person == case.requester:
        raise Refused("approvals.own_request")
    seats = own_seats(case, who)
    if not seats:
        raise Refused("approvals.not_asked")
    return seats


def approve(case: Case, who: Decider) -> Case:
    """Say yes for every place one fills; the last yes of the last step approves the request."""
    seats = check_decider(case, who)
    case = _with_stage(case, lambda stage: _given(stage, seats, who, "approve"))
    at = _at(case)
    if not case.stages[at].is_decided:
        return case
    return _advanced(_with_stage(case, lambda stage: stage.moved("approve")))


def reject(case: Case, who: Decider) -> Case:
    """One no ends the request, also where any one may decide."""
    seats = check_decider(case, who)
    case = _with_stage(case, lambda stage: _given(stage.moved("reject"), seats, who, "reject"))
    return _stopped(replace(case, state=next_state(case.state, "reject")))


def send_back(case: Case, who: Decider) -> Case:
    """Back to the requester, who changes it and submits anew, or withdraws."""
    seats = check_decider(case, who)
    case = _with_stage(case, lambda stage: _given(stage, seats, who, "send_back"))
    return _stopped(replace(case, state=next_state(case.state, "send_back")))


def send_back_to(case: Case, who: Decider, place: int) -> Case:
    """Back to an earlier step: it and all after it are asked again. Raises `Malformed` for no earlier one."""
    check_decider(case, who)
    at = _at(case)
    if not 0 <= place < at:
        raise Malformed("approvals.no_earlier_step", field="to")
    stages = [stage.reopened() if n >= place else stage for n, stage in enumerate(case.stages)]
    stages[place] = stages[place].moved("ask")
    return replace(case, stages=tuple(stages))


def withdraw(case: Case, person: int | None) -> Case:
    """The requester takes it back, at any time before it is decided."""
    if person != case.requester:
        raise Refused("approvals.not_requester")
    return _stopped(replace(case, state=next_state(case.state, "withdraw")))


def add_before(case: Case, who: Decider, signer: int) -> Case:
    """Somebody decides before the asking step goes on."""
    check_decider(case, who)
    _check_signer(case, who, signer)
    at = _at(case)
    held = case.stages[at].moved("hold")
    added = Stage((Seat(signer),), Mode.ALL, StepState.WAITING, added_by=who.person).moved("ask")
    return replace(case, stages=(*case.stages[:at], added, held, *case.stages[at + 1 :]))


def add_after(case: Case, who: Decider, signer: int) -> Case:
    """Somebody decides after the asking step, before the next."""
    check_decider(case, who)
    _check_signer(case, who, signer)
    at = _at(case)
    added = Stage((Seat(signer),), Mode.ALL, StepState.WAITING, added_by=who.person)
    return replace(case, stages=(*case.stages[: at + 1], added, *case.stages[at + 1 :]))


def delegate(case: Case, who: Decider, signer: int) -> Case:
    """Hand one's place, or that of whom one stands in for, to somebody else; one place to one person."""
    first = check_decider(case, who)[0]
    _check_signer(case, who, signer)
    return _with_stage(case, lambda stage: _handed(stage, {first: signer}))


def escalate(case: Case, to: Callable[[int, frozenset[int]], int | None]) -> Case:
    """Nobody decided in time: each open place goes to the next head up; where there is none it stays.

    `to` finds that head for a person, given who is barred: the requester and whoever sits there already.
    """
    at = _at(case)
    moved: dict[int, int] = {}
    for n, seat in enumerate(case.stages[at].seats):
        barred = frozenset({case.requester, *(s.person for s in case.stages[at].seats), *moved.values()})
        found = to(seat.person, barred) if seat.is_open and not seat.is_escalated else None
        if found is not None:
            moved[n] = found
    return _with_stage(case, lambda stage: _handed(stage, moved, is_escalated=True))


def _check_signer(case: Case, who: Decider, signer: int) -> None:
    if signer == case.requester:
        raise Malformed("approvals.signer_is_requester", field="person")
    if signer == who.person or signer in {seat.person for seat in case.stages[_at(case)].seats}:
        raise Malformed("approvals.signer_decides_already", field="person")


def _at(case: Case) -> int:
    if case.at is None:
        raise Refused("approvals.wrong_state")
    return case.at


def _with_stage(case: Case, change: Callable[[Stage], Stage]) -> Case:
    at = _at(case)
    return replace(case, stages=(*case.stages[:at], change(case.stages[at]), *case.stages[at + 1 :]))


def _given(stage: Stage, places: Iterable[int], who: Decider, verdict: str) -> Stage:
    """With this verdict on these places."""
    seats = list(stage.seats)
    for n in places:
        seats[n] = replace(seats[n], verdict=verdict, by=who.person)
    return replace(stage, seats=tuple(seats))


def _handed(stage: Stage, to: dict[int, int], is_escalated: bool = False) -> Stage:
    seats = list(stage.seats)
    for n, person in to.items():
        former = seats[n]
        escalated = is_escalated or former.is_escalated
        seats[n] = Seat(person, instead_of=former.person, is_escalated=escalated)
    return replace(stage, seats=tuple(seats))


def _advanced(case: Case) -> Case:
    """Ask the next step. Whoever approved the step right before has decided here too; it is recorded."""
    while True:
        place = next((n for n, s in enumerate(case.stages) if s.state is StepState.WAITING), None)
        if place is None:
            return replace(case, state=next_state(case.state, "approve"))
        before = case.stages[place - 1] if place else None
        stage = _carried(case.stages[place].moved("ask"), before)
        if stage.is_decided:
            stage = stage.moved("approve")
        case = replace(case, stages=(*case.stages[:place], stage, *case.stages[place + 1 :]))
        if stage.state is StepState.ASKING:
            return case


def _carried(stage: Stage, before: Stage | None) -> Stage:
    if before is None or before.state is not StepState.APPROVED:
        return stage
    said = {seat.person: seat.by for seat in before.seats if seat.verdict == "approve"}
    seats = tuple(
        replace(seat, verdict="approve", by=said[seat.person], is_carried=True)
        if seat.is_open and seat.person in said
        else seat
        for seat in stage.seats
    )
    return replace(stage, seats=seats)


def _stopped(case: Case) -> Case:
    """No step of a request that is over, or sent back, waits or asks any more."""
    over = (StepState.WAITING, StepState.ASKING)
    stages = tuple(stage.moved("stop") if stage.state in over else stage for stage in case.stages)
    return replace(case, stages=stages)
