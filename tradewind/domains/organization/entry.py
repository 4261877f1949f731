"""Coming in: who a signed-in user is today, found in one statement with the sign-in itself."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from tradewind.domains.organization.authority import Extent
from tradewind.domains.organization.roles import Roles, kept, read
from tradewind.domains.organization.rules import HELD_IN_PERSON as HELD
from tradewind.kernel.clock import Clock
from tradewind.platform.spine.access.actor import EVERYTHING, NOTHING, Actor, Reach, Shared
from tradewind.platform.spine.access.protect import register_function
from tradewind.platform.spine.access.scopes import all_scopes
from tradewind.platform.spine.models import User
from tradewind.platform.spine.prepared import prepared

register_function(
    """
CREATE OR REPLACE FUNCTION tw_people(of_units bigint[], today date) RETURNS bigint[] LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT ARRAY(SELECT a.person_id FROM organization_assignment a WHERE a.unit_id = ANY (of_units)
                 AND a.starts_on <= today AND (a.ends_on IS NULL OR a.ends_on > today))
$$
"""
)
register_function("DROP FUNCTION IF EXISTS tw_enter(bigint, date, text[], text[], text[])")  # as it was once
# Reach is not known before the actor is, so this runs as the owner; it answers for one sign-in, with ids
# alone, and looks no further around than the roles reach. First the person, then whom they stand in for.
register_function(
    """
