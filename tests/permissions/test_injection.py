"""Whatever stands in an address, the database is asked nothing broken: 5,000 strings over all parameters."""

import random
import re
from urllib.parse import urlencode

import pytest

from tests.conftest import IS_LONG, sign_in
from tests.permissions.expected import MATRIX
from tests.permissions.expecting import ROLES
from tradewind.platform.operation.instance import ROOT
from tradewind.platform.surface.resource import all_resources

pytestmark = pytest.mark.django_db
SEEDS = (
    "'",
    '"',
    "')) OR 1=1--",
    "1; DROP TABLE customers_customer",
    "' UNION SELECT password FROM spine_user--",
    "%' OR '1'='1",
    "\\",
    "\\'",
    "$$",
    "$1",
    "%s",
    "%(x)s",
    "{0}",
    "{{7*7}}",
    "${jndi:x}",
    "../../etc/passwd",
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "\x00",
    "NaN",
    "-1",
    "1e400",
    "9" * 400,
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "2026-02-30",
    "[]",
    "{}",
    "null",
    "__class__",
    "owner__user__password",
    "id__gt",
    "_connector",
    "pk",
    "name; SELECT pg_sleep(1)",
    "(SELECT 1)",
    "CASE WHEN 1=1 THEN 1 END",
    "＇ OR １＝１",
    "🐍" * 50,
    "é" * 3_000,
    "\u202e",
    "me",
    "true",
)
GLUE = ("", "'", "''", ")", "--", "/*", ",", ";", " ", "%", "\t", "\n", "\x00", "0")
WORDS = (
    "q sort group view fields cursor limit columns period unit measure by level from to key part after person"
    " owner pipeline stage on _connector pk__in id__gt owner__user"
)
COUNT = 5_000 if IS_LONG else 700


def parameters() -> list[str]:
    """Every name that some page or API reads from an address, and what could be mistaken for one."""
    said = "".join(file.read_text("utf-8") for file in (ROOT / "tradewind").rglob("*.py"))
    read = set(re.findall(r"GET(?:\.get|\.getlist)?[\[(]\"(\w+)\"", said))
    columns = {name for resource in all_resources() for name in resource.columns}
    parts = {f"{name}.{part}" for name in columns for part in ("from", "to", "empty")}
    return sorted(read | columns | parts | set(WORDS.split()))


def doors() -> list[str]:
    """Every address without an id that an administrator may read."""
    at = ROLES.index("admin")
    named = [(expected.address or route, expected) for route, expected in MATRIX.items()]
    return [
        f"/{one.split('?')[0]}"
        for one, expected in named
        if expected.get[at] == 200 and "<" not in one and not one.startswith("^")
    ]


def strings(choice: random.Random) -> str:
    parts = [choice.choice(SEEDS) for _ in range(choice.choice((1, 1, 2, 3)))]
    return choice.choice(GLUE).join(parts) + choice.choice(GLUE)


@pytest.mark.parametrize("name", ["admin", "seller"])
def test_no_string_in_an_address_breaks_anything(name: str) -> None:
    choice, client = random.Random(name), sign_in(name)  # noqa: S311
    names, places = parameters(), doors()
    for _ in range(COUNT // 2):
        asked = {choice.choice(names): strings(choice) for _ in range(choice.choice((1, 2, 4)))}
        url = f"{choice.choice(places)}?{urlencode(asked)}"
        assert client.get(url).status_code < 500, url


def test_there_is_something_to_try() -> None:
    assert len(parameters()) > 100
    assert len(doors()) > 40
