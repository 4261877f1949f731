"""The path of a request once more, told as a clerk would walk it: upward, one door after the other."""

from collections.abc import Callable

from tradewind.domains.approvals.rules.paths import Asking
from tradewind.domains.approvals.rules.routes import Route, StepRule, Who
from tradewind.domains.organization.values import KINDS, Standing


def path(route: Route, asking: Asking, company: Standing) -> list[list[int]] | None:
    """The people of each step; None where some step finds nobody."""
    found = [_step(rule, asking, company) for rule in route.steps]
    return None if any(not people for people in found) else found


def _step(rule: StepRule, asking: Asking, company: Standing) -> list[int]:
    if rule.who is Who.HEAD:
        people = _climb(_parents(company, company.unit_of[asking.person_id], rule.level - 1), asking, company)
    elif rule.who is Who.KIND:
        people = _climb(_of_kind(company, company.unit_of[asking.person_id], rule.kind), asking, company)
    else:
        wanted = _role(rule, asking, company) if rule.who is Who.ROLE else (lambda p: p in rule.people)
        order = sorted(company.unit_of) if rule.who is Who.ROLE else list(rule.people)
        people = [p for p in order if p in company.unit_of and p != asking.person_id and wanted(p)]
    if people:
        return people
    second = asking.fallback
    return [second] if second in company.unit_of and second != asking.person_id else []  # type: ignore[list-item]


def _parent(company: Standing, unit: int) -> int | None:
    path = company.path_of[unit]
    return path[-2] if len(path) > 1 else None


def _parents(company: Standing, unit: int, times: int) -> int:
    for _ in range(times):
        unit = _parent(company, unit) or unit
    return unit


def _of_kind(company: Standing, unit: int, kind: str) -> int:
    for is_it in (
        lambda k: k == kind,
        lambda k: KINDS.index(k) < KINDS.index(kind),
        lambda k: k == "company",
    ):
        at: int | None = unit
        while at is not None:
            if is_it(company.kind_of[at]):
                return at
            at = _parent(company, at)
    raise AssertionError("every unit lies in the company")


def _climb(unit: int, asking: Asking, company: Standing) -> list[int]:
    at: int | None = unit
    while at is not None:
        head = company.head_of.get(at)
        if head is not None and head != asking.person_id:
            return [head]
        at = _parent(company, at)
    return []


def _role(rule: StepRule, asking: Asking, company: Standing) -> Callable[[int], bool]:
    above = company.path_of[company.unit_of[asking.person_id]]

    def holds(person: int) -> bool:
        is_near = rule.is_company_wide or company.unit_of[person] in above
        return person in company.held.get(rule.role, ()) and is_near

    return holds
