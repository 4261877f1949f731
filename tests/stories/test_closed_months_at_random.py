"""Any history of deals, closings and reopenings: closed months stay, the whole is what the deals say.

Beside the ledger runs a naive one: a list of entries in memory, in which nothing is clever.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db.models import Sum

from tests.conftest import acting, system
from tests.stories.staff import on_day
from tradewind.config.commands.test import TEST_DAY
from tradewind.domains.ledger import commands as ledger
from tradewind.domains.ledger.closing import Closing, Reopening, close_month, reopen_month
from tradewind.domains.ledger.models import Entry
from tradewind.domains.ledger.queries.months import deviations_of_closed, last_closed, open_from
from tradewind.domains.organization.models import Person
from tradewind.domains.pipeline.measures import WON_VALUE
from tradewind.domains.pipeline.models import Opportunity
from tradewind.kernel.period import months_before

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_books")]

DEALS, STEPS = 6, 40
Sums = dict[tuple[date, int], Decimal]
Said = tuple[date, Decimal, int]
"""What a won deal says: its day, its value, its owner."""


@dataclass
class Line:
    """One naive entry."""

    deal: int
    counts_on: date
    says: Said
    sign: int


@dataclass
class Naive:
    """Entries in a list; the first open day in a variable."""

    said: dict[int, Said | None]
    since: date
    lines: list[Line] = field(default_factory=list)

    def follow(self, deal: int, now: Said | None, today: date) -> None:
        """Take back what no longer holds and write what does, each on its day or, where closed, today."""
        former = self.said[deal]
        if former == now:
            return
        if former is not None:
            standing = next(line for line in reversed(self.lines) if line.deal == deal and line.sign > 0)
            self.lines.append(Line(deal, self.open(standing.counts_on, today), former, -1))
        if now is not None:
            self.lines.append(Line(deal, self.open(now[0], today), now, 1))
        self.said[deal] = now

    def open(self, day: date, today: date) -> date:
        return day if day >= self.since else today

    def sums(self) -> Sums:
        """By month and person, zeros left out."""
        found: Sums = {}
        for line in self.lines:
            key = line.counts_on.replace(day=1), line.says[2]
            found[key] = found.get(key, Decimal(0)) + line.sign * line.says[1]
        return {key: value for key, value in found.items() if value}


def kept(deals: list[int]) -> Sums:
    found: Sums = {}
    with system():
        rows = Entry.objects.filter(measure="won_value", source_id__in=deals)
        for day, person, value in rows.values_list("credited_on", "person_id", "value"):
            key = day.replace(day=1), person
            found[key] = found.get(key, Decimal(0)) + value
    return {key: value for key, value in found.items() if value}


def some_deals() -> list[Opportunity]:
    with system():
        rows = Opportunity.objects.filter(state="won", closed_on__gte=months_before(TEST_DAY, 8))
        return list(rows.order_by("id")[:DEALS])


def what_it_says(deal: Opportunity) -> Said | None:
    return (deal.closed_on, deal.value, deal.owner_id) if deal.state == "won" else None  # type: ignore[return-value]


def change(random: Random, deal: Opportunity, today: date, people: list[int]) -> None:
    """Something is put right in the record of a deal, without a word."""
    what = random.choice(("value", "owner", "day", "lost", "won"))
    if what == "value":
        deal.value = Decimal(random.randrange(1, 10_000))
    elif what == "owner":
        deal.owner_id = random.choice(people)
    elif what == "lost":
        deal.state = "lost"
    elif what == "won":
        deal.state, deal.value = "won", deal.value or Decimal(7)
    if what == "day" or deal.closed_on is None:
        deal.closed_on = max(deal.opened_on, today - timedelta(days=random.randrange(300)))
    stages = Opportunity.objects.filter(state=deal.state).values_list("stage_id", flat=True)
    deal.stage_id = stages[0]
    deal.save()


@dataclass
class Story:
    """One history: what happened to some deals, told to the ledger and to the naive one."""

    random: Random
    deals: list[Opportunity]
    people: list[int]
    naive: Naive
    today: date = TEST_DAY

    def step(self) -> str:
        """One thing happens, on today's date; returns what."""
        act = self.random.choice(("change",) * 5 + ("close", "close", "reopen", "tomorrow"))
        if act == "tomorrow":
            self.today += timedelta(days=self.random.randrange(1, 40))
        with on_day(self.today):
            if act == "change":
                self.correct(self.random.choice(self.deals))
            elif act == "close" and self.naive.since < self.today.replace(day=1):
                month = max(self.naive.since, months_before(self.today, 7))
                with acting("finance") as actor:
                    close_month(actor, Closing(month, with_earlier=True))
            elif act == "reopen":
                self.reopen()
        with system():
            self.naive.since = open_from()
        return act

    def correct(self, deal: Opportunity) -> None:
        with system():
            change(self.random, deal, self.today, self.people)
            ledger.sync([WON_VALUE], [deal.pk])
        self.naive.follow(deal.pk, what_it_says(deal), self.today)

    def reopen(self) -> None:
        with system():
            last = last_closed()
        if last is not None:
            with acting("director") as actor:
                reopen_month(actor, Reopening(last, "probe"))


def begun(seed: int) -> Story:
    deals = some_deals()
    with system():
        sellers = Person.objects.filter(sign_in__in=["seller", "wu.qiang", "chu.ning"])
        people, since = list(sellers.order_by("id").values_list("id", flat=True)), open_from()
    naive = Naive({deal.pk: None for deal in deals}, since)
    for deal in deals:
        naive.follow(deal.pk, what_it_says(deal), TEST_DAY)
    return Story(Random(seed), deals, people, naive)  # noqa: S311 a story


@pytest.mark.parametrize("seed", range(8))
def test_closed_months_never_change_and_the_whole_is_what_the_deals_say(seed: int) -> None:
    story = begun(seed)
    ids = [deal.pk for deal in story.deals]
    found = kept(ids)
    closed: Sums = {}
    for _ in range(STEPS):
        act = story.step()
        with system():
            assert (ledger.deviations(WON_VALUE), deviations_of_closed()) == (0, 0)
        found, since = kept(ids), story.naive.since
        assert found == story.naive.sums()
        now_closed = {key: value for key, value in found.items() if key[0] < since}
        assert act in ("close", "reopen") or now_closed == closed
        closed = now_closed
    with system():
        rows = Opportunity.objects.filter(pk__in=ids, state="won")
        assert sum(found.values()) == (rows.aggregate(Sum("value"))["value__sum"] or 0)
        assert ledger.sync([WON_VALUE], None) == 0, "a replay of everything adds nothing"
        assert ledger.rollup_deviations() == 0
