"""What becomes of each row of a file: new, changed, unchanged or wrong. Set-based; nothing is written."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext

from tradewind.kernel.errors import DomainError, Malformed, NotAllowed, declare, phrase
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.surface.columns import Column, Kind, Written
from tradewind.platform.surface.exchange.planning import Plan, fields_of, has_default, needed
from tradewind.platform.surface.exchange.sheets import Row
from tradewind.platform.surface.exchange.states import Verdict
from tradewind.platform.surface.exchange.words import typed
from tradewind.platform.surface.forms.inputs import Inputs
from tradewind.platform.surface.resource import Change, Known, Resource, resource_of
from tradewind.platform.surface.resource.acts import pointable
from tradewind.platform.surface.shell.middleware import sentence

ME = ("me", "我")
Reading = Callable[[str], tuple[object, str]]
REMEMBERED = 1_000
"""Different cells of one column that are read only once."""
declare(
    {
        "import.many_called_so": phrase("%(count)s %(kind)s are called so. Write the number instead."),
        "import.many_match": phrase("%(count)s existing ones match this row."),
        "import.known_as": phrase("Known already as %(number)s."),
        "import.known_out_of_sight": phrase("There is one already, out of your sight."),
        "import.same_as": phrase("The same as row %(row)s of this file."),
        "import.no_such": phrase("There is none with this number, and new ones get theirs here."),
        "import.only_once": phrase("This is set when it is made, and never changed."),
    }
)


@dataclass(slots=True)
class Judged:
    """One row with its verdict.

    values: what will be written, by model column · found: the existing object's columns · problems: in
    words, by name of the field; under "" what is wrong with the row as a whole · is_known: a new row that
    is there already for all we know; its problem says as what, and whoever imports it decides.
    """

    row: Row
    verdict: Verdict = Verdict.ERROR
    values: dict[str, Any] = field(default_factory=dict)
    found: Mapping[str, Any] | None = None
    problems: dict[str, str] = field(default_factory=dict)
    is_known: bool = False

    def refuse(self, error: DomainError) -> None:
        """The row is wrong, at the field that the refusal names."""
        self.verdict = Verdict.ERROR
        self.problems.setdefault(error.field, sentence(error))


class Judge:
    """Gives every row of one file its verdict, for one actor under one plan."""

    def __init__(self, resource: Resource, actor: Actor, plan: Plan) -> None:
        self.resource, self.actor, self.plan = resource, actor, plan
        self.fields = fields_of(resource)
        self.places = {name: at for at, name in enumerate(plan.fields) if name}
        self.written = {n: self.fields[n] for n in self.places if self.fields[n].is_written}

    def judge(self, rows: Sequence[Row], tell: Callable[[int], None] = lambda done: None) -> list[Judged]:
        """Every row, in the order of the file. `tell` hears how many are read, every few hundred."""
        lines = self._read(rows, tell)
        self._recognise(lines)
        for line in lines:
            self._compare(line)
        self._ask_domain(lines)
        self._find_known(lines)
        self._find_taken(lines)
        return lines

    def judge_new(self, rows: Sequence[Row]) -> list[Judged]:
        """The same for rows that each would make something new, in as few statements as that takes.

        Of values that only one object may have it finds those that the object itself is recognised by.
        """
        lines = self._read(rows, lambda done: None)
        for line in lines:
            self._compare(line)
        self._ask_domain(lines)
        self._find_known(lines)
        return lines

    # -- reading ---------------------------------------------------------------------------------

    @cached_property
    def _standing_in(self) -> dict[str, str]:
        """What a new object has where the file says nothing."""
        given = {name: str(value) for name, value in self.resource.defaults(self.actor).items() if value}
        for name, column in self.fields.items():
            if column.is_written and has_default(column) and name not in given:
                assert column.stored is not None  # noqa: S101 only stored columns have one
                given[name] = (
                    str(column.stored.default).lower() if _is_bool(column) else str(column.stored.default)
                )
        return given

    @cached_property
    def _columns(self) -> list[Column]:
        """What is read of a row: the columns of the file, and what only a new object needs."""
        extra = {c.name: c for c in needed(self.resource, self.actor)}
        extra |= {n: self.resource.columns[n] for n in self.resource.defaults(self.actor)}
        return list({**self.written, **extra}.values())

    def _read(self, rows: Sequence[Row], tell: Callable[[int], None]) -> list[Judged]:
        readers = self._readers(rows)
        lines = []
        for count, row in enumerate(rows, start=1):
            line = Judged(row)
            for name, at, place, read in readers:
                value, problem = read("" if place is None else row.cells[place])
                if problem:
                    line.problems[name] = problem
                else:
                    line.values[at] = value
            lines.append(line)
            if count % 500 == 0:
                tell(count)
        return lines

    def _readers(self, rows: Sequence[Row]) -> list[tuple[str, str, int | None, Reading]]:
        """For each column its name, the model's column, its place in the file, and what reads a cell."""
        form = Inputs(self.actor, self._columns, pointable)
        references = [c for c in self._columns if c.kind is Kind.REFERENCE]
        form.look_up(
            {
                c.name: self._look_up(c, {self._text(c, one) for one in self._cells(rows, c)})
                for c in references
            }
        )
        return [
            (c.name, _at(c), self.places.get(c.name), lru_cache(REMEMBERED)(partial(self._value, form, c)))
            for c in self._columns
        ]

    def _value(self, form: Inputs, column: Column, cell: str) -> tuple[object, str]:
        """The value that stands in a cell, or what is wrong with it."""
        try:
            return form.value_of(column.name, self._text(column, cell)), ""
        except ValidationError as error:
            return None, " ".join(error.messages)

    def _text(self, column: Column, cell: str) -> str:
        """What somebody would have typed into the form, or what stands there by itself."""
        is_open = column.name not in self.written or column.is_required or _is_bool(column)
        return typed(column, cell) or (self._standing_in.get(column.name, "") if is_open else "")

    def _cells(self, rows: Sequence[Row], column: Column) -> set[str]:
        """What the file says of a column."""
        return {self._cell(row, column.name) for row in rows}

    def _cell(self, row: Row, name: str) -> str:
        place = self.places.get(name)
        return "" if place is None else row.cells[place]

    # -- references ------------------------------------------------------------------------------

    def _look_up(self, column: Column, texts: set[str]) -> Mapping[str, int | str]:
        """The id behind each text: a public id, a key or `me`; or why there is none."""
        target, answers = resource_of(column.target), dict[str, int | str]()
        rows = target.pointable(self.actor)
        if target.is_person and self.actor.person_id is not None:
            answers.update(dict.fromkeys(ME, self.actor.person_id))
        ids = {text: UUID(text) for text in texts if _is_uuid(text)}
        by_id = dict(rows.filter(public_id__in=ids.values()).values_list("public_id", "pk"))
        answers.update({text: by_id[one] for text, one in ids.items() if one in by_id})
        for key in target.keys:
            open_texts = texts - answers.keys() - {""}
            for text, pks in _grouped(rows.filter(**{f"{key}__in": open_texts}), (key,), "pk").items():
                many = Malformed("import.many_called_so", count=len(pks), kind=gettext(target.many))
                answers[text[0]] = pks[0] if len(pks) == 1 else sentence(many)
        return answers

    # -- recognising -----------------------------------------------------------------------------

    def _recognise(self, lines: Sequence[Judged]) -> None:
        """Find the existing object of each row; two rows of one object are the same row twice."""
        key = self.plan.key
        if not key:
            return
        values = [self._key_of(line) for line in lines]
        known = self._known({value for value in values if value is not None})
        first: dict[tuple[Any, ...], int] = {}
        for line, value in zip(lines, values, strict=True):
            if value is None:
                continue
            if first.setdefault(value, line.row.number) != line.row.number:
                line.refuse(Malformed("import.same_as", field=key[-1], row=first[value]))
            found = known.get(value, [])
            if len(found) > 1:
                line.refuse(Malformed("import.many_match", field=key[-1], count=len(found)))
            elif found:
                line.found = found[0]
            elif not self.fields[key[-1]].is_written:
                line.refuse(Malformed("import.no_such", field=key[-1]))

    def _key_of(self, line: Judged) -> tuple[Any, ...] | None:
        """The values that recognise this row; None where the file leaves one empty or writes it wrongly."""
        parts = []
        for name in self.plan.key:
            column = self.fields[name]
            parts.append(
                line.values.get(_at(column))
                if column.is_written
                else typed(column, self._cell(line.row, name))
            )
        return None if any(part in (None, "") for part in parts) else tuple(parts)

    def _known(self, wanted: set[tuple[Any, ...]]) -> Mapping[tuple[Any, ...], list[Mapping[str, Any]]]:
        columns = [_at(self.fields[name]) for name in self.plan.key]
        rows = self.resource.visible(self.actor)
        for place, column in enumerate(columns):
            rows = rows.filter(**{f"{column}__in": {value[place] for value in wanted}})
        names = {"pk", "public_id", "version", *columns, *self._stored()}
        found: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
        for row in rows.order_by("pk").values(*names, self.resource.title):
            found.setdefault(tuple(row[column] for column in columns), []).append(row)
        return found

    def _stored(self) -> set[str]:
        """What is read of an existing object: the columns of the file, as far as its table has them."""
        there = {field.attname for field in self.resource.scope.model._meta.concrete_fields}
        return there.intersection(_at(column) for column in self.written.values())

    # -- comparing -------------------------------------------------------------------------------

    def _compare(self, line: Judged) -> None:
        """Of an existing object only what the file says, and says otherwise, is written.

        Where a row is no row of the table, the domain says what it says otherwise.
        """
        if line.found is None:
            line.verdict = Verdict.ERROR if line.problems else Verdict.NEW
            self._require(line, "create")
            return
        said = {n: c for n, c in self.written.items() if self._is_said(line, n, c)}
        line.problems = {
            n: words for n, words in line.problems.items() if n in said or n in ("", *self.plan.key)
        }
        names = {_at(column) for column in said.values()}
        other = {k: v for k, v in line.values.items() if k in names and v != line.found.get(k, v)}
        for name, column in said.items():
            if column.declared.written is Written.ONCE and _at(column) in other:
                line.problems[name] = sentence(Malformed("import.only_once"))
        whole = {k: v for k, v in line.values.items() if k in names}
        line.values = other if self.resource.shape is None else whole
        line.verdict = Verdict.UPDATE if line.values else Verdict.UNCHANGED
        line.verdict = Verdict.ERROR if line.problems else line.verdict
        self._require(line, "edit")

    def _is_said(self, line: Judged, name: str, column: Column) -> bool:
        has_text = bool(self._cell(line.row, name).strip())
        return has_text or (self.plan.empties and not column.is_required and not _is_bool(column))

    def _require(self, line: Judged, verb: str) -> None:
        if line.verdict in (Verdict.NEW, Verdict.UPDATE) and not self.resource.can(self.actor, verb):
            line.refuse(NotAllowed("not_allowed"))

    # -- what the domain says --------------------------------------------------------------------

    def _ask_domain(self, lines: Sequence[Judged]) -> None:
        """The object's own rules; what they make of a value may be what is there already."""
        asked = [line for line in lines if line.verdict in (Verdict.NEW, Verdict.UPDATE)]
        if self.resource.judge is None or not asked:
            return
        given = [{**line.values, **({"id": line.found["pk"]} if line.found else {})} for line in asked]
        for line, answer in zip(asked, self.resource.judge(self.actor, given), strict=True):
            if isinstance(answer, DomainError):
                line.refuse(answer)
            elif isinstance(answer, Change):
                line.found, line.values = {**(line.found or {}), **answer.before}, dict(answer.after)
                line.verdict = Verdict.UPDATE if line.values else Verdict.UNCHANGED
            elif line.found is None:
                line.values = dict(answer)
            else:
                found = line.found
                line.values = {k: v for k, v in line.values.items() if answer.get(k, v) != found[k]}
                line.verdict = Verdict.UPDATE if line.values else Verdict.UNCHANGED

    def _find_known(self, lines: Sequence[Judged]) -> None:
        """New rows that are there already by what the object itself calls certain."""
        asked = [line for line in lines if line.verdict is Verdict.NEW]
        if self.resource.known is None or not asked:
            return
        for place, known in self.resource.known(self.actor, [line.values for line in asked]).items():
            asked[place].is_known = True
            asked[place].problems[known.field] = sentence(_as_what(known, asked))

    def _find_taken(self, lines: Sequence[Judged]) -> None:
        """Values that only one object may have: neither an existing one's nor twice in the file."""
        written = [line for line in lines if line.verdict in (Verdict.NEW, Verdict.UPDATE)]
        for name, column in self.written.items():
            if not _is_unique(self.resource, column):
                continue
            at = _at(column)
            values = {line.values[at] for line in written if line.values.get(at) not in (None, "")}
            rows = self.resource.visible(self.actor).filter(**{f"{at}__in": values})
            taken = dict(rows.values_list(at, "pk"))
            first: dict[Any, int] = {}
            for line in (line for line in written if line.values.get(at) in values):
                value, own = line.values[at], line.found["pk"] if line.found else None
                if taken.get(value, own) != own:
                    line.refuse(Malformed("form.taken", field=name))
                elif first.setdefault(value, line.row.number) != line.row.number:
                    line.refuse(Malformed("import.same_as", field=name, row=first[value]))


