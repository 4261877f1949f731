"""Pure decisions about the customer file."""

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from tradewind.kernel.errors import Malformed


def check_credit_code(code: str) -> str:
    """The 统一社会信用代码 (GB 32100), compact, or empty. Raises `Malformed` for a wrong check character."""
    if not code.strip():
        return ""
    try:
        return str(uscc.validate(code))
    except ValidationError:
        raise Malformed("customers.bad_credit_code", field="credit_code") from None
