"""Words of approvals that others may use, and what they refuse."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NewType

from tradewind.kernel.errors import declare, phrase

RequestId = NewType("RequestId", int)


class FactKind(StrEnum):
    """What a fact of a request is; it says how a condition may ask about it."""

    MONEY = "money"
    RATE = "rate"
    NUMBER = "number"
    UNIT = "unit"
    CHOICE = "choice"
    BOOL = "bool"


FactValue = Decimal | str | bool | tuple[int, ...] | None
"""A number; a chosen word; yes or no; of a unit its path, ids from the root down; nothing where unknown."""


@dataclass(frozen=True, slots=True)
class Pending:
    """The request that holds an object while it is in review."""

    number: str
    url: str


def number_of(request_id: int) -> str:
    """What people call a request."""
    return f"AP{request_id:06d}"


declare(
    {
        "approvals.wrong_state": phrase("This request is not waiting for that any more."),
        "approvals.own_request": phrase("Nobody decides on their own request."),
        "approvals.not_asked": phrase("This step waits for somebody else."),
        "approvals.not_requester": phrase("Only who made the request may do this."),
        "approvals.signer_is_requester": phrase(
            "Whoever made the request cannot decide on it: choose another."
        ),
        "approvals.signer_decides_already": phrase("This person decides in this step already."),
        "approvals.signer_absent": phrase("This person cannot sign in or works nowhere today."),
        "approvals.no_earlier_step": phrase("There is no such earlier step to send it back to."),
        "approvals.nobody_decides": phrase(
            "Step %(step)s has nobody to decide it: appoint a head of %(unit)s or of a unit above,"
            " or have an administrator name a second person for this process."
        ),
        "approvals.nobody_named": phrase(
            "Step %(step)s has nobody to decide it: %(who)s. Have an administrator name a second person"
            " for this process."
        ),
        "approvals.no_process": phrase("This needs no approval: change it directly."),
        "approvals.unknown_subject": phrase("There is no such kind of request."),
        "approvals.nothing_changes": phrase("This is what it is already: nothing would change."),
        "approvals.reason_missing": phrase("Say why."),
        "approvals.note_missing": phrase("Say why, so that the others know what to change."),
        "approvals.frozen": phrase(
            "This waits for approval in request %(number)s (%(url)s)"
            " and cannot be changed until it is decided."
        ),
        "approvals.ask_first": phrase(
            "This changes by approval only: use “%(action)s” on the page of the record (%(url)s)."
        ),
        "approvals.changed_meanwhile": phrase(
            "It was changed since this was asked for: version %(asked)s then, version %(now)s now."
            " Send the request back, so that it is asked for anew."
        ),
        "approvals.reminded_lately": phrase("They were reminded at %(at)s: wait until %(next)s."),
        "approvals.too_many": phrase("At most %(largest)s requests at once."),
        "approvals.no_route": phrase("A process needs at least one route."),
        "approvals.no_otherwise": phrase("The last route has no conditions: it takes what no other takes."),
        "approvals.never_reached": phrase(
            "Route %(route)s has no conditions, so none after it is ever reached."
        ),
        "approvals.no_step": phrase("Route %(route)s has no step: somebody has to decide."),
        "approvals.unknown_fact": phrase("There is no fact “%(fact)s” to ask about."),
        "approvals.bad_condition": phrase("“%(fact)s” cannot be compared like this."),
        "approvals.bad_value": phrase("“%(value)s” is no value for “%(fact)s”."),
        "approvals.bad_step": phrase("Step %(step)s of route %(route)s does not say who decides."),
        "approvals.retired_role": phrase(
            "Step %(step)s of route %(route)s asks for the role “%(role)s”, which is retired: choose another."
        ),
        "approvals.role_gone": phrase(
            "Step %(step)s asks for the role “%(role)s”, which is retired: have an administrator choose"
            " another in this process, or name a second person for it."
        ),
        "approvals.bad_hours": phrase("Hours are whole numbers from 0 (never) to 720."),
        "approvals.not_published": phrase("Publish a version first."),
    }
)
