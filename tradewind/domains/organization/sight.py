"""Who can see a row, and why: the same declarations and roles that decide it, read the other way round."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from tradewind.domains.organization.authority import Extent
from tradewind.domains.organization.models import Assignment, Grant, Person, StandIn, Unit
from tradewind.domains.organization.queries import clock
from tradewind.domains.organization.roles import roles
from tradewind.domains.organization.rules import HELD_IN_PERSON
from tradewind.kernel.errors import phrase
from tradewind.platform.spine.access.scopes import POOL, Scope, scope_of
from tradewind.platform.spine.sharing import shares_of

WHY = {
    "owner": phrase("Owner"),
    "follows": phrase("Owner of the customer"),
    "followed_share": phrase("The customer is shared with them"),
    "team": phrase("%(role)s: own units"),
    "branch": phrase("%(role)s: own units and below"),
    "company": phrase("%(role)s: the company"),
    "named": phrase("Takes part in it"),
    "pool": phrase("Nobody owns it, and they may see the pool"),
    "shared": phrase("Shared with them to read"),
    "shared_change": phrase("Shared with them to work on"),
    "stand_in": phrase("Stands in for %(name)s"),
    "everyone": phrase("Everybody signed in"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for which somebody sees a row: a key of `WHY`, and the facts in its words."""

    key: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Sight:
    """Who sees a row: people by id with their reasons, strongest first."""

    reasons: dict[int, list[Reason]] = field(default_factory=dict)

    def add(self, people: Iterable[int], reason: Reason) -> None:
        """One more reason for these people."""
        for one in people:
            held = self.reasons.setdefault(one, [])
            if reason not in held:
                held.append(reason)


@dataclass(frozen=True, slots=True)
class _Today:
    """Who works where, holds which roles, and stands in for whom, of those who can sign in."""

    units: Mapping[int, set[int]]
    roles: Mapping[int, tuple[str, ...]]
    away: tuple[tuple[int, int], ...]


def who_sees(scope: Scope, row: Any) -> Sight:
    """Everybody who sees this row today, and why."""
    today = _today()
    sight = Sight()
    _add(sight, scope, row, today)
    seen = set(sight.reasons)
    for person, stand_in in today.away:
        if person in seen and stand_in in today.units and _hands_over(scope, person, today):
            sight.add([stand_in], Reason("stand_in", (("name", _name(person)),)))
    return sight


def _add(sight: Sight, scope: Scope, row: Any, today: _Today) -> None:
    if scope.wholes:
        seen = [_whole(scope_of(part.resource), getattr(row, part.column), today) for part in scope.wholes]
        for one in set.intersection(*(set(whole.reasons) for whole in seen)) & set(_holders(scope, today)):
            for reason in seen[0].reasons[one]:
                sight.add([one], reason)
        return
    holders = _holders(scope, today)
    if scope.everyone:
        sight.add(holders, Reason("everyone"))
    elif scope.personal:
        sight.add({getattr(row, scope.owner)} & set(holders), Reason("owner"))
    else:
        _by_reach(sight, scope, row, today, holders)


def _whole(scope: Scope, pk: int, today: _Today) -> Sight:
    sight = Sight()
    row = scope.model._default_manager.filter(pk=pk).first()
    if row is not None:
        _add(sight, scope, row, today)
    return sight


def _by_reach(sight: Sight, scope: Scope, row: Any, today: _Today, holders: list[int]) -> None:
    person = getattr(row, scope.person) if scope.person else None
    unit = getattr(row, scope.unit) if scope.unit else None
    sight.add([one for one in holders if one == person], Reason("owner"))
    _by_following(sight, scope, row, today, set(holders))
    if scope.shared:
        _by_shares(sight, scope, row.pk, today, set(holders), ("shared", "shared_change"))
    if scope.named_in:
        names = scope_of(scope.named_in.resource)
        named = names.model._default_manager.filter(**{scope.named_in.column: row.pk})
        sight.add(set(named.values_list(names.owner, flat=True)) & set(holders), Reason("named"))
    places = {unit} if unit is not None else set()
    at_home = places | today.units.get(person or 0, set())
    above = set(_above(at_home))
    for one in holders:
        for reason in _by_roles(scope, today, one, at_home, above):
            sight.add([one], reason)
    if scope.unowned and person is None:
        pool = f"{scope.resource}.{POOL}"
        sight.add([one for one in holders if pool in roles().rights(today.roles[one])], Reason("pool"))


def _by_roles(scope: Scope, today: _Today, one: int, at_home: set[int], above: set[int]) -> Iterator[Reason]:
    """Which of somebody's roles reach the row: from a unit of theirs, or one above the row's."""
    for key in today.roles[one]:
        role = roles().by_key.get(key)
        extent = role.rights.get(f"{scope.resource}.view") if role else None
        named = (("role", role.name),) if role else ()
        if extent is Extent.COMPANY:
            yield Reason("company", named)
        elif extent is Extent.BRANCH and today.units[one] & above:
            yield Reason("branch", named)
        elif extent is Extent.TEAM and today.units[one] & at_home:
            yield Reason("team", named)


def _by_following(sight: Sight, scope: Scope, row: Any, today: _Today, holders: set[int]) -> None:
    if scope.follows is None:
        return
    followed, pk = scope_of(scope.follows.resource), getattr(row, scope.follows.column)
    owners = followed.model._default_manager.filter(pk=pk or 0).values_list(followed.owner, flat=True)
    sight.add(set(owners) & holders, Reason("follows"))
    if followed.shared and pk:
        _by_shares(sight, followed, pk, today, holders, ("followed_share", "followed_share"))


def _by_shares(
    sight: Sight, scope: Scope, pk: int, today: _Today, holders: set[int], keys: tuple[str, str]
) -> None:
    for share in shares_of(scope, pk):
        reason = Reason(keys[share.may_change])
        if share.person_id is not None:
            sight.add({share.person_id} & holders, reason)
        else:
            sight.add([one for one in holders if share.unit_id in today.units[one]], reason)


def _holders(scope: Scope, today: _Today) -> list[int]:
    """Whoever may see rows of this kind at all."""
    right = f"{scope.resource}.view"
    return [one for one, held in today.roles.items() if right in roles().rights(held)]


def _hands_over(scope: Scope, person: int, today: _Today) -> bool:
    return f"{scope.resource}.view" not in HELD_IN_PERSON and (scope.has_stand_ins or not scope.personal)


def _today() -> _Today:
    day = clock().today()
    working = Assignment.objects.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)
    units: dict[int, set[int]] = {}
    for person, unit in working.filter(person__user__is_active=True).values_list("person_id", "unit_id"):
        units.setdefault(person, set()).add(unit)
    held: dict[int, tuple[str, ...]] = {}
    for person, role in Grant.objects.order_by("role").values_list("person_id", "role"):
        if person in units:
            held[person] = (*held.get(person, ()), role)
    away = StandIn.objects.filter(starts_on__lte=day, ends_on__gt=day, person__in=units)
    return _Today(units, held, tuple(away.values_list("person_id", "stand_in_id")))


def _above(units: set[int]) -> Iterator[int]:
    """These units and all above them."""
    for path in Unit.objects.filter(pk__in=units).values_list("path", flat=True):
        yield from path


def _name(person: int) -> str:
    return str(Person.objects.values_list("name", flat=True).get(pk=person))
