"""Who stands where today: the snapshot from which it is found who must agree."""

from collections import defaultdict

from django.db.models import Q
from django.utils.translation import gettext

from tradewind.domains.organization.models import Assignment, Grant, Unit
from tradewind.domains.organization.queries import clock
from tradewind.domains.organization.roles import roles
from tradewind.domains.organization.values import NamedRole, Standing
from tradewind.platform.spine.access.session import memory

KEY = "organization.standing"


def standing() -> Standing:
    """Units, heads, roles and people of today, read once in a request: three statements, and one where
    the roles were not read yet."""
    remembered = memory()
    found = remembered.get(KEY)
    if not isinstance(found, Standing):
        found = remembered[KEY] = _read()
    return found


def _read() -> Standing:
    today = clock().today()
    units = list(Unit.objects.values_list("id", "name", "kind", "path"))
    present = Assignment.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=today), starts_on__lte=today, person__user__is_active=True
    )
    posts = list(present.values_list("person_id", "person__name", "unit_id", "is_head", "share"))
    held: dict[str, set[int]] = defaultdict(set)
    for person_id, role in Grant.objects.values_list("person_id", "role"):
        held[role].add(person_id)
    named = roles().by_key
    return Standing(
        {pk: tuple(path) for pk, _, _, path in units},
        {pk: kind for pk, _, kind, _ in units},
        {pk: name for pk, name, _, _ in units},
        {unit: person for person, _, unit, is_head, _ in posts if is_head},
        {person: unit for person, _, unit, _, share in posts if share is None},
        {role: frozenset(people) for role, people in held.items()},
        {person: name for person, name, _, _, _ in posts},
        {key: NamedRole(gettext(one.name), one.based_on, one.is_retired) for key, one in named.items()},
    )
