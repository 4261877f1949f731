"""The roles as they stand, read once and kept until somebody changes one."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

from django.db.models import Count

from tradewind.domains.organization.authority import Authority, Extent, authority, combined
from tradewind.domains.organization.models import Grant
from tradewind.domains.organization.rules import ADMINISTER, BUILT_IN
from tradewind.domains.organization.values import ROLE_NAMES
from tradewind.kernel.errors import Malformed
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.protect import register_function
from tradewind.platform.spine.access.session import memory
from tradewind.platform.spine.prepared import prepared

# Read before it is known who asks, so as the owner of the table.
register_function(
    """
CREATE OR REPLACE FUNCTION tw_roles()
RETURNS TABLE (key text, name text, based_on text, changes text, is_retired boolean, stamp bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.key, r.name, r.based_on, r.changes::text, r.is_retired, sum(r.version) OVER ()
    FROM organization_role r
$$
""",
    "REVOKE EXECUTE ON FUNCTION tw_roles() FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION tw_roles() TO tw_login, tw_app, tw_wide",
)


@dataclass(frozen=True)
class Roles:
    """All roles by key; `stamp` differs whenever any of them was changed."""

    stamp: int
    by_key: Mapping[str, Authority]

    def rights(self, keys: tuple[str, ...]) -> Mapping[str, Extent]:
        """What these roles grant together; a role that no longer exists grants nothing."""
        if keys not in self._combined:
            self._combined[keys] = combined(self.by_key[key] for key in keys if key in self.by_key)
        return self._combined[keys]

    def reaching(self, extent: Extent) -> list[str]:
        """The roles of which some right reaches just so far."""
        return [role.key for role in self.by_key.values() if extent in role.rights.values()]

    def granting(self, right: str) -> list[str]:
        """The roles that grant a right."""
        return [role.key for role in self.by_key.values() if right in role.rights]

    @cached_property
    def _combined(self) -> dict[tuple[str, ...], Mapping[str, Extent]]:
        return {}


_kept = [Roles(-1, {})]


def roles() -> Roles:
    """The roles as this transaction sees them."""
    known = memory().get("organization.roles")
    if known is None:
        known = memory()["organization.roles"] = read()
    return cast(Roles, known)


def kept() -> Roles:
    """The roles as this process read them last; whoever finds another stamp reads them again."""
    return _kept[0] if _kept[0].stamp >= 0 else read()


def read() -> Roles:
    """Read them, and keep them for the requests to come."""
    with prepared() as cursor:
        cursor.execute("SELECT * FROM tw_roles()")
        rows = cursor.fetchall()
    made = {key: authority(key, ROLE_NAMES[key], key, {}) for key in BUILT_IN}
    for key, name, based_on, changes, is_retired, _ in rows:
        one = authority(key, name or ROLE_NAMES.get(key, key), based_on or key, json.loads(changes))
        made[key] = replace(one, rights={}, is_retired=True) if is_retired else one
    _kept[:] = [Roles(int(rows[0][5]) if rows else 0, made)]
    return _kept[0]


def check_given(actor: Actor, key: str) -> None:
    """Only administrators give a role that administers. Raises `Malformed` for whoever may not."""
    role = roles().by_key.get(key)
    if role is None or role.is_retired:
        raise Malformed("organization.unknown_role", field="role")
    if ADMINISTER & role.rights.keys() and not actor.can("organization.role.change"):
        raise Malformed("organization.role_above", field="role")


def may_give(actor: Actor, key: str) -> bool:
    """May the actor give somebody this role?"""
    try:
        check_given(actor, key)
    except Malformed:
        return False
    return True


def holders() -> dict[str, int]:
    """How many people hold each role, by key."""
    counted = Grant.objects.values_list("role").annotate(count=Count("person_id"))
    return dict(counted.values_list("role", "count"))


def names_of(keys: Iterable[str]) -> list[str]:
    """What roles are called; built-in ones by phrases to be translated."""
    known = roles().by_key
    return [known[key].name if key in known else key for key in keys]
