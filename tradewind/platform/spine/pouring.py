"""Many new rows at once: COPY into a temporary table, then one INSERT … SELECT under the row policies."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar, overload

from django.db import connection, models
from psycopg import sql

from tradewind.platform.spine.access.session import widened

_STAGE = """
DROP TABLE IF EXISTS {staged};
CREATE TEMP TABLE {staged} ON COMMIT DROP AS SELECT 0 AS place, {said} FROM {target} WITH NO DATA;
GRANT SELECT ON {staged} TO tw_app
"""
_WRITE = "INSERT INTO {target} ({columns}) SELECT {values} FROM {staged} ORDER BY place"
Rows = Sequence[Mapping[str, Any]]
"""Values by column, such as `owner_id`; of JSON columns none."""


Row = TypeVar("Row", bound=models.Model)


class Poured(Sequence[Row], Generic[Row]):
    """The rows as objects, each built when somebody looks at it: of many thousands hardly anybody does."""

    def __init__(self, model: type[Row], rows: Rows) -> None:
        self.model, self.rows = model, rows

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        if isinstance(place, slice):
            return Poured(self.model, self.rows[place])
        return self.model(**self.rows[place])


def pour(model: type[Row], rows: Rows) -> Sequence[Row]:
    """Write new rows, in their order. What no row says takes the model's default, one for all: public ids
    are the caller's to give.

    The database refuses COPY into a table with row policies, because it would ask none; and scoped people
    make no tables, not even temporary ones. So the rows are staged for them, and written by them.
    """
    if not rows:
        return []
    fields = {f.attname: f for f in model._meta.concrete_fields if not f.generated}
    said = [name for name in fields if any(name in row for row in rows)]
    rest = {n: f for n, f in fields.items() if n not in said and not (f.primary_key or f.has_db_default())}
    places = [(name, fields[name].get_default()) for name in said]
    names = {
        "target": sql.Identifier(model._meta.db_table),
        "staged": sql.Identifier(f"poured_{model._meta.db_table}"),
        "said": sql.SQL(", ").join(map(sql.Identifier, said)),
        "columns": sql.SQL(", ").join(map(sql.Identifier, [*said, *rest])),
        "values": sql.SQL(", ").join(
            [*map(sql.Identifier, said), *(sql.Literal(f.get_default()) for f in rest.values())]
        ),
    }
    with connection.cursor() as cursor:
        with widened(
            "only this role makes tables; the rows come from the caller and are written as the caller"
        ):
            cursor.execute(sql.SQL(_STAGE).format(**names))
            with cursor.copy(sql.SQL("COPY {staged} FROM STDIN").format(**names)) as copy:
                for place, row in enumerate(rows):
                    copy.write_row((place, *[row.get(name, default) for name, default in places]))
        # An index of words takes its new entries in heaps of this size: larger ones are a quarter faster.
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute(sql.SQL(_WRITE).format(**names))
        cursor.execute("SET LOCAL work_mem TO DEFAULT")
    return Poured(model, rows)