def _as_what(known: Known, asked: Sequence[Judged]) -> DomainError:
    if known.earlier is not None:
        return Malformed("import.same_as", row=asked[known.earlier].row.number)
    if known.number:
        return Malformed("import.known_as", number=known.number)
    return Malformed("import.known_out_of_sight")


def counted(lines: Iterable[Judged]) -> dict[str, int]:
    """How many rows have each verdict."""
    found = Counter(line.verdict.value for line in lines)
    return {verdict.value: found[verdict.value] for verdict in Verdict}


def _at(column: Column) -> str:
    """The model's own column: of a reference, its id."""
    assert column.stored is not None  # noqa: S101 computed fields are never imported
    return column.stored.attname


def _is_bool(column: Column) -> bool:
    return column.kind is Kind.BOOL


def _is_unique(resource: Resource, column: Column) -> bool:
    if column.stored is not None and column.stored.unique:
        return True
    declared = resource.scope.model._meta.constraints
    return any(tuple(getattr(one, "fields", ())) == (column.name,) for one in declared)


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _grouped(rows: QuerySet[Any], keys: tuple[str, ...], value: str) -> Mapping[tuple[Any, ...], list[Any]]:
    found: dict[tuple[Any, ...], list[Any]] = {}
    for *key, one in rows.values_list(*keys, value):
        found.setdefault(tuple(key), []).append(one)
    return found
