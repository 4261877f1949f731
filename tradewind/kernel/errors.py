"""Refusals: what the business says no to, with a stable code and the facts of the case."""

from collections.abc import Mapping
from typing import TypeVar

WORDING: dict[str, str] = {}
"""English sentence for each code; pages translate it, integrators read the code."""


def phrase(text: str) -> str:
    """Mark an English sentence for the translation catalogue and return it unchanged."""
    return text


def declare(wording: Mapping[str, str]) -> None:
    """Register the sentences of a room's refusals; a code belongs to one room only."""
    for code, text in wording.items():
        if WORDING.setdefault(code, text) != text:
            raise ValueError(f"refusal {code} is declared twice")


class DomainError(Exception):
    """The business refuses. `code` is stable API, `facts` fill its sentence, `field` names the input.

    A fact that is a tuple is a list of names in that sentence.
    """

    status = 409

    def __init__(self, code: str, *, field: str = "", **facts: object) -> None:
        self.code, self.field, self.facts = code, field, facts
        named = {key: ", ".join(said) if isinstance(said, tuple) else said for key, said in facts.items()}
        super().__init__(WORDING[code] % named if named else WORDING[code])


class NotAllowed(DomainError):
    """The actor may see the object but not do this."""

    status = 403


class NotVisible(DomainError):
    """The object does not exist for this actor, whether or not it exists for others."""

    status = 404


class Refused(DomainError):
    """The state of things does not permit it."""


class StaleVersion(DomainError):
    """Somebody changed the object since the actor looked at it. Pages answer 409, the API 412."""


class Malformed(DomainError):
    """The input breaks a rule that the field states."""

    status = 422


Thing = TypeVar("Thing")


def accepted(judged: Thing | DomainError) -> Thing:
    """What was judged, where it was not refused; raises the refusal."""
    if isinstance(judged, DomainError):
        raise judged
    return judged


class Invalid(Malformed):
    """Several fields are wrong; `problems` says what, by field, in the reader's language."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("invalid", field=next(iter(problems), ""))
        self.problems = problems


declare(
    {
        "invalid": phrase("Some fields need another look."),
        "not_allowed": phrase("You do not have the right to do this."),
        "not_found": phrase("This does not exist, or you may not see it."),
        "stale": phrase("Somebody changed this meanwhile. Look at it again, then repeat your change."),
        "period.backwards": phrase("The first day lies after the last day."),
    }
)
