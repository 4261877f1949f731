"""A path as it is kept with its request: steps and places as plain data, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tradewind.domains.approvals.rules.flow import Case, Seat, Stage
from tradewind.domains.approvals.rules.paths import Notice, Why
from tradewind.domains.approvals.rules.routes import Mode, step_rule
from tradewind.domains.approvals.rules.states import State, StepState


def written(stages: Sequence[Stage]) -> list[dict[str, Any]]:
    """The steps as plain data."""
    return [asdict(stage) for stage in stages]


def read(requester: int, state: str, path: Sequence[Mapping[str, Any]]) -> Case:
    """The request that this data tells of."""
    return Case(requester, tuple(_stage(one) for one in path), State(state))


def _stage(one: Mapping[str, Any]) -> Stage:
    return Stage(
        tuple(Seat(**seat) for seat in one["seats"]),
        Mode(one["mode"]),
        StepState(one["state"]),
        step_rule(one["rule"]) if one["rule"] else None,
        tuple(Notice(Why(n["why"]), n["unit_id"], n["person_id"], n.get("role", "")) for n in one["notices"]),
        one["added_by"],
    )
