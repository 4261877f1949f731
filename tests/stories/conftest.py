"""Plans that stories begin with."""

from datetime import date

import pytest
from pytest_django.fixtures import Settings

from tests.conftest import system
from tests.stories.books import open_all_months
from tests.stories.plans import SPARE, SUNDAY, WU_QIANG, XIAOYU, draft, move, rows, set_cell, win
from tradewind.domains.planning.models import Plan


@pytest.fixture
def open_books(db: None) -> None:
    """Every month is open, as in a company that never closed one: for stories of days long past."""
    open_all_months()


@pytest.fixture
def no_plans(db: None) -> None:
    with system():
        Plan.objects.all().delete()


@pytest.fixture
def november(no_plans: None, settings: Settings) -> Plan:
    """Sunday 2026-11-22: 陈小雨 has a target of 1,000,000 for November and has booked 640,000."""
    settings.FIXED_TODAY = SUNDAY
    plan = draft()
    set_cell(plan, SPARE, 11, "2000000")
    set_cell(plan, XIAOYU, 11, "1000000")
    set_cell(plan, WU_QIANG, 11, "0")
    spare = rows(plan)[SPARE].months[10].value
    set_cell(plan, SPARE, 11, "0")
    assert spare > 0
    move(plan, "submit", "approve")
    win("seller", "440000.00", date(2026, 11, 3), "N1")
    win("seller", "200000.00", date(2026, 11, 20), "N2")
    return plan
