"""Taking an import back, where nobody touched since what it made or changed; the rest is listed."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Case, QuerySet, When

from tradewind.kernel.errors import DomainError
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import Ref, right_of
from tradewind.platform.surface.exchange.models import ImportLine, ImportRun
from tradewind.platform.surface.exchange.states import Verdict
from tradewind.platform.surface.resource import Resource
from tradewind.platform.surface.resource.acts import change

Seen = Mapping[int, tuple[UUID, int]]


class Undone(StrEnum):
    """How undoing one row went."""

    RESTORED = "restored"
    REMOVED = "removed"
    CHANGED = "changed"
    KEPT = "kept"


def to_undo(run: ImportRun) -> QuerySet[ImportLine]:
    """What the import made or changed and nobody has taken back yet.

    First what it changed, which may refer to what it made; then what it made, the last one first.
    """
    written = ImportLine.objects.filter(run=run, undone="", object_id__isnull=False)
    made_last = Case(When(verdict=Verdict.NEW, then=1), default=0)
    return written.filter(verdict__in=(Verdict.NEW, Verdict.UPDATE)).order_by(made_last, "-object_id")


def kept(run: ImportRun) -> QuerySet[ImportLine]:
    """What could not be taken back, and may be once whatever stood in the way is gone."""
    return ImportLine.objects.filter(run=run, undone=Undone.KEPT)


def may_undo(run: ImportRun) -> bool:
    """Is there anything to take back, or to try again?"""
    return to_undo(run).exists() or kept(run).exists()


def undo_lines(resource: Resource, actor: Actor, lines: Sequence[ImportLine], reason: str) -> None:
    """Say in each line how undoing it went: restored, removed, changed since, or kept for another reason."""
    rows = resource.visible(actor).filter(pk__in=[line.object_id for line in lines])
    seen = {
        pk: (public_id, version) for pk, public_id, version in rows.values_list("pk", "public_id", "version")
    }
    made = []
    for line in lines:
        assert line.object_id is not None  # noqa: S101 only what was written is undone
        if seen.get(line.object_id, (None, 0))[1] != line.object_version:
            line.undone = Undone.CHANGED
        elif line.verdict == Verdict.NEW:
            made.append(line)
        else:
            line.undone = _restored(resource, actor, line, seen, reason)
    kept = set(_removed(resource, actor, [line.object_id for line in made if line.object_id]))
    for line in made:
        line.undone = Undone.KEPT if line.object_id in kept else Undone.REMOVED


def _restored(resource: Resource, actor: Actor, line: ImportLine, seen: Seen, reason: str) -> Undone:
    assert line.object_id is not None  # noqa: S101
    public_id, version = seen[line.object_id]
    fields = {f.attname: f for f in resource.model._meta.concrete_fields}
    before = {name: fields[name].to_python(value) for name, value in line.before.items()}
    ref: Ref[Any] = Ref(public_id, version)
    try:
        change(resource, actor, ref, before, reason, resource.restore)
    except DomainError:
        return Undone.KEPT
    return Undone.RESTORED


def _removed(resource: Resource, actor: Actor, ids: Sequence[int]) -> Sequence[int]:
    """The ids of what had to stay."""
    remove = resource.remove_many
    if remove is None or not ids or not actor.can(right_of(remove)):
        return ids
    return remove(actor, ids)