CREATE OR REPLACE FUNCTION tw_enter(sign_in bigint, today date, of_team text[], of_branch text[])
RETURNS TABLE (person_id bigint, name text, roles text[], units bigint[], team bigint[], branch bigint[],
               below bigint[], shared text, stamp bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own bigint := (SELECT p.id FROM organization_person p WHERE p.user_id = tw_enter.sign_in);
    selves bigint[] := own || ARRAY(SELECT s.person_id FROM organization_standin s WHERE s.stand_in_id = own
                                    AND s.starts_on <= today AND s.ends_on > today AND EXISTS (
        SELECT FROM organization_assignment a WHERE a.person_id = s.person_id AND a.starts_on <= today
        AND (a.ends_on IS NULL OR a.ends_on > today)) ORDER BY 1);
    teams bigint[] := ARRAY(SELECT a.unit_id FROM organization_assignment a WHERE a.person_id = ANY (selves)
                            AND a.starts_on <= today AND (a.ends_on IS NULL OR a.ends_on > today));
BEGIN
    stamp := (SELECT COALESCE(sum(r.version), 0) FROM organization_role r);
    shared := (SELECT json_object_agg(g.resource, json_build_array(g.ids, g.changed)) FROM (
        SELECT s.resource, array_agg(DISTINCT s.object_id) AS ids,
               COALESCE(array_agg(DISTINCT s.object_id) FILTER (WHERE s.may_change), '{}') AS changed
        FROM spine_share s WHERE s.person_id = ANY (selves) OR s.unit_id = ANY (teams) GROUP BY 1) g)::text;
    FOREACH person_id IN ARRAY selves LOOP
        name := (SELECT p.sign_in FROM organization_person p WHERE p.id = person_id);
        roles := ARRAY(SELECT g.role::text FROM organization_grant g
                       WHERE g.person_id = tw_enter.person_id ORDER BY 1);
        units := ARRAY(SELECT a.unit_id FROM organization_assignment a WHERE a.person_id = tw_enter.person_id
                       AND a.starts_on <= today AND (a.ends_on IS NULL OR a.ends_on > today));
        branch := CASE WHEN roles && of_branch
                  THEN ARRAY(SELECT u.id FROM organization_unit u WHERE u.path && units) ELSE '{}' END;
        team := CASE WHEN roles && of_team THEN tw_people(units, today) ELSE '{}' END;
        below := tw_people(branch, today);
        RETURN NEXT;
    END LOOP;
END $$
""",
    "REVOKE EXECUTE ON FUNCTION tw_enter(bigint, date, text[], text[]) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION tw_enter(bigint, date, text[], text[]) TO tw_login, tw_app, tw_wide",
)
_ENTER = "SELECT * FROM tw_enter(%s::bigint, %s::date, %s::text[], %s::text[])"
_USER = """
SELECT u.id, u.password, u.last_login, u.username, u.is_active, EXISTS (
    SELECT FROM mfa_authenticator m WHERE m.user_id = u.id AND m.type <> 'recovery_codes'), e.*
FROM spine_user u LEFT JOIN LATERAL tw_enter(u.id, %s::date, %s::text[], %s::text[]) e ON true
WHERE u.id = %s::bigint
"""
_ROLES = 2  # their place among what tw_enter answers
_FIELDS = ("id", "password", "last_login", "username", "is_active")


class SignIns(AuthenticationBackend):  # type: ignore[misc]
    """The sign-in of a session, with the person behind it."""

    def get_user(self, user_id: Any) -> User | None:
        """The user, knowing already who they are; None where there is no such sign-in any more."""
        with prepared() as cursor:
            cursor.execute(_USER, [*_circumstances(kept()), user_id])
            rows = cursor.fetchall()
        if not rows or not rows[0][4]:
            return None
        user = User.from_db("default", _FIELDS, rows[0][: len(_FIELDS)])
        user.entry = [row[len(_FIELDS) + 1 :] for row in rows]
        roles = {role for entry in user.entry for role in entry[_ROLES] or ()}
        user.needs_second_factor = not roles.isdisjoint(settings.SECOND_FACTOR_ROLES)
        user.lacks_second_factor = user.needs_second_factor and not rows[0][len(_FIELDS)]
        return user


def clock() -> Clock:
    """The clock of the company's zone; stopped on one day only where the instance says so."""
    return Clock(settings.COMPANY_TIME_ZONE, settings.FIXED_TODAY)


class Identity(NamedTuple):
    """Somebody as `tw_enter` tells of them."""

    person_id: int | None
    name: str
    roles: list[str]
    units: list[int]
    team: list[int]
    branch: list[int]
    below: list[int]
    shared: str | None
    stamp: int

    def reaches(self) -> dict[Extent, Reach]:
        """What each extent means to them today."""
        own = (cast(int, self.person_id),)
        return {
            Extent.OWN: Reach(persons=own),
            Extent.TEAM: Reach(persons=(*own, *self.team), units=tuple(self.units)),
            Extent.BRANCH: Reach(persons=(*own, *self.below), units=tuple(self.branch)),
            Extent.COMPANY: EVERYTHING,
        }


def actor_of(user: AbstractBaseUser) -> Actor:
    """The actor that a signed-in user is today: each right with the widest reach that a role gives it.

    Whoever works nowhere today, not yet or no longer, is nobody. Whoever stands in for somebody away has
    their rights, too, each with their reach, but for those that nobody hands over.
    """
    known, entries = _entered(user)
    if not entries or not entries[0].units or not user.is_active:
        return Actor.nobody()
    own, away = entries[0], [one for one in entries[1:] if one.units]
    grants = _granted(known, own)
    for one in away:
        grants = _joined(grants, {r: reach for r, reach in _granted(known, one).items() if r not in HELD})
    return Actor(
        own.name,
        own.person_id,
        grants,
        is_wide=_sees_everything(grants),
        stands_in_for=frozenset(cast(int, one.person_id) for one in away),
        units=tuple(dict.fromkeys(unit for one in (own, *away) for unit in one.units)),
        shared=_shared(own.shared),
    )


def _entered(user: AbstractBaseUser) -> tuple[Roles, list[Identity]]:
    """Who comes in, looked at again where roles have changed since this process read them."""
    known = kept()
    rows = getattr(user, "entry", None) or _entry(user.pk, known)
    entries = [Identity(*row) for row in rows if row[0] is not None]
    if entries and entries[0].stamp != known.stamp:
        known = read()
        entries = [Identity(*row) for row in _entry(user.pk, known)]
    return known, entries


def _granted(known: Roles, one: Identity) -> dict[str, Reach]:
    reaches = one.reaches()
    return {right: reaches[extent] for right, extent in known.rights(tuple(one.roles)).items()}


def _joined(own: Mapping[str, Reach], other: Mapping[str, Reach]) -> dict[str, Reach]:
    """Both together; equal pairs of reaches become one and the same, so that rows are asked once."""
    made: dict[tuple[int, int], Reach] = {}
    joined = dict(own)
    for right, reach in other.items():
        former = own.get(right, NOTHING)
        joined[right] = made.setdefault((id(former), id(reach)), former | reach)
    return joined


def _sees_everything(grants: Mapping[str, Reach]) -> bool:
    seen = (grants.get(f"{one.resource}.view", NOTHING) for one in all_scopes() if one.has_reach)
    return all(reach.everything for reach in seen)


def _shared(told: str | None) -> dict[str, Shared]:
    found = json.loads(told) if told else {}
    return {resource: Shared(tuple(ids), tuple(changed)) for resource, (ids, changed) in found.items()}


def _entry(user_id: int, known: Roles) -> list[tuple[Any, ...]]:
    with prepared() as cursor:
        cursor.execute(_ENTER, [user_id, *_circumstances(known)])
        return list(cursor.fetchall())


def _circumstances(known: Roles) -> list[Any]:
    """What the statement must know besides the sign-in: the day, and how far which roles reach."""
    return [clock().today(), *(known.reaching(extent) for extent in (Extent.TEAM, Extent.BRANCH))]
