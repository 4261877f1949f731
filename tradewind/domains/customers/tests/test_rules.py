"""What certain keys leave out, and which rows of a file are known by earlier ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.domains.customers import rules


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("上海海风有限公司", "上海海风"),
        ("上海海风有限责任公司", "上海海风"),
        ("上海海风股份有限公司", "上海海风"),
        ("上海海风（集团）有限公司", "上海海风"),
        ("上海 海风(集团) 有限公司", "上海海风"),
        ("海风集团上海分公司", "海风集团上海分公司"),
        ("有限公司", "有限公司"),
        ("集团有限公司", "集团"),
        ("Acme Trading Co., Ltd.", "acmetrading"),
        ("ＡＣＭＥ　Trading", "acmetrading"),
        ("ACME Inc", "acme"),
        ("Linc", "linc"),
        ("Müller GmbH & Co. KG", "müller"),
        ("上海海风Co.,Ltd", "上海海风"),
        ("Co., Ltd.", "co"),
        ("二〇一厂", "二〇一厂"),
        ("让·雅克", "让雅克"),
        ("让・雅克", "让雅克"),
        ("***", ""),
        ("", ""),
    ],
)
def test_the_key_of_a_name(name: str, key: str) -> None:
    assert rules.name_key(name) == key


@pytest.mark.parametrize(
    ("phone", "key"),
    [
        ("021-5800 1234", "2158001234"),
        ("+86 21 5800 1234", "2158001234"),
        ("0086-021-58001234", "2158001234"),
        ("（021）58001234转801", "2158001234"),
        ("021-58001234 ext. 9", "2158001234"),
        ("021-58001234/58001235", "2158001234"),
        ("138 0000 1234", "13800001234"),
        ("8613800001234", "13800001234"),
        ("１３８００００１２３４", "13800001234"),
        ("400-800-1234", "4008001234"),
        ("+49 89 1234567", "49891234567"),
        ("0049 89 1234567", "49891234567"),
        ("58001234", ""),
        ("110", ""),
        ("00000000000", ""),
        ("11111111111", ""),
        ("无", ""),
        ("", ""),
    ],
)
def test_the_key_of_a_phone(phone: str, key: str) -> None:
    assert rules.phone_key(phone) == key


def test_the_key_of_a_mail_address() -> None:
    assert rules.email_key(" Info@Haifeng.CN ") == "info@haifeng.cn"


def test_a_row_is_known_by_the_first_that_is_taken_and_not_by_one_left_out() -> None:
    rows = {1: ("", "a", "9", ""), 2: ("", "b", "9", ""), 3: ("", "b", "7", ""), 4: ("", "b", "", "")}
    assert rules.repeated(rows) == {2: (1, 2), 4: (3, 1)}


@given(st.lists(st.tuples(*[st.sampled_from(("", "a", "b", "c"))] * 3), max_size=12))
def test_rows_are_known_as_if_each_were_made_before_the_next(rows: list[tuple[str, str, str]]) -> None:
    taken: list[int] = []
    for number, row in enumerate(rows):
        if not any(a and a == b for one in taken for a, b in zip(rows[one], row, strict=True)):
            taken.append(number)
    known = rules.repeated(dict(enumerate(rows)))
    assert sorted(set(range(len(rows))) - set(known)) == taken
