"""Pure decisions about the customer file.

A *certain key* is what two records of one customer share for sure: credit code, name, phone or mail, each
in one written form. The database computes the same forms beside every row (migration `0004_certain_keys`);
a test holds both against each other. An empty key says nothing and equals nothing.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from tradewind.kernel.errors import Malformed

LONGEST_KEY = 200
# What is not written in a name's key: spaces, punctuation and symbols, but not 々, 〆 and 〇.
NO_LETTERS = re.compile(
    "[\x01-/:-@\\[-`{-\xbf\xd7\xf7\u2000-\u206f\u2190-\u2bff\u2e00-\u2e7f"
    "\u3000-\u3004\u3008-\u3020\u3030\u30fb\ufe00-\ufe0f\ufeff]+"
)
WESTERN = "co|company|corp|corporation|gmbh|inc|incorporated|kg|limited|llc|llp|ltd|plc|pte|pty"
WESTERN_FORM = re.compile(rf"(?<=[^a-z0-9])(?:{WESTERN})(?: (?:{WESTERN}))*\Z")
CHINESE_FORM = re.compile(r"(?s)(?<=.)(?:有限责任公司|有限責任公司|股份有限公司|有限公司|集团|集團)+\Z")
SECOND_NUMBER = re.compile(r"(?s)(?:转|轉|ext|x|#|,|;|/|、).*\Z")
COUNTRY_OR_TRUNK = re.compile(r"^(?:\+86|0086|86(?=1[3-9][0-9]{9}\Z)|\+|00)?0?")
NO_NUMBER = re.compile(r"^(?:.{0,8}|(.)\1*)\Z")


def check_credit_code(code: str) -> str:
    """The 统一社会信用代码 (GB 32100), compact, or empty. Raises `Malformed` for a wrong check character."""
    if not code.strip():
        return ""
    try:
        return _compact(code)
    except ValidationError:
        raise Malformed("customers.bad_credit_code", field="credit_code") from None


@lru_cache(maxsize=20_000)
def _compact(code: str) -> str:
    """Remembered, because a file's rows are judged before they are written and when they are."""
    return str(uscc.validate(code))


def name_key(name: str) -> str:
    """A name without what varies: width and case of letters, spaces, punctuation, the legal form behind it.

    The legal form stays where nothing else would be left. At most 200 characters. Examples:
    “上海海风（集团）有限公司” is 上海海风, “ACME Trading Co., Ltd.” is acmetrading, “有限公司” stays.
    """
    words = NO_LETTERS.sub(" ", _lower(unicodedata.normalize("NFKC", name))).strip(" ")
    joined = WESTERN_FORM.sub("", words).replace(" ", "")
    return CHINESE_FORM.sub("", joined)[:LONGEST_KEY]


def phone_key(phone: str) -> str:
    """The digits of the first number written, without what is dialled only from elsewhere.

    Left out: an extension or second number behind it, +86 and 0086, 86 before a mobile number, + and 00 of
    other countries, and one leading 0 (the trunk prefix of an area code). Empty for fewer than nine digits,
    which more than one city has, and for one digit repeated, which stands for nothing.
    """
    first = SECOND_NUMBER.sub("", _lower(unicodedata.normalize("NFKC", phone)))
    digits = COUNTRY_OR_TRUNK.sub("", re.sub(r"[^0-9+]", "", first)).replace("+", "")
    return NO_NUMBER.sub("", digits)


def email_key(email: str) -> str:
    """A mail address in lower case, without outer spaces."""
    return _lower(email.strip(" "))


def _lower(text: str) -> str:
    """Letter by letter, as the database does it: no letter depends on its neighbours or becomes two."""
    return "".join(c.lower()[:1] for c in text)


Keys = Sequence[str]
"""The certain keys of one record, each kind at its place; empty where it has none."""


def repeated(rows: Mapping[int, Keys]) -> dict[int, tuple[int, int]]:
    """Which rows are known already by an earlier one that is taken: that row, and the place of the key.

    Rows are judged in ascending order of their numbers, as if each were made before the next is looked at:
    a row that is left out makes nothing known.
    """
    taken: dict[tuple[int, str], int] = {}
    known: dict[int, tuple[int, int]] = {}
    for row in sorted(rows):
        written = [(place, key) for place, key in enumerate(rows[row]) if key]
        shared = next((one for one in written if one in taken), None)
        if shared is None:
            taken.update(dict.fromkeys(written, row))
        else:
            known[row] = taken[shared], shared[0]
    return known
