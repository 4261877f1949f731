"""Words in lists and search: one function of the database for each kind of object finds the newest with them.

Row-level security keeps PostgreSQL from using a text index, so the function runs as the owner of the tables
and applies the policies itself. Every character and every pair of neighbours is in the index: of Chinese
words, most of them two characters long, trigrams find nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.db import connection
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

from tradewind.platform.spine.access.protect import register_function

BETWEEN = 31
"""The character between the texts of a row; nobody looks for it."""

SQL = Path(__file__).parent / "sql"
# What is pointed to is found by its own function, under its own policy; five times as many, since of those
# some have no row here.
_POINTING = """
    pointed := ARRAY(SELECT {found}(words, greatest(most, least(most * 5, 100000))));
    RETURN QUERY SELECT id FROM {table} WHERE {column} = ANY (pointed)
                 AND (is_wide OR ({policy})) ORDER BY id DESC LIMIT most;
    GET DIAGNOSTICS got = ROW_COUNT;
    IF got >= most OR array_position(pointed, NULL) IS NOT NULL THEN RETURN NEXT NULL; END IF;"""


@dataclass(frozen=True, slots=True)
class Searched:
    """What words are looked for in: own columns of a table under its policy, and what its rows point to.

    guarded: columns that only those look in who know them · knows: whether whoever asks does, as SQL ·
    sees_all: whether whoever asks sees every row, as SQL · is_narrow: indexes answer the policy, so that
    common words are looked for within it.
    """

    table: str
    policy: str
    columns: tuple[str, ...]
    guarded: frozenset[str] = frozenset()
    knows: str = "true"
    pointed: tuple[tuple[str, str], ...] = ()
    sees_all: str = "false"
    is_narrow: bool = False

    @property
    def function(self) -> str:
        return f"tw_search_{self.table}"

    @property
    def said(self) -> str:
        """All words of a row, as one text: what the index holds."""
        return _joined(self.columns)

    @property
    def shown(self) -> str:
        """The words of a row that whoever asks may know."""
        if not self.guarded.intersection(self.columns):
            return self.said
        open_ = _joined(tuple(one for one in self.columns if one not in self.guarded))
        return f"CASE WHEN knows THEN {self.said} ELSE {open_} END"


def _joined(columns: Sequence[str]) -> str:
    return f" || chr({BETWEEN}) || ".join(f"COALESCE({column}, '')" for column in columns)


def found(table: str, words: str, most: int) -> RawSQL:
    """Ids of the newest visible rows that hold these words, for `pk__in`."""
    asked = [words.replace(chr(BETWEEN), " "), most]
    return RawSQL(f"SELECT tw_search_{table}(%s, %s)", asked, BigIntegerField())  # noqa: S611


def is_cut(table: str, words: str, most: int) -> bool:
    """Are there more of them than were looked for?"""
    with connection.cursor() as cursor:
        ids = f"SELECT tw_search_{table}(%s, %s) AS id"
        cursor.execute(f"SELECT bool_or(id IS NULL) FROM ({ids}) f", [words.replace(chr(BETWEEN), " "), most])  # noqa: S608
        return bool(cursor.fetchone()[0])


def offer(searched: Sequence[Searched]) -> None:
    """Declare the functions and the indexes behind them; those that others point to stand first."""
    register_function((SQL / "words.sql").read_text("utf-8"), "SET LOCAL maintenance_work_mem = '256MB'")
    for one in searched:
        register_function(*_statements(one))


def _statements(one: Searched) -> Iterator[str]:
    index = f"search_{sha256(one.said.encode()).hexdigest()[:8]}_{one.table}"[:63]
    pointing = "".join(
        _POINTING.format(table=one.table, column=column, found=f"tw_search_{target}", policy=one.policy)
        for column, target in one.pointed
    )
    yield f"CREATE INDEX IF NOT EXISTS {index} ON {one.table} USING gin (tw_words({one.said}))"
    yield _DROP_OTHERS.format(table=one.table, index=index)
    find = (SQL / "find.sql").read_text("utf-8")
    facts = {"name": one.function, "table": one.table, "said": one.said, "policy": one.policy}
    facts |= {"sees_all": one.sees_all, "shown": one.shown, "knows": one.knows}
    facts["fence"] = "OFFSET 0" if one.is_narrow else ""
    yield find.format(**facts, pointing=pointing)
    yield f"REVOKE EXECUTE ON FUNCTION {one.function}(text, integer) FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION {one.function}(text, integer) TO tw_app, tw_wide"


_DROP_OTHERS = """
DO $$ DECLARE old text; BEGIN
    FOR old IN SELECT indexname FROM pg_indexes WHERE tablename = '{table}' AND indexname LIKE 'search\\_%'
               AND indexname <> '{index}' LOOP
        EXECUTE format('DROP INDEX %I', old);
    END LOOP;
END $$
"""
