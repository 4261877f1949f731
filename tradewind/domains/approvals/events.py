"""What approvals tell others, after the fact."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestMoved:
    """Something happened to a request that these people should hear of; `kind` says what."""

    request_id: int
    version: int
    kind: str
    person_ids: tuple[int, ...]
    by_person_id: int | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RequestApproved:
    """A request was approved by its last step, and its change was applied in the same transaction."""

    request_id: int
    subject: str
    object_id: int
