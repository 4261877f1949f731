"""The rows of a file that were judged right are made and changed, through the object's own commands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from tradewind.kernel.errors import DomainError
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import Given, Ref, batch
from tradewind.platform.spine.history import Act
from tradewind.platform.surface.exchange.judging import Judged
from tradewind.platform.surface.exchange.models import ImportLine, ImportRun
from tradewind.platform.surface.exchange.planning import plan_of
from tradewind.platform.surface.exchange.states import Verdict
from tradewind.platform.surface.resource import Resource, all_resources
from tradewind.platform.surface.resource.acts import change, make, refusing
from tradewind.platform.surface.resource.telling import Words

Placed = Mapping[int, tuple[int, int]]
"""Id and version of the object behind each row, by the row's number."""


@dataclass(frozen=True, slots=True)
class Portion:
    """Some rows of an import. From `seed` come their public ids: asked for again, a row makes nothing new."""

    resource: Resource
    lines: Sequence[Judged]
    seed: UUID
    reason: str


def offer_imports() -> None:
    """Declare, once all objects are, the commands under which files' rows are written.

    Below such a command each row is a command of the object itself.
    """
    for resource in all_resources():
        if resource.is_imported:
            declared = batch(f"{resource.key}.import_file", right=f"{resource.key}.import")
            _commands[resource.key] = declared(_write)


def write(actor: Actor, portion: Portion) -> Placed:
    """Make and change what the rows say. A row that is refused gets the verdict error, the others stay."""
    write_down(actor, portion)
    return _placed(actor, portion)


def write_down(actor: Actor, portion: Portion) -> None:
    """The same for whoever does not ask which objects came of it."""
    _commands[portion.resource.key](actor, portion)


_commands: dict[str, Any] = {}


def _write(actor: Actor, portion: Portion) -> None:
    _make(actor, portion, [line for line in portion.lines if line.verdict is Verdict.NEW])
    for line in portion.lines:
        if line.verdict is Verdict.UPDATE:
            _change(actor, portion, line)


def _make(actor: Actor, portion: Portion, lines: Sequence[Judged]) -> None:
    """All together where the object offers it; one by one when together they are refused."""
    resource = portion.resource
    if resource.create_many is not None and lines:
        given = [Given(line.values, portion.reason, _id_of(portion, line)) for line in lines]
        try:
            with refusing(resource.scope.model):
                resource.create_many(actor, given)
        except DomainError:
            pass  # one of them; which one is found below
        else:
            return
    for line in lines:
        try:
            make(resource, actor, line.values, _id_of(portion, line), portion.reason)
        except DomainError as refusal:
            line.refuse(refusal)


def _change(actor: Actor, portion: Portion, line: Judged) -> None:
    assert line.found is not None  # noqa: S101 only what was found is changed
    ref: Ref[Any] = Ref(line.found["public_id"], line.found["version"])
    try:
        change(portion.resource, actor, ref, line.values, portion.reason)
    except DomainError as refusal:
        line.refuse(refusal)


def _placed(actor: Actor, portion: Portion) -> Placed:
    ids = {line.row.number: _public_id(portion, line) for line in portion.lines}
    rows = portion.resource.visible(actor).filter(public_id__in=[one for one in ids.values() if one])
    found = {
        public_id: (pk, version) for public_id, pk, version in rows.values_list("public_id", "pk", "version")
    }
    return {number: found[one] for number, one in ids.items() if one in found}


def _public_id(portion: Portion, line: Judged) -> UUID | None:
    if line.verdict is Verdict.NEW:
        return _id_of(portion, line)
    return line.found["public_id"] if line.found is not None else None


def _id_of(portion: Portion, line: Judged) -> UUID:
    return uuid5(portion.seed, str(line.row.number))


def lines_of(
    run: ImportRun, actor: Actor, resource: Resource, lines: Sequence[Judged], placed: Placed
) -> list[ImportLine]:
    """What is kept of these rows: verdict, problems and changes in words, and what was there before."""
    acts = {line.row.number: _act(line) for line in lines if line.verdict is Verdict.UPDATE}
    words = Words(resource, actor, list(acts.values()))
    made = []
    for line in lines:
        object_id, version = placed.get(line.row.number, (None, None))
        act = acts.get(line.row.number)
        cells = dict(zip(plan_of(run.plan).fields, line.row.cells, strict=True))
        made.append(
            ImportLine(
                run=run,
                number=line.row.number,
                cells=list(line.row.cells),
                label=_label(resource, line),
                verdict=line.verdict.value,
                problems=[
                    [_called(resource, name), text, cells.get(name, "")]
                    for name, text in line.problems.items()
                ],
                changes=[list(one) for one in words.changes(act) if one[1] != one[2]] if act else [],
                object_id=object_id,
                object_version=version,
                before=act.old if act else {},
            )
        )
    return made


def _act(line: Judged) -> Act:
    found = line.found or {}
    before = {name: found[name] for name in line.values}
    return Act(datetime.now(UTC), "", "", None, "", before, line.values)


def _label(resource: Resource, line: Judged) -> str:
    title = line.values.get(resource.title) or (line.found or {}).get(resource.title) or ""
    return str(title)[:200]


def _called(resource: Resource, name: str) -> str:
    column = resource.columns.get(name)
    return column.label if column is not None else ""
