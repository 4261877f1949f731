"""Which route, which people, and why: worked examples, then any company against a second telling."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.domains.approvals.rules import flow, kept, paths, routes
from tradewind.domains.approvals.rules.facts import Condition, holds
from tradewind.domains.approvals.rules.paths import Asking, Notice, Why, next_head_up, resolve
from tradewind.domains.approvals.rules.routes import Arrangement, Mode, Route, StepRule, Who, choose
from tradewind.domains.approvals.tests import naive
from tradewind.domains.approvals.tests.company import (
    ADMIN,
    COMPANY,
    DIRECTOR,
    EAST,
    EAST_HEAD,
    FINANCE,
    MANAGER,
    ROLES,
    SELLER,
    SHANGHAI,
    companies,
    head,
    persons,
    route,
    standing,
    steps,
)
from tradewind.domains.approvals.values import FactKind, FactValue
from tradewind.domains.organization.values import Standing
from tradewind.kernel.errors import Malformed, Refused

KINDS = {
    "change": FactKind.RATE,
    "unit": FactKind.UNIT,
    "series": FactKind.CHOICE,
    "crosses": FactKind.BOOL,
    "price": FactKind.MONEY,
}


@pytest.mark.parametrize(
    ("fact", "op", "value", "given", "expected"),
    [
        ("change", ">", "0.1", Decimal("0.1"), False),
        ("change", ">=", "0.1", Decimal("0.1"), True),
        ("change", "<", "0.1", Decimal("-0.3"), True),
        ("price", "=", "100", Decimal("100.00"), True),
        ("unit", "in", "2", (1, 2, 3), True),
        ("unit", "in", "4", (1, 2, 3), False),
        ("unit", "not_in", "4", (1, 2, 3), True),
        ("series", "=", "软件", "软件", True),
        ("series", "!=", "软件", "硬件", True),
        ("series", "!=", "软件", None, False),
        ("crosses", "=", "true", True, True),
        ("crosses", "=", "false", True, False),
        ("change", "<", "5", None, False),
    ],
)
def test_a_condition_holds_or_not(fact: str, op: str, value: str, given: object, expected: bool) -> None:
    assert holds(Condition(fact, op, value), KINDS[fact], given) is expected  # type: ignore[arg-type]


def test_the_first_route_whose_conditions_all_hold_wins_and_the_last_takes_the_rest() -> None:
    large = Route("large", (Condition("change", ">", "0.1"),), (head(3),))
    soft = Route("soft", (Condition("series", "=", "软件"), Condition("change", ">", "0.02")), (head(2),))
    rest = Route("rest", (), (head(),))
    arranged = Arrangement((large, soft, rest))
    facts: dict[str, FactValue] = {"change": Decimal("0.2"), "series": "软件"}
    assert choose(arranged, KINDS, facts) is large
    assert choose(arranged, KINDS, {**facts, "change": Decimal("0.05")}) is soft
    assert choose(arranged, KINDS, {**facts, "change": Decimal("0.02")}) is rest
    assert choose(arranged, KINDS, {}) is rest


OK = Route("", (), (head(),))
FIRST = Route("first", (Condition("change", ">", "0.1"),), (head(),))


@pytest.mark.parametrize(
    ("arranged", "code"),
    [
        ((), "approvals.no_route"),
        ((FIRST,), "approvals.no_otherwise"),
        ((OK, OK), "approvals.never_reached"),
        ((Route("", (), ()),), "approvals.no_step"),
        ((Route("", (Condition("colour", "=", "red"),), (head(),)), OK), "approvals.unknown_fact"),
        ((Route("", (Condition("change", "in", "2"),), (head(),)), OK), "approvals.bad_condition"),
        ((Route("", (Condition("change", ">", "much"),), (head(),)), OK), "approvals.bad_value"),
        ((Route("", (Condition("change", ">", "NaN"),), (head(),)), OK), "approvals.bad_value"),
        ((Route("", (), (StepRule(Who.PERSONS),)),), "approvals.bad_step"),
        ((Route("", (), (StepRule(Who.HEAD, 0),)),), "approvals.bad_step"),
        ((Route("", (), (StepRule(Who.ROLE, role="king"),)),), "approvals.bad_step"),
        ((Route("", (), (StepRule(Who.ROLE, role="role8"),)),), "approvals.retired_role"),
        ((Route("", (), (StepRule(Who.HEAD, remind_after_h=-1),)),), "approvals.bad_hours"),
    ],
)
def test_what_cannot_be_put_in_force_says_why(arranged: tuple[Route, ...], code: str) -> None:
    with pytest.raises(Malformed) as refused:
        routes.check(Arrangement(arranged), KINDS, ROLES)
    assert refused.value.code == code


def test_the_path_of_a_seller_goes_to_the_head_then_past_the_vacant_region_to_the_director() -> None:
    found = resolve(route(head(1), head(2), head(3)), Asking(SELLER, SHANGHAI), standing())
    assert [one.people for one in found] == [(MANAGER,), (DIRECTOR,), (DIRECTOR,)]
    assert found[1].notices == (Notice(Why.VACANT, EAST),)  # the level is named, not skipped


def test_who_heads_the_unit_asks_the_next_level_up() -> None:
    (found,) = resolve(
        route(head(1)), Asking(MANAGER, SHANGHAI), standing({1: DIRECTOR, 2: EAST_HEAD, 3: MANAGER})
    )
    assert (found.people, found.notices) == ((EAST_HEAD,), (Notice(Why.OWN, SHANGHAI),))


def test_at_the_top_the_second_person_decides_and_without_one_it_is_refused() -> None:
    (found,) = resolve(route(head(1)), Asking(DIRECTOR, COMPANY, ADMIN), standing())
    assert found.people == (ADMIN,)
    assert found.notices == (Notice(Why.OWN, COMPANY), Notice(Why.SECOND, person_id=ADMIN))
    for second in (None, DIRECTOR, 99):  # nobody named, oneself, somebody who left
        with pytest.raises(Refused) as refused:
            resolve(route(head(1)), Asking(DIRECTOR, COMPANY, second), standing())
        assert refused.value.code == "approvals.nobody_decides"


def test_the_head_of_the_region_is_found_by_its_kind_and_a_missing_kind_by_the_next_larger() -> None:
    company = standing({1: DIRECTOR, 2: EAST_HEAD, 3: MANAGER})
    region, division = (StepRule(Who.KIND, kind=kind) for kind in ("region", "division"))
    found = resolve(route(region, division), Asking(SELLER, SHANGHAI), company)
    assert [one.people for one in found] == [(EAST_HEAD,), (DIRECTOR,)]
    assert found[1].notices == (Notice(Why.NO_UNIT, COMPANY),)


def test_a_role_asks_everybody_who_holds_it_above_or_in_the_company_but_never_who_asks() -> None:
    finance = StepRule(Who.ROLE, role="finance")
    assert resolve(route(finance), Asking(SELLER, SHANGHAI), standing())[0].people == (FINANCE,)
    with pytest.raises(Refused) as refused:
        resolve(route(finance), Asking(FINANCE, COMPANY), standing())
    assert refused.value.code == "approvals.nobody_named"
    manager = StepRule(Who.ROLE, role="manager")
    with pytest.raises(Refused):  # the manager works below the company's own unit
        resolve(route(manager), Asking(FINANCE, COMPANY), standing())
    everywhere = StepRule(Who.ROLE, role="manager", is_company_wide=True)
    assert resolve(route(everywhere), Asking(FINANCE, COMPANY), standing())[0].people == (MANAGER,)


def test_a_role_of_the_companys_own_asks_its_holders_and_without_any_the_second_person() -> None:
    lawyers = StepRule(Who.ROLE, role="role7", is_company_wide=True)
    routes.check(Arrangement((route(lawyers),)), KINDS, ROLES)
    company = standing()
    held = replace(company, held={**company.held, "role7": frozenset({EAST_HEAD, ADMIN})})
    assert resolve(route(lawyers), Asking(SELLER, SHANGHAI), held)[0].people == (EAST_HEAD, ADMIN)
    (found,) = resolve(route(lawyers), Asking(SELLER, SHANGHAI, ADMIN), company)
    assert found.notices == (Notice(Why.UNHELD, role="role7"), Notice(Why.SECOND, person_id=ADMIN))
    with pytest.raises(Refused) as refused:
        resolve(route(lawyers), Asking(SELLER, SHANGHAI), company)
    assert (refused.value.code, refused.value.facts["who"]) == ("approvals.nobody_named", "法务")


@pytest.mark.parametrize("role", ["role8", "role99"])
def test_a_step_of_a_role_that_is_retired_never_passes_by_itself(role: str) -> None:
    gone = StepRule(Who.ROLE, role=role, is_company_wide=True)
    (found,) = resolve(route(gone), Asking(SELLER, SHANGHAI, ADMIN), standing())
    assert found.people == (ADMIN,)
    assert found.notices == (Notice(Why.RETIRED, role=role), Notice(Why.SECOND, person_id=ADMIN))
    for second in (None, SELLER):
        with pytest.raises(Refused) as refused:
            resolve(route(gone), Asking(SELLER, SHANGHAI, second), standing())
        assert refused.value.code == "approvals.role_gone"


def test_a_path_is_read_back_with_the_role_nobody_held() -> None:
    planned = resolve(route(StepRule(Who.ROLE, role="role8")), Asking(SELLER, SHANGHAI, ADMIN), standing())
    case = flow.submitted(SELLER, planned)
    path = json.loads(json.dumps(kept.written(case.stages)))
    assert kept.read(SELLER, case.state, path) == case
    del path[0]["notices"][0]["role"]  # as paths were written before roles were noted
    assert kept.read(SELLER, case.state, path).stages[0].notices[0] == Notice(Why.RETIRED)


def test_named_people_who_left_or_ask_themselves_are_left_out_and_named() -> None:
    company = standing(gone=frozenset({FINANCE}))
    (found,) = resolve(route(persons(FINANCE, SELLER, ADMIN)), Asking(SELLER, SHANGHAI), company)
    assert found.people == (ADMIN,)
    assert found.notices == (Notice(Why.AWAY, person_id=FINANCE), Notice(Why.OWN, person_id=SELLER))
    with pytest.raises(Refused):  # an empty step never passes by itself
        resolve(route(persons(SELLER)), Asking(SELLER, SHANGHAI), company)
    (second,) = resolve(route(persons(SELLER)), Asking(SELLER, SHANGHAI, ADMIN), company)
    assert second.people == (ADMIN,)


def test_what_waits_too_long_goes_to_the_next_head_above() -> None:
    company = standing({1: DIRECTOR, 2: EAST_HEAD, 3: MANAGER})
    assert next_head_up(MANAGER, frozenset(), company) == EAST_HEAD
    assert next_head_up(MANAGER, frozenset({EAST_HEAD}), company) == DIRECTOR
    assert next_head_up(FINANCE, frozenset(), company) == DIRECTOR
    assert next_head_up(DIRECTOR, frozenset(), company) is None


def test_what_is_kept_of_an_arrangement_reads_back_the_same() -> None:
    step = StepRule(Who.PERSONS, 2, "region", "hr", True, (3, 1), Mode.ALL, 24, 48, (7,))
    arranged = Arrangement((Route("大", (Condition("change", ">", "0.1"),), (step, head(2))), OK), 9)
    assert routes.arrangement_of(routes.kept(arranged)) == arranged


@given(companies(), st.lists(steps(), min_size=1, max_size=4), st.integers(1, 9), st.data())
def test_any_path_is_the_one_a_clerk_would_walk(
    company: Standing, rules: list[StepRule], second: int, data: st.DataObject
) -> None:
    person = data.draw(st.sampled_from(sorted(company.unit_of)))
    asking = Asking(person, company.unit_of[person], second)
    expected = naive.path(route(*rules), asking, company)
    try:
        found = resolve(route(*rules), asking, company)
    except Refused:
        assert expected is None
        return
    assert [sorted(one.people) for one in found] == [sorted(people) for people in expected or ()]
    assert len(found) == len(rules)  # no level is skipped
    assert all(one.people and person not in one.people for one in found)
    assert all(notice.why in paths.Why for one in found for notice in one.notices)
