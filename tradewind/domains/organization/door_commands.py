"""What an administrator does about somebody's way in: end their sessions, take away a lost second factor."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator

from tradewind.domains.organization.models import Person
from tradewind.domains.organization.policy import PEOPLE
from tradewind.kernel.errors import Refused, declare, phrase
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.sessions import end_sessions
from tradewind.platform.spine.command import command
from tradewind.platform.surface.account import tokens

declare(
    {
        "organization.no_sign_in": phrase("This person has never signed in here."),
        "organization.own_factor": phrase(
            "Nobody resets their own second factor. Ask another administrator."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Because:
    """Why it is done; it stands in the record."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The token to end, by its public id, and why."""

    token: str
    reason: str = ""


@command("organization.person.end_sessions", on=PEOPLE)
def end_all(actor: Actor, person: Person, given: Because) -> int:
    """Sign somebody out everywhere; returns how many sessions ended."""
    return end_sessions(_user_id(person))


@command("organization.person.reset_second_factor", on=PEOPLE)
def reset_second_factor(actor: Actor, person: Person, given: Because) -> int:
    """Take away authenticator app, passkeys and recovery codes of somebody who lost them, and sign them out.

    With their password they come in again, and where their role needs it, set up a new one first.
    """
    if person.pk == actor.person_id:
        raise Refused("organization.own_factor")
    user_id = _user_id(person)
    removed: int = 0
    removed, _ = Authenticator.objects.filter(user_id=user_id).delete()
    end_sessions(user_id)
    return removed


@command("organization.person.withdraw_token", on=PEOPLE)
def withdraw_token(actor: Actor, person: Person, given: Withdrawal) -> int:
    """End a token of somebody; what uses it is refused from now on."""
    return tokens.withdraw(person.pk, given.token)


def _user_id(person: Person) -> int:
    if person.user_id is None:
        raise Refused("organization.no_sign_in")
    return int(person.user_id)
