"""The demo company has closed its older months; some stories begin before that."""

from tests.conftest import acting, system
from tradewind.domains.ledger.closing import Reopening, reopen_month
from tradewind.domains.ledger.queries.months import last_closed


def open_all_months() -> None:
    """The director reopens month after month."""
    with system():
        last = last_closed()
    while last is not None:
        with acting("director") as actor:
            reopen_month(actor, Reopening(last, "再核对一遍"))
            last = last_closed()
