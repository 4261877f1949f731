"""Entries never follow a customer: they are seen in their frozen unit, or by whom they credit."""

from tradewind.domains.ledger.models import Entry, Rollup
from tradewind.platform.spine.access.scopes import Keeping, Scope, register

ENTRIES = Scope("ledger.entry", Entry, person="person_id", unit="unit_id", keeping=Keeping.LEDGER)
ROLLUPS = Scope("ledger.rollup", Rollup, person="person_id", unit="unit_id", keeping=Keeping.DERIVED)

register(ENTRIES, ROLLUPS)
