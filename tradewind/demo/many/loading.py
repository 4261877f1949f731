"""What a load keeps beside the company until it is done: its marks, its words as tables, its small functions.

It stands in a schema of its own. A killed load finds there what is done already; a finished one drops it.
"""

from collections.abc import Mapping
from typing import Any

from psycopg import Connection

from tradewind.demo.many import words
from tradewind.demo.many.places import OF_THE_STORY, REGIONS, branches
from tradewind.demo.many.sizes import FIRST, Chunk, Extent

SCHEMA = "demo_loading"

_TABLES = """
CREATE SCHEMA demo_loading;
CREATE TABLE demo_loading.done (step text, chunk int, PRIMARY KEY (step, chunk));
CREATE TABLE demo_loading.shelved (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    relation text, rank int, statement text);
CREATE TABLE demo_loading.place (n int PRIMARY KEY, code text, city text, province text, division text,
    area text,
    weight int);
CREATE TABLE demo_loading.trade (n int PRIMARY KEY, name text, industry text, fewest int, most int);
CREATE TABLE demo_loading.product (n int PRIMARY KEY, id bigint, code text, name text, price int, pieces int);
CREATE TABLE demo_loading.opening (slot int PRIMARY KEY, day date);
CREATE TABLE demo_loading.seller (rank int PRIMARY KEY, person_id bigint UNIQUE, unit_id bigint, place int,
    skill int);
"""

# All that looks like chance: a number from 0 to below `below`, always the same for the same row and question.
_FUNCTIONS = """
CREATE FUNCTION demo_loading.draw(row_number bigint, question int, below bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE RETURN (hashint8extended(row_number, question) & 2147483647) % below;
-- Few get much: 0 is drawn most often, and the later a rank the more seldom.
CREATE FUNCTION demo_loading.rank(row_number bigint, question int, below bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE RETURN (below * ((hashint8extended(row_number, question) & 1048575) + 1)
        * (hashint8extended(row_number, question) & 1048575)) >> 40;
CREATE FUNCTION demo_loading.pick(texts text[], row_number bigint, question int) RETURNS text
    LANGUAGE sql IMMUTABLE RETURN texts[1 + demo_loading.draw(row_number, question, cardinality(texts))];
CREATE FUNCTION demo_loading.public_id(of_what text, id bigint) RETURNS uuid
    LANGUAGE sql IMMUTABLE RETURN md5(of_what || id)::uuid;
-- Saturday and Sunday become the Friday before.
CREATE FUNCTION demo_loading.workday(day date) RETURNS date
    LANGUAGE sql IMMUTABLE RETURN day - greatest(extract(isodow FROM day)::int - 5, 0);
-- How many days a deal takes from opening to closing, and after how many it comes to an open stage.
CREATE FUNCTION demo_loading.life(deal bigint) RETURNS int
    LANGUAGE sql IMMUTABLE RETURN 6 + demo_loading.rank(deal, 41, 145)::int;
CREATE FUNCTION demo_loading.comes(deal bigint, state text, depth int, stage int) RETURNS int
    LANGUAGE sql IMMUTABLE RETURN CASE WHEN state = 'lost'
        THEN demo_loading.life(deal) * (stage - 1) / depth
        ELSE (demo_loading.life(deal) * (ARRAY[0, 18, 42, 70])[stage]
              * (90 + demo_loading.draw(deal, 42 + stage, 20))) / 10000 END;
"""
# A unified social credit code of the right form (GB 32100-2015): `head` is 91 and the district, `weight` what
# its signs weigh; nine signs follow that no other number below 31^9 has, and one that checks them all.
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = [pow(3, at, 31) for at in range(17)]
_DIGITS = [f"(number / {31**at} %% 31)" for at in range(9)]
_CREDIT_CODE = f"""
CREATE FUNCTION demo_loading.credit_code(head text, weight int, number bigint) RETURNS text
    LANGUAGE sql IMMUTABLE RETURN head
        || {" || ".join(f"substr('{_SIGNS}', (1 + {digit})::int, 1)" for digit in _DIGITS)}
        || substr('{_SIGNS}', (1 + (31 - (weight + {
    " + ".join(f"{weight} * {digit}" for weight, digit in zip(_WEIGHTS[8:], _DIGITS, strict=True))
}) %% 31) %% 31)::int, 1)
""".replace("%%", "%")

