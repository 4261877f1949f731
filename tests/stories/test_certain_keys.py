"""The certain keys of a customer: one rule, written for people in Python and for a million rows in SQL."""

import unicodedata

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import system
from tradewind.domains.customers import rules

pytestmark = pytest.mark.django_db
# Characters that both sides know; those younger than our Python are read as they are by one of them.
KNOWN = st.characters(exclude_categories=("Cs", "Cn"), exclude_characters="\0")
PIECES = st.sampled_from(
    ("海风", "上海", "有限公司", "股份有限公司", "集团", "Co.", " co", ", Ltd.", "GmbH", "（", ")", " ", "Ａ")
)
DIALLED = st.sampled_from(
    ("+86", "0086", "86", "0", "+", "021", "138", "转", "ext", "-", " ", "１", "9", "12345678")
)


def written(*facts: str) -> tuple[str, ...]:
    """The three keys as the database computes them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tw_name_key(%s), tw_phone_key(%s), tw_email_key(%s)", facts)
        return tuple(cursor.fetchone())


@given(name=st.text(KNOWN, max_size=30) | st.lists(PIECES | KNOWN).map("".join))
def test_a_name_has_the_same_key_here_and_in_the_database(name: str) -> None:
    with system():
        assert written(name, "", "")[0] == rules.name_key(name)


@given(phone=st.text(KNOWN, max_size=30) | st.lists(DIALLED).map("".join))
def test_a_phone_has_the_same_key_here_and_in_the_database(phone: str) -> None:
    with system():
        assert written("", phone, "")[1] == rules.phone_key(phone)


@given(email=st.text(KNOWN, max_size=30))
def test_a_mail_address_has_the_same_key_here_and_in_the_database(email: str) -> None:
    with system():
        assert written("", "", email)[2] == rules.email_key(email)


def test_no_letter_of_a_key_is_read_otherwise_by_the_database() -> None:
    """Every character there is, each by itself between two letters."""
    every = [chr(n) for n in range(1, 0x110000) if unicodedata.category(chr(n)) not in ("Cs", "Cn")]
    names = [f"a{one}b" for one in every]
    with system(), connection.cursor() as cursor:
        cursor.execute("SELECT n, tw_name_key(n) FROM unnest(%s::text[]) n", [names])
        odd = [(name, key) for name, key in cursor.fetchall() if key != rules.name_key(name)]
    assert odd == []
