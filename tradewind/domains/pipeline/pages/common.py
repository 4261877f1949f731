"""What list, board and funnel share: addresses, the switch between them, and the filters above them."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.organization import queries as organization
from tradewind.domains.pipeline.policy import OPPORTUNITIES
from tradewind.domains.pipeline.queries import Way
from tradewind.domains.pipeline.queries.filters import NAMES
from tradewind.platform.spine.access.actor import Actor

Option = dict[str, object]
CLOSINGS = (
    ("", gettext_lazy("Any time")),
    ("overdue", gettext_lazy("Overdue")),
    ("month", gettext_lazy("This month")),
    ("quarter", gettext_lazy("This quarter")),
    ("next_quarter", gettext_lazy("Next quarter")),
    ("undated", gettext_lazy("Without a date")),
)
NO_REASON = gettext_lazy("No reason chosen")
LIST = "pipeline.opportunity.list"
LOOKS = (
    (LIST, gettext_lazy("List"), "list-details"),
    ("deal_board", gettext_lazy("Board"), "layout-kanban"),
    ("deal_funnel", gettext_lazy("Funnel"), "filter"),
)


def given(request: HttpRequest) -> dict[str, str]:
    """The questions in the address, those that were asked."""
    return {name: request.GET[name].strip() for name in NAMES if request.GET.get(name, "").strip()}


def address(route: str, asked: Mapping[str, object]) -> str:
    """The page behind a route with these questions; empty ones are left out."""
    words = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse(route)}?{words}" if words else reverse(route)


def looks(route: str, asked: Mapping[str, str]) -> list[dict[str, object]]:
    """The switch between list, board and funnel; whose deals are meant comes along."""
    kept = {name: asked.get(name, "") for name in ("pipeline", "owner", "unit")}
    return [
        {
            "name": name,
            "icon": icon,
            "url": address(at, kept if at != LIST else {}),
            "is_current": at == route,
        }
        for at, name, icon in LOOKS
    ]


def options(actor: Actor, among: Sequence[Way], asked: Mapping[str, str]) -> dict[str, list[Option]]:
    """What can be chosen above board and funnel: pipelines, people and units within reach."""
    resource = OPPORTUNITIES.resource
    people, units = organization.people_within(actor, resource), organization.units_within(actor, resource)
    used = [way.pipeline for way in among if not way.pipeline.is_archived]
    return {
        "pipelines": chosen([(one.key, one.label) for one in used], asked.get("pipeline")),
        "people": chosen([("", _("Everybody")), *((p.key, p.label) for p in people)], asked.get("owner")),
        "units": chosen([("", _("All units")), *((u.key, u.label) for u in units)], asked.get("unit")),
        "closings": chosen([(key, str(name)) for key, name in CLOSINGS], asked.get("closing")),
    }


def chosen(pairs: Sequence[tuple[str, str]], key: str | None) -> list[Option]:
    """Options of a select, the present one marked."""
    return [{"key": one, "name": name, "is_chosen": one == (key or "")} for one, name in pairs]
