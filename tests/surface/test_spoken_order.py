"""Names stand where a Chinese reader looks for them."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import acting, system
from tradewind.domains.organization.models import Person
from tradewind.platform.surface.grid import reading
from tradewind.platform.surface.grid.asking import Asked
from tradewind.platform.surface.resource import all_resources, resource_named
from tradewind.platform.surface.shell.lists import spoken

pytestmark = pytest.mark.django_db


def test_people_stand_by_pinyin_from_page_to_page() -> None:
    met: list[str] = []
    after: str | None = ""
    with acting("hr") as actor:
        table = resource_named("organization.person").table
        while after is not None:
            page = reading.page(actor, table, Asked(sort="name", limit=7, after=after))
            met += [item["name"] for item in page.items]
            after = page.next
        assert len(met) == Person.objects.count()
    known = ["柏林", "曹颖", "陈小雨", "韩雪", "李致远", "林岚", "赵海"]
    assert [name for name in met if name in known] == known


def test_latin_comes_first_whatever_its_capitals() -> None:
    names = ["阿里", "banana", "Apple", "张伟", "apple pie", "重庆", "李娜", "123"]
    with system(), connection.cursor() as cursor:
        cursor.execute("SELECT n FROM unnest(%s::text[]) n ORDER BY tw_pinyin(n)", [names])
        assert [n for (n,) in cursor] == [
            "123",
            "Apple",
            "apple pie",
            "banana",
            "阿里",
            "李娜",
            "张伟",
            "重庆",
        ]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20))
def test_every_text_has_a_place_and_the_same_in_python(text: str) -> None:
    with system(), connection.cursor() as cursor:
        cursor.execute("SELECT tw_pinyin(%s), lower(%s)", [text, text])
        place, small = cursor.fetchone()
    assert place == small.encode("gb18030")
    if small == text.lower():  # a handful of letters have another small one there
        assert place == spoken(text)


def test_each_spoken_name_has_its_index() -> None:
    tables = {r.scope.table for r in all_resources() if any(c.is_spoken for c in r.columns.values())}
    assert {"customers_customer", "organization_person"} <= tables
    with system(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_indexes WHERE indexname = 'spoken_' || tablename")
        assert {table for (table,) in cursor} == tables
