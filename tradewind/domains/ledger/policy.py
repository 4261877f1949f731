"""Entries never follow a customer: they are seen in their frozen unit, or by whom they credit.

Which months are closed is for everybody to read and for no role of the database to write.
"""

from pathlib import Path

from tradewind.domains.ledger.models import Entry, Month, MonthSum, Rollup
from tradewind.platform.spine.access.protect import register_function
from tradewind.platform.spine.access.scopes import Keeping, Scope, register

ENTRIES = Scope("ledger.entry", Entry, person="person_id", unit="unit_id", keeping=Keeping.LEDGER)
ROLLUPS = Scope("ledger.rollup", Rollup, person="person_id", unit="unit_id", keeping=Keeping.DERIVED)
MONTHS = Scope("ledger.month", Month, everyone=True)
# Sums of the whole company: no scoped person reads them.
MONTH_SUMS = Scope("ledger.month_sum", MonthSum)

register(ENTRIES, ROLLUPS, MONTHS, MONTH_SUMS)
register_function((Path(__file__).parent / "sql" / "months.sql").read_text(encoding="utf-8"))
