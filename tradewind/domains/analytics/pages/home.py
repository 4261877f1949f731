"""The first page: what to do now, then my numbers, then the team's, as far as rights and reach go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.activities import queries as activities
from tradewind.domains.activities.queries import Bucket, Untouched
from tradewind.domains.analytics import queries
from tradewind.domains.analytics.pages.common import THIS, address, deal_line, owner_lines, tile
from tradewind.domains.approvals.pages.waiting import to_decide
from tradewind.domains.organization import changes as people
from tradewind.domains.organization import queries as organization
from tradewind.domains.pipeline.queries import Card
from tradewind.domains.planning import queries as planning
from tradewind.domains.planning.queries import TrackedRow
from tradewind.domains.planning.values import Progress
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.surface.shell.numbers import NONE, brief, shown

SHOWN = 8
STAFF_DAYS = 30  # how far back and ahead the changes of people are told
ROWS_SHOWN = 12
ACTIVITY, CUSTOMER = "activities.activity", "customers.customer"
TO_DO = {
    "late": gettext_lazy("Overdue"),
    "today": gettext_lazy("Due today"),
    "ahead": gettext_lazy("Next 7 days"),
}
HEAPS = {
    "now": gettext_lazy("Do now"),
    "closing": gettext_lazy("Closing within 14 days"),
    "step": gettext_lazy("Without a next step"),
}


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the page: its template and what that one needs."""

    template: str
    context: dict[str, object]


def home(request: HttpRequest) -> HttpResponse:
    """Today, made of the blocks that this person has something in, in the order of what matters to them."""
    actor = actor_of_request(request)
    steering = _steering(actor)
    made = [block(actor) for block in (approvals, *steering, to_do, own_deals, own_numbers, staff)]
    blocks = [block for block in made if block is not None]
    context = {
        "today": organization.clock().today(),
        "blocks": blocks,
        "can_sell": actor.can("pipeline.opportunity.view"),
        "can_see_people": actor.can("organization.person.view"),
    }
    return render(request, "analytics/home.html", context)


def _steering(actor: Actor) -> tuple[Callable[[Actor], Block | None], ...]:
    """Whoever sees the company begins with it, whoever leads a unit with that; a seller with their own."""
    if not actor.can(queries.RIGHT):
        return ()
    return (company,) if queries.sees_company(actor) else (team,)


def company(actor: Actor) -> Block:
    """Bookings of today, this month, quarter and year, with attainment and beside the year before."""
    made = queries.company(actor)
    names = dict(zip(made.figures, THIS.values(), strict=True))
    tiles = [tile(made.today, "", _("Today"))]
    for key, found in made.figures.items():
        tiles.append(tile(found, "", str(names[key]), made.progress[key]))
    month = next(iter(made.progress.values()))
    needed = brief(month.needed) if month.needed is not None else ""
    context = {
        "tiles": tiles,
        "total": month,
        "needed": needed,
        "overview_url": address("overview"),
        "owners": owner_lines(made.owners, ""),
    }
    return Block("analytics/_company.html", context)


def team(actor: Actor) -> Block | None:
    """The parts of one's unit this month, the worst first, and whose deals need attention."""
    made = queries.team(actor)
    if made is None:
        return None
    unit, total = made.unit, made.tracking.total
    context = {
        "unit": unit.label,
        "total": total,
        "needed": brief(total.needed) if total.needed is not None else "",
        "has_plan": made.tracking.has_plan,
        "rows": [_row(row) for row in made.rows[:ROWS_SHOWN]],
        "tracking_url": address("tracking", unit=unit.key),
        "overview_url": address("overview"),
        "owners": owner_lines(made.owners, unit.key),
    }
    return Block("analytics/_team.html", context)


def _row(row: TrackedRow) -> dict[str, object]:
    url = address("tracking", unit=row.line.key.unit)
    return _line(row.progress) | {"name": row.line.label, "url": url}


def _line(found: Progress) -> dict[str, object]:
    """How far somebody is, short and exact."""
    values = {"actual": found.actual, "target": found.target, "needed": found.needed}
    short = {name: NONE if value is None else brief(value) for name, value in values.items()}
    exact = {f"{name}_exact": shown(value, "money") for name, value in values.items()}
    return {"progress": found, **short, **exact}


