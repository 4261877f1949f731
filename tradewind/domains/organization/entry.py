"""Coming in: who a signed-in user is today, found in one statement with the sign-in itself."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from tradewind.domains.organization import rules
from tradewind.kernel.clock import Clock
from tradewind.platform.spine.access.actor import Actor, Reach
from tradewind.platform.spine.access.protect import register_function
from tradewind.platform.spine.access.scopes import all_scopes
from tradewind.platform.spine.models import User
from tradewind.platform.spine.prepared import prepared

# Reach is not known before the actor is, so this runs as the owner; it answers for one sign-in, with ids
# alone, and looks no further around than the widest of the roles reaches.
register_function(
    """
CREATE OR REPLACE FUNCTION tw_enter(
    sign_in bigint, today date, of_team text[], of_branch text[], of_all text[])
RETURNS TABLE (person_id bigint, name text, unit_id bigint, roles text[], units bigint[], people bigint[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT p.id, p.sign_in, a.unit_id,
           ARRAY(SELECT g.role::text FROM organization_grant g WHERE g.person_id = p.id)
    INTO person_id, name, unit_id, roles
    FROM organization_person p LEFT JOIN organization_assignment a ON a.person_id = p.id
         AND a.starts_on <= today AND (a.ends_on IS NULL OR a.ends_on > today)
    WHERE p.user_id = tw_enter.sign_in;
    IF roles && of_all THEN
        NULL;
    ELSIF roles && of_branch THEN
        units := ARRAY(SELECT u.id FROM organization_unit u WHERE u.path @> ARRAY[tw_enter.unit_id]);
    ELSIF roles && of_team THEN
        units := ARRAY[unit_id];
    END IF;
    people := ARRAY(SELECT a.person_id FROM organization_assignment a WHERE a.unit_id = ANY (units)
                    AND a.starts_on <= today AND (a.ends_on IS NULL OR a.ends_on > today));
    RETURN NEXT;
END $$
""",
    "REVOKE EXECUTE ON FUNCTION tw_enter(bigint, date, text[], text[], text[]) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION tw_enter(bigint, date, text[], text[], text[]) TO tw_login, tw_app, tw_wide",
)
_ENTER = "SELECT * FROM tw_enter(%s::bigint, %s::date, %s::text[], %s::text[], %s::text[])"
_USER = """
SELECT u.id, u.password, u.last_login, u.username, u.is_active, EXISTS (
    SELECT FROM mfa_authenticator m WHERE m.user_id = u.id AND m.type <> 'recovery_codes'), e.*
FROM spine_user u, LATERAL tw_enter(u.id, %s::date, %s::text[], %s::text[], %s::text[]) e
WHERE u.id = %s::bigint
"""
_ROLES = 3  # their place among what tw_enter answers
_FIELDS = ("id", "password", "last_login", "username", "is_active")


class SignIns(AuthenticationBackend):  # type: ignore[misc]
    """The sign-in of a session, with the person behind it."""

    def get_user(self, user_id: Any) -> User | None:
        """The user, knowing already who they are; None where there is no such sign-in any more."""
        with prepared() as cursor:
            cursor.execute(_USER, [*_circumstances(), user_id])
            row = cursor.fetchone()
        if row is None or not row[4]:
            return None
        user = User.from_db("default", _FIELDS, row[: len(_FIELDS)])
        has_second_factor, user.entry = row[len(_FIELDS)], row[len(_FIELDS) + 1 :]
        user.needs_second_factor = bool({*user.entry[_ROLES]} & {*settings.SECOND_FACTOR_ROLES})
        user.lacks_second_factor = user.needs_second_factor and not has_second_factor
        return user


def clock() -> Clock:
    """The clock of the company's zone; stopped on one day only where the instance says so."""
    return Clock(settings.COMPANY_TIME_ZONE, settings.FIXED_TODAY)


def actor_of(user: AbstractBaseUser) -> Actor:
    """The actor that a signed-in user is today: rights of all roles, reach of the widest.

    Whoever works nowhere today, not yet or no longer, is nobody.
    """
    found = getattr(user, "entry", None) or _entry(user.pk)
    person_id, name, unit_id, roles, units, people = found
    if person_id is None or unit_id is None or not user.is_active:
        return Actor.nobody()
    extent = rules.widest(roles)
    reach = Reach(extent is rules.Extent.COMPANY, (person_id, *people), tuple(units or ()))
    rights = rules.rights_of(tuple(roles))
    return Actor(
        name,
        person_id,
        rights,
        {declared.resource: reach for declared in all_scopes()},
        is_wide=extent is rules.Extent.COMPANY,
    )


def _entry(user_id: int) -> tuple[Any, ...]:
    with prepared() as cursor:
        cursor.execute(_ENTER, [user_id, *_circumstances()])
        return tuple(cursor.fetchone())


def _circumstances() -> list[Any]:
    """What the statement must know besides the sign-in: the day, and how far which roles reach."""
    extents = (rules.Extent.TEAM, rules.Extent.BRANCH, rules.Extent.COMPANY)
    return [clock().today(), *(rules.roles_of(extent) for extent in extents)]
