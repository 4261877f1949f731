"""The calendar: a month or a week, one's own or everybody's one sees; on phones it reads as a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_interval, format_skeleton, get_day_names
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, to_locale

from tradewind.domains.activities import panels, queries, rules
from tradewind.domains.activities.queries import Bucket
from tradewind.domains.organization import queries as organization
from tradewind.kernel.errors import Malformed
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request

IN_A_WEEKDAY = 60
LOOKS = ("month", "week")
WHOSE = ("me", "team")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    look: str
    day: date
    who: str

    def url(self, **other: Any) -> str:
        """The calendar at another day, in another look, of others."""
        words = {"look": self.look, "who": self.who, "day": self.day.isoformat(), **other}
        return f"{reverse('activity_calendar')}?{urlencode(words)}"

    @property
    def days(self) -> tuple[date, ...]:
        return rules.month_of(self.day) if self.look == "month" else rules.week_of(self.day)

    def turned(self, steps: int) -> date:
        """The day one look further, or back."""
        if self.look == "month":
            return rules.month_turned(self.day, steps)
        return self.day + timedelta(days=steps * rules.WEEK)


def calendar_page(request: HttpRequest) -> HttpResponse:
    """Planned and done activities day by day."""
    actor, today = actor_of_request(request), organization.clock().today()
    asked = Asked(
        _word(request, "look", LOOKS),
        rules.calendar_day(request.GET.get("day", ""), today),
        _word(request, "who", WHOSE),
    )
    owner_id = actor.person_id if asked.who == "me" else None
    in_a_cell = queries.IN_A_CELL if asked.look == "month" else IN_A_WEEKDAY
    found = queries.calendar(actor, asked.days, owner_id, in_a_cell)
    locale = to_locale(get_language() or "zh-hans")
    names = get_day_names("abbreviated", locale=locale)
    context = {
        "asked": asked,
        "title": _title(asked, locale),
        "weekdays": [names[n] for n in range(rules.WEEK)],
        "weeks": _weeks(asked, found, today),
        "is_month": asked.look == "month",
        "has_team": _has_team(actor),
        "is_empty": not found,
        "can_plan": actor.can("activities.activity.plan"),
        "urls": _urls(asked, today),
    }
    return render(request, "activities/calendar.html", context)


def _title(asked: Asked, locale: str) -> str:
    """The month, or the days of the week."""
    if asked.look == "month":
        return format_skeleton("yMMMM", asked.day, locale=locale)
    return str(format_interval(asked.days[0], asked.days[-1], "yMMMd", locale=locale))


def _word(request: HttpRequest, name: str, known: tuple[str, ...]) -> str:
    word = request.GET.get(name, "") or known[0]
    if word not in known:
        raise Malformed("activities.unknown_word", field=name, word=word[:40])
    return word


def _has_team(actor: Actor) -> bool:
    """Does the reader see work of others?"""
    reach = actor.reach("activities.activity")
    return reach.everything or len(set(reach.persons)) > 1


def _urls(asked: Asked, today: date) -> dict[str, str]:
    return {
        "previous": asked.url(day=asked.turned(-1)),
        "next": asked.url(day=asked.turned(1)),
        "today": asked.url(day=today),
        "month": asked.url(look="month"),
        "week": asked.url(look="week"),
        "me": asked.url(who="me"),
        "team": asked.url(who="team"),
        "list": f"{reverse('activities.activity.list')}?view=planned",
    }


def _weeks(asked: Asked, found: Mapping[date, Bucket], today: date) -> list[list[dict[str, Any]]]:
    cells = [_cell(asked, day, found, today) for day in asked.days]
    return [cells[n : n + rules.WEEK] for n in range(0, len(cells), rules.WEEK)]


def _cell(asked: Asked, day: date, found: Mapping[date, Bucket], today: date) -> dict[str, Any]:
    held = found.get(day, Bucket())
    back = urlencode({"due_on": day.isoformat(), "next": asked.url(day=day)})
    return {
        "day": day,
        "is_today": day == today,
        "is_focus": day == asked.day,
        "is_other": asked.look == "month" and day.month != asked.day.month,
        "is_free": not rules.is_weekday(day),
        "items": [panels.line(one, today) for one in held.items],
        "more": held.total - len(held.items),
        "url": asked.url(look="week", day=day),
        "new_url": f"{reverse('activities.activity.new')}?{back}" if day >= today else "",
    }