def to_do(actor: Actor) -> Block | None:
    """Calls, visits and tasks that are late, due today or in the next days, and customers nobody spoke to."""
    if not (actor.can("activities.activity.view") and actor.can("planning.target.carry")):
        return None
    made = activities.todo(actor)
    buckets = {"late": made.overdue, "today": made.today, "ahead": made.ahead}
    heaps = [_bucket(key, bucket) for key, bucket in buckets.items()]
    untouched = [_silent(one) for one in made.untouched[:SHOWN]]
    return Block("analytics/_to_do.html", {"heaps": heaps, "untouched": untouched})


def _silent(one: Untouched) -> tuple[str, str, date | None]:
    """A customer's name and page, and the day somebody last spoke to them."""
    spoken_on = one.last_touch.astimezone(activities.zone()).date() if one.last_touch else None
    return one.name, reverse(CUSTOMER, args=[one.public_id]), spoken_on


def _bucket(key: str, bucket: Bucket) -> dict[str, object]:
    lines = [(one, reverse(ACTIVITY, args=[one.public_id])) for one in bucket.items[:SHOWN]]
    more = max(0, bucket.total - len(lines))
    return {"key": key, "name": TO_DO[key], "count": bucket.total, "lines": lines, "more": more}


def approvals(actor: Actor) -> Block | None:
    """What waits for this person's decision, the longest first; nothing for whoever is asked nothing."""
    waiting = to_decide(actor, SHOWN)
    if not waiting.cards:
        return None
    more = max(0, waiting.total - len(waiting.cards))
    return Block("analytics/_approvals.html", {"cards": waiting.cards, "count": waiting.total, "more": more})


def own_deals(actor: Actor) -> Block | None:
    """What to do about one's own open deals; nothing for whoever has none and does not sell."""
    if not actor.can("pipeline.opportunity.view"):
        return None
    made = queries.own_deals(actor)
    if not made.open_deals and not actor.can("planning.target.carry"):
        return None
    own = {"owner": actor.name, "state": "open"}
    heaps = [
        _heap("now", made.now),
        _heap("closing", made.closing, brief(made.closing_amount)),
        _heap("step", made.without_step, url=address("deals", **own, flag="no_step")),
    ]
    context = {
        "heaps": heaps,
        "open_deals": made.open_deals,
        "is_clear": not made.now,
        "all_url": address("deals", **own),
        "board_url": address("deal_board", owner=actor.name),
    }
    return Block("analytics/_own_deals.html", context)


def _heap(key: str, cards: Sequence[Card], amount: str = "", url: str = "") -> dict[str, object]:
    return {
        "key": key,
        "name": HEAPS[key],
        "count": len(cards),
        "amount": amount,
        "lines": [deal_line(card) for card in cards[:SHOWN]],
        "more": max(0, len(cards) - SHOWN),
        "url": url,
    }


def own_numbers(actor: Actor) -> Block | None:
    """Target, actual and what each workday still needs, for month, quarter and year; not without a target."""
    if not actor.can("planning.target.carry"):
        return None
    made = planning.my_progress(actor)
    lines = [
        _line(found) | {"name": name, "url": address("tracking", period=key)}
        for name, (key, found) in zip(THIS.values(), made.items(), strict=True)
    ]
    context = {"lines": lines, "has_target": any(found.target for found in made.values())}
    return Block("analytics/_own_numbers.html", context)


def staff(actor: Actor) -> Block | None:
    """Who comes, moves and leaves these weeks and which positions wait, for whoever keeps the directory."""
    if not actor.can("organization.person.hire"):
        return None
    today = organization.clock().today()
    around = timedelta(days=STAFF_DAYS)
    changes = people.staff_changes(actor, today - around, today + around)
    waiting = people.vacancies(actor, today)
    context = {
        "ahead": [one for one in changes if one.on >= today],
        "lately": [one for one in reversed(changes) if one.on < today],
        "vacancies": waiting[:SHOWN],
        "count": sum(one.count for one in waiting),
        "more": max(0, len(waiting) - SHOWN),
    }
    return Block("analytics/_staff.html", context)