_PRODUCTS = """
INSERT INTO demo_loading.product
SELECT row_number() OVER (ORDER BY id) - 1, id, code, name, list_price::int,
       CASE WHEN list_price < 10000 THEN 10 ELSE 1 END
FROM catalog_product WHERE list_price > 0
"""
# 10,000 slots, shared out to the workdays by the season and by how the company grew.
_OPENINGS = """
WITH weighed AS (
    SELECT day::date AS day, sum((%(season)s::int[])[extract(month FROM day)::int]
        * (4380 + (day::date - %(began_on)s))) OVER (ORDER BY day) AS upto
    FROM generate_series(%(began_on)s::timestamp, %(today)s::timestamp - interval '1 day', '1 day') day
    WHERE extract(isodow FROM day) < 6
), slots AS (
    SELECT day, ceil(coalesce(lag(upto) OVER (ORDER BY day), 0) * 10000.0 / max(upto) OVER ()) AS lowest,
           ceil(upto * 10000.0 / max(upto) OVER ()) - 1 AS highest FROM weighed
)
INSERT INTO demo_loading.opening
SELECT slot, day FROM slots CROSS JOIN LATERAL generate_series(lowest::int, highest::int) slot
"""


def open_books(owner: Connection[Any], extent: Extent) -> None:
    """Make the schema of a load, once."""
    with owner.transaction():
        if owner.execute("SELECT to_regnamespace('demo_loading')").fetchone() != (None,):
            return
        owner.execute(_TABLES + _FUNCTIONS + _CREDIT_CODE)
        owner.execute(_PRODUCTS)
        owner.execute(_OPENINGS, facts(extent))
        with owner.cursor() as cursor:
            cities = [*branches(), *OF_THE_STORY]
            cursor.executemany(
                "INSERT INTO demo_loading.place VALUES (%s, %s, %s, %s, %s, %s, %s)",
                [(n, *city, _weight("91" + city[3])) for n, city in enumerate(cities)],
            )
            trades = [(n, name, section, *sizes) for n, (name, section, sizes) in enumerate(words.TRADES)]
            cursor.executemany("INSERT INTO demo_loading.trade VALUES (%s, %s, %s, %s, %s)", trades)


def _weight(head: str) -> int:
    return sum(_SIGNS.index(sign) * weight for sign, weight in zip(head, _WEIGHTS, strict=False))


def close_books(owner: Connection[Any]) -> None:
    """Forget the load: everything is done."""
    owner.execute("DROP SCHEMA demo_loading CASCADE")


def is_under_way(owner: Connection[Any]) -> bool:
    """Was a load begun and not finished?"""
    return owner.execute("SELECT to_regnamespace('demo_loading')").fetchone() != (None,)


def done(owner: Connection[Any], step: str) -> set[int]:
    """The chunks of a step that are there."""
    return {
        chunk for (chunk,) in owner.execute("SELECT chunk FROM demo_loading.done WHERE step = %s", [step])
    }


def mark(owner: Connection[Any], step: str, chunk: int = 0) -> None:
    """This chunk of a step is there; in the transaction that made it."""
    owner.execute("INSERT INTO demo_loading.done VALUES (%s, %s)", [step, chunk])


def facts(extent: Extent) -> Mapping[str, Any]:
    """What statements may name whatever chunk they make."""
    return {
        "base": FIRST,
        "today": extent.today,
        "began_on": extent.began_on,
        "people": extent.people,
        "teams": extent.teams,
        "branches": extent.branches,
        "regions": extent.regions,
        "heads": extent.heads,
        "region_codes": [code for code, _ in REGIONS],
        "region_names": [name for _, name in REGIONS],
        "season": [int(weight * 100) for weight in words.SEASON],
    }


def facts_of(extent: Extent, chunk: Chunk) -> Mapping[str, Any]:
    """The same, with the customers of one chunk."""
    return {
        **facts(extent),
        "first": chunk.first,
        "last": chunk.last,
        "size": chunk.size,
        "step": chunk.step,
        "inverse": chunk.inverse,
    }
