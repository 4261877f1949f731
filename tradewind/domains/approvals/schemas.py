"""What the API of approvals takes and answers."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema

from tradewind.platform.surface.shell.api import Text

Tab = Literal["to-decide", "mine", "copied", "done"]


class ChangeOut(Schema):
    """One field before and after, in words."""

    label: str
    before: str
    after: str


class SeatOut(Schema):
    """One person's place in a step; `by` decided for them, `instead_of` had the place before."""

    name: str
    verdict: str
    by: str
    instead_of: str


class StepOut(Schema):
    """One step of the path."""

    number: int
    name: str
    state: str
    seats: list[SeatOut]
    notices: list[str]


class ActOut(Schema):
    """What somebody did; `version` of the object they had before them."""

    at: datetime
    who: str
    whom: str
    verb: str
    step: int | None
    note: str
    version: int


class RequestCardOut(Schema):
    """A request in a list; `remind_at`, `escalate_at`: when the asking step comes due, unless it has."""

    id: UUID
    version: int
    number: str
    subject: str
    name: str
    label: str
    object_id: UUID
    requester: str
    unit: str
    reason: str
    state: str
    submitted_at: datetime
    decided_at: datetime | None
    remind_at: datetime | None
    escalate_at: datetime | None
    changes: list[ChangeOut]
    may_decide: bool


class RequestOut(RequestCardOut):
    """A request with its path and what was decided."""

    path: list[StepOut]
    history: list[ActOut]


class PageOut(Schema):
    """One page; `next` is the cursor of the one after."""

    items: list[RequestCardOut]
    next: str | None


class DecideIn(Schema):
    """A decision: `to` names the step, from 1, that it is sent back to; without it, who asked."""

    verdict: Literal["approve", "reject", "send_back"]
    reason: Text = ""
    to: int | None = None


class RequestsAsked(Schema):
    """Which requests: those to decide, one's own, copied, decided; and where to begin."""

    tab: Tab = "to-decide"
    after: str = ""


class FactOut(Schema):
    """What a route was chosen by, in words."""

    label: str
    words: str


class SubjectOut(Schema):
    """A kind of change: `fields` of the objects at `address` are proposed. Inactive ones change directly."""

    key: str
    name: str
    address: str
    fields: list[str]
    is_active: bool


class AskIn(Schema):
    """A change of one object, as its version was seen. Fields not named stay as they are."""

    subject: str
    object: UUID
    object_version: int
    values: dict[str, Any]
    reason: Text


class AskAgainIn(Schema):
    """The change of a request that was sent back, from what it proposes now."""

    object_version: int
    values: dict[str, Any]
    reason: Text


class TryIn(Schema):
    """A change to see the path of; `request` names the one that was sent back and is to be asked anew."""

    subject: str
    object: UUID
    values: dict[str, Any]
    request: UUID | None = None


class PathOut(Schema):
    """The path a change would take, and why."""

    route: str
    changes: list[ChangeOut]
    facts: list[FactOut]
    path: list[StepOut]


class SayIn(Schema):
    """A word with an act."""

    reason: Text = ""


class PersonIn(Schema):
    """Who takes over, or reads along."""

    person: UUID
    reason: Text = ""


class SignerIn(PersonIn):
    """Who decides too: before the asking step goes on, or after it."""

    is_before: bool = True


class ChosenIn(Schema):
    """A request as it was seen."""

    id: UUID
    version: int


class DecideManyIn(Schema):
    """One verdict for many requests, at most 100; a no needs its reason."""

    verdict: Literal["approve", "reject"]
    reason: Text = ""
    requests: list[ChosenIn]


class OutcomeOut(Schema):
    """What became of one of many; `title` says why it was refused."""

    id: UUID
    number: str
    title: str


class OutcomesOut(Schema):
    """Each request by itself: one that is refused leaves the others."""

    done: list[OutcomeOut]
    refused: list[OutcomeOut]
