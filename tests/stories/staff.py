"""What stories about people share: another day, a move, who worked where."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from tests.conftest import acting, system
from tradewind.config.commands.test import TEST_DAY
from tradewind.config.verification import verify
from tradewind.domains.organization import staffing
from tradewind.domains.organization.models import Assignment
from tradewind.domains.organization.queries import person_ref
from tradewind.domains.organization.staffing import Transfer

DAY = timedelta(days=1)
LONG_AGO = TEST_DAY - timedelta(days=150)


@contextmanager
def on_day(day: date) -> Iterator[None]:
    """The company's clock stands on another day."""
    former, settings.FIXED_TODAY = settings.FIXED_TODAY, day
    try:
        yield
    finally:
        settings.FIXED_TODAY = former


def move(sign_in: str, unit: str, day: date, who: str = "hr", **more: Any) -> None:
    with acting(who) as actor:
        staffing.move(actor, person_ref(actor, sign_in), Transfer(unit, day, **more))


def is_sound() -> bool:
    return all(finding.is_right for finding in verify())


def assignments(sign_in: str) -> list[tuple[str, date, date | None]]:
    with system():
        rows = Assignment.objects.filter(person__sign_in=sign_in).order_by("starts_on")
        return list(rows.values_list("unit__code", "starts_on", "ends_on"))


def latest(sign_in: str) -> str:
    with system():
        found = Assignment.objects.filter(person__sign_in=sign_in).order_by("-starts_on").first()
        assert found is not None
        return str(found.public_id)
