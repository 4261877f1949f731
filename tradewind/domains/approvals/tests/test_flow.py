"""The life of a request: worked examples, and random flows that never reach what must not be."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tradewind.domains.approvals.rules import flow, kept
from tradewind.domains.approvals.rules.flow import Case, Decider, submitted
from tradewind.domains.approvals.rules.paths import Planned, next_head_up
from tradewind.domains.approvals.rules.routes import Mode
from tradewind.domains.approvals.rules.states import (
    MOVES,
    OPEN,
    State,
    StepState,
    next_state,
    next_step_state,
)
from tradewind.domains.approvals.tests.company import companies, persons, standing
from tradewind.domains.organization.values import Standing
from tradewind.kernel.errors import DomainError, Malformed, Refused

ASKS, A, B, C, D = 1, 2, 3, 4, 5


def a_case(*people: tuple[int, ...], mode: Mode = Mode.ALL) -> Case:
    return submitted(ASKS, [Planned(persons(*some, mode=mode), some) for some in people])


def by(person: int, *away: int) -> Decider:
    return Decider(person, frozenset(away))


def refused(code: str, act: Any, *given: Any) -> None:
    with pytest.raises(DomainError) as said:
        act(*given)
    assert said.value.code == code


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", sorted({verb for _, verb in MOVES}))
def test_only_the_moves_of_the_table_are_made(state: State, verb: str) -> None:
    if (state, verb) in MOVES:
        assert next_state(state, verb) is MOVES[state, verb]
    else:
        with pytest.raises(Refused):
            next_state(state, verb)


def test_a_step_that_is_over_does_not_ask_again_by_itself() -> None:
    for state in (StepState.APPROVED, StepState.REJECTED, StepState.STOPPED):
        with pytest.raises(Refused):
            next_step_state(state, "ask")


def test_one_after_the_other_approves_and_the_last_one_ends_it() -> None:
    case = a_case((A,), (B,))
    assert (case.at, case.asked) == (0, (A,))
    refused("approvals.not_asked", flow.approve, case, by(B))
    case = flow.approve(case, by(A))
    assert (case.at, case.asked, case.state) == (1, (B,), State.IN_REVIEW)
    case = flow.approve(case, by(B))
    assert (case.state, case.asked) == (State.APPROVED, ())
    refused("approvals.wrong_state", flow.approve, case, by(B))


def test_all_of_waits_for_everybody_and_any_of_for_one() -> None:
    case = flow.approve(a_case((A, B)), by(A))
    assert (case.state, case.asked) == (State.IN_REVIEW, (B,))
    refused("approvals.not_asked", flow.approve, case, by(A))
    assert flow.approve(case, by(B)).state is State.APPROVED
    assert flow.approve(a_case((A, B), mode=Mode.ANY), by(B)).state is State.APPROVED


def test_one_no_ends_it_and_no_later_step_is_asked() -> None:
    case = flow.reject(a_case((A, B), (C,), mode=Mode.ANY), by(B))
    assert case.state is State.REJECTED
    assert [stage.state for stage in case.stages] == [StepState.REJECTED, StepState.STOPPED]


def test_the_same_approver_in_adjacent_steps_decides_once_and_every_level_is_recorded() -> None:
    case = flow.approve(a_case((A,), (A,), (B,), (A,)), by(A))
    assert [stage.state.value for stage in case.stages] == ["approved", "approved", "asking", "waiting"]
    assert case.stages[1].seats[0].is_carried
    case = flow.approve(case, by(B))
    assert case.asked == (A,)  # not adjacent: asked again
    partly = flow.approve(a_case((A,), (A, B)), by(A))
    assert (partly.at, partly.asked) == (1, (B,))


def test_nobody_decides_on_their_own_request_by_any_way() -> None:
    with pytest.raises(Refused):
        a_case((ASKS,))
    case = a_case((A,))
    refused("approvals.own_request", flow.approve, case, by(ASKS))
    refused("approvals.own_request", flow.approve, case, by(ASKS, A))  # as stand-in
    refused("approvals.not_asked", flow.approve, case, by(B, ASKS))  # standing in for who asks
    refused("approvals.signer_is_requester", flow.add_before, case, by(A), ASKS)
    refused("approvals.signer_is_requester", flow.add_after, case, by(A), ASKS)
    refused("approvals.signer_is_requester", flow.delegate, case, by(A), ASKS)
    forced = replace(case, requester=A)  # even if a place were theirs
    refused("approvals.own_request", flow.approve, forced, by(A))


def test_a_stand_in_decides_for_who_is_away_and_it_is_written_who_for_whom() -> None:
    case = flow.approve(a_case((A, B)), by(C, A))
    assert (case.stages[0].seats[0].by, case.stages[0].seats[0].person, case.asked) == (C, A, (B,))
    both = flow.approve(a_case((A, B)), by(B, A))
    assert both.state is State.APPROVED
    assert [seat.by for seat in both.stages[0].seats] == [B, B]


def test_sent_back_to_a_step_that_one_and_all_after_it_decide_anew() -> None:
    case = flow.approve(flow.approve(a_case((A,), (B,), (C,)), by(A)), by(B))
    refused("approvals.no_earlier_step", flow.send_back_to, case, by(C), 2)
    refused("approvals.no_earlier_step", flow.send_back_to, case, by(C), -1)
    case = flow.send_back_to(case, by(C), 0)
    assert (case.at, case.asked, case.state) == (0, (A,), State.IN_REVIEW)
    for person in (A, B, C):
        case = flow.approve(case, by(person))
    assert case.state is State.APPROVED


def test_sent_back_to_who_asked_it_waits_for_them_and_is_no_longer_decided() -> None:
    case = flow.send_back(a_case((A,), (B,)), by(A))
    assert (case.state, case.asked) == (State.SENT_BACK, ())
    refused("approvals.wrong_state", flow.approve, case, by(A))
    refused("approvals.not_requester", flow.withdraw, case, A)
    assert flow.withdraw(case, ASKS).state is State.WITHDRAWN


def test_a_signer_before_decides_first_and_one_after_decides_next() -> None:
    case = flow.add_before(flow.approve(a_case((A, B), (D,)), by(A)), by(B), C)
    assert (case.asked, len(case.stages)) == ((C,), 3)
    refused("approvals.not_asked", flow.approve, case, by(B))
    case = flow.approve(case, by(C))
    assert case.asked == (B,)  # what A said before stays said
    case = flow.add_after(case, by(B), C)
    case = flow.approve(case, by(B))
    assert case.asked == (C,)
    refused("approvals.signer_decides_already", flow.add_after, case, by(C), C)
    assert flow.approve(flow.approve(case, by(C)), by(D)).state is State.APPROVED


def test_handed_on_it_waits_for_the_other_and_names_whose_place_it_was() -> None:
    case = flow.delegate(a_case((A, B)), by(A), C)
    assert case.asked == (C, B)
    assert case.stages[0].seats[0].instead_of == A
    refused("approvals.not_asked", flow.approve, case, by(A))
    refused("approvals.signer_decides_already", flow.delegate, case, by(C), B)


def test_what_nobody_decides_in_time_goes_up_once_and_stays_where_nobody_stands_above() -> None:
    company = standing()
    case = submitted(31, [Planned(persons(30, 10), (30, 10))])
    up = flow.escalate(case, lambda person, barred: next_head_up(person, barred, company))
    assert up == case  # the director, who stands above, sits there already
    case = submitted(31, [Planned(persons(30), (30,))])
    up = flow.escalate(case, lambda person, barred: next_head_up(person, barred, company))
    assert (up.asked, up.stages[0].seats[0].instead_of, up.stages[0].seats[0].is_escalated) == (
        (10,),
        30,
        True,
    )
    assert flow.escalate(up, lambda person, barred: 40) == up


def test_a_path_kept_reads_back_the_same() -> None:
    case = flow.approve(flow.add_before(a_case((A, B), (C,)), by(A), D), by(D))
    assert kept.read(ASKS, case.state.value, kept.written(case.stages)) == case


class Life(RuleBasedStateMachine):
    """Anybody tries anything at any time; what must not be never is."""

    case: Case
    company: Standing

    @initialize(
        company=companies(),
        people=st.lists(
            st.tuples(
                st.lists(st.integers(2, 7), min_size=1, max_size=3, unique=True), st.sampled_from(Mode)
            ),
            min_size=1,
            max_size=4,
        ),
    )
    def asked(self, company: Standing, people: list[tuple[list[int], Mode]]) -> None:
        self.company, self.approvals = company, 0
        self.planned = [Planned(persons(*some, mode=mode), tuple(some)) for some, mode in people]
        self.case = submitted(ASKS, self.planned)

    def attempt(self, act: Any, *given: Any) -> None:
        before = self.case
        try:
            after = act(before, *given)
        except (Refused, Malformed):
            return
        assert before.state in OPEN, "what is decided changes no more"
        self.approvals += after.state is State.APPROVED
        self.check_said(before, after)
        self.case = after

    def check_said(self, before: Case, after: Case) -> None:
        """Whoever said something was asked, and not on their own request."""
        for stage in after.stages:
            for seat in stage.seats:
                assert seat.by != ASKS
                assert seat.person != ASKS
        if len(before.stages) == len(after.stages) and after.state is State.APPROVED:
            assert all(stage.state is StepState.APPROVED for stage in after.stages)

    who = st.builds(Decider, st.integers(1, 7), st.frozensets(st.integers(1, 7), max_size=3))

    @rule(who=who)
    def approve(self, who: Decider) -> None:
        asked = set(self.case.asked)
        before = self.case
        self.attempt(flow.approve, who)
        if self.case is not before:
            assert who.person != ASKS
            assert ({who.person} | set(who.stands_in_for)) & asked

    @precondition(lambda self: bool(self.case.asked))
    @rule(which=st.integers(0, 6))
    def one_who_is_asked_approves(self, which: int) -> None:
        asked = self.case.asked
        self.attempt(flow.approve, Decider(asked[which % len(asked)]))

    @rule(who=who)
    def reject(self, who: Decider) -> None:
        if who.person % 3 == 0:  # seldom, so that flows live longer
            self.attempt(flow.reject, who)

    @rule(who=who)
    def send_back(self, who: Decider) -> None:
        self.attempt(flow.send_back, who)

    @rule(who=who, place=st.integers(-1, 6))
    def send_back_to(self, who: Decider, place: int) -> None:
        self.attempt(flow.send_back_to, who, place)

    @precondition(lambda self: self.case.state is State.SENT_BACK)
    @rule()
    def resubmit(self) -> None:
        next_state(self.case.state, "resubmit")
        self.case = submitted(ASKS, self.planned)

    @rule(person=st.integers(1, 7))
    def withdraw(self, person: int) -> None:
        if person in (ASKS, 2):
            self.attempt(flow.withdraw, person)

    @rule(who=who, signer=st.integers(1, 7), where=st.sampled_from((flow.add_before, flow.add_after)))
    def add_signer(self, who: Decider, signer: int, where: Any) -> None:
        if len(self.case.stages) < 8:
            self.attempt(where, who, signer)

    @rule(who=who, signer=st.integers(1, 7))
    def delegate(self, who: Decider, signer: int) -> None:
        self.attempt(flow.delegate, who, signer)

    @precondition(lambda self: self.case.at is not None)
    @rule()
    def escalate(self) -> None:
        self.attempt(flow.escalate, lambda person, barred: next_head_up(person, barred, self.company))

    @invariant()
    def exactly_one_step_asks_while_it_is_in_review(self) -> None:
        asking = [stage for stage in self.case.stages if stage.state is StepState.ASKING]
        assert len(asking) == (self.case.state is State.IN_REVIEW)
        assert bool(self.case.asked) == (self.case.state is State.IN_REVIEW)

    @invariant()
    def it_is_approved_only_by_every_step_and_once(self) -> None:
        assert self.approvals == (self.case.state is State.APPROVED)
        if self.case.state is State.APPROVED:
            rules = [stage.rule for stage in self.case.stages if stage.rule is not None]
            assert rules == [plan.rule for plan in self.planned]  # no step was lost or passed over
            for stage in self.case.stages:
                yes = [seat.verdict == "approve" for seat in stage.seats]
                assert all(yes) if stage.mode is Mode.ALL else any(yes)

    @invariant()
    def nobody_sits_twice_in_a_step_nor_on_their_own_request(self) -> None:
        for stage in self.case.stages:
            people = [seat.person for seat in stage.seats]
            assert len(people) == len(set(people)) > 0
            assert ASKS not in people

    @invariant()
    def it_can_be_kept(self) -> None:
        assert kept.read(ASKS, self.case.state.value, kept.written(self.case.stages)) == self.case


Life.TestCase.settings = settings(settings.default, stateful_step_count=25)
TestLife = Life.TestCase


def test_the_guide_draws_the_table_of_moves() -> None:
    guide = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    drawn = re.findall(r"^    (\w+) --> (\w+): (\w+)$", guide, re.MULTILINE)
    assert {(State(a), verb): State(b) for a, b, verb in drawn} == MOVES
