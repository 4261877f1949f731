"""Deals, declared: list, forms, API, import, search. Board, funnel, record and closing are by hand."""

from collections.abc import Mapping

from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Concat

from tradewind.domains.organization.queries import public_id_of
from tradewind.domains.pipeline.commands.writing import create_opportunity, edit_opportunity
from tradewind.domains.pipeline.policy import OPPORTUNITIES
from tradewind.domains.pipeline.queries.ways import reasons, ways
from tradewind.kernel.errors import phrase
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.surface.columns import Field, Kind, Written
from tradewind.platform.surface.resource import Resource, Switch, View

DEAL, NEXT, HOW = phrase("The deal"), phrase("What comes next"), phrase("How it came about")


REASON = Case(
    When(reason_code__isnull=False, then=Concat(F("reason_code__kind"), Value("."), F("reason_code__key"))),
    output_field=CharField(),
)


def _own(actor: Actor) -> Mapping[str, object]:
    """A new deal is its maker's, until somebody else is named."""
    return {"owner": public_id_of(actor)}


def stage_labels() -> list[tuple[str, str]]:
    """Every stage of every pipeline by its key; where two share one, as the default pipeline calls it."""
    found: dict[str, str] = {}
    for way in ways():
        for stage in way.stages:
            found.setdefault(stage.key, stage.label)
    return list(found.items())


def reason_labels() -> list[tuple[str, str]]:
    """The reasons for winning and losing: won.price is another one than lost.price."""
    return [(f"{reason.kind}.{reason.key}", reason.label) for reason in reasons()]


OPPORTUNITY = Resource(
    scope=OPPORTUNITIES,
    address="opportunities",
    one=phrase("Opportunity"),
    many=phrase("Opportunities"),
    about=phrase("Sales in the making: from the first talk to won or lost."),
    icon="briefcase",
    title="title",
    fields=(
        Field("title", section=DEAL),
        Field("number", written=Written.NEVER, section=DEAL),
        Field("customer", section=DEAL),
        Field("product", shown=False, section=DEAL),
        Field(
            "state",
            choices=(("open", phrase("Open")), ("won", phrase("Won")), ("lost", phrase("Lost"))),
            written=Written.NEVER,
            section=DEAL,
            tones={"won": "good", "lost": "bad", "open": "info"},
        ),
        Field(
            "stage_key",
            kind=Kind.CHOICE,
            label=phrase("Stage"),
            of=F("stage__key"),
            choices=stage_labels,
            section=DEAL,
        ),
        Field("amount", kind=Kind.MONEY, summed=True, section=DEAL),
        Field("value", kind=Kind.MONEY, written=Written.NEVER, summed=True, shown=False, section=DEAL),
        Field("close_on", section=NEXT),
        Field(
            "category",
            shown=False,
            bulk=True,
            section=NEXT,
            tones={"commit": "good", "best_case": "info", "omitted": "warn"},
        ),
        Field("next_step", section=NEXT),
        Field("next_step_on", section=NEXT),
        Field("owner", bulk=True, section=DEAL),
        Field("unit", written=Written.NEVER, shown=False, section=DEAL),
        Field("source", shown=False, section=HOW),
        Field("competitors", shown=False, section=HOW),
        Field("opened_on", written=Written.NEVER, shown=False, section=HOW),
        Field("closed_on", written=Written.NEVER, shown=False, section=HOW),
        Field(
            "reason_key",
            kind=Kind.CHOICE,
            label=phrase("Main reason"),
            of=REASON,
            choices=reason_labels,
            shown=False,
            section=HOW,
        ),
        Field("reason", written=Written.NEVER, shown=False, section=HOW),
    ),
    search=("title", "number", "customer__name"),
    keys=("number",),
    facts=("customer", "stage_key", "amount"),
    views=(
        View("open", phrase("Open"), {"state": ("open",)}),
        View("mine", phrase("Mine"), {"state": ("open",), "owner": ("me",)}),
        View("waiting", phrase("Without next step"), {"state": ("open",), "next_step.empty": ("true",)}),
        View("won", phrase("Won"), {"state": ("won",)}, sort="-closed_on"),
        View("lost", phrase("Lost"), {"state": ("lost",)}, sort="-closed_on"),
    ),
    switches=(
        Switch(phrase("Board"), "deal_board", "layout-kanban"),
        Switch(phrase("Funnel"), "deal_funnel", "filter"),
    ),
    create=create_opportunity,
    edit=edit_opportunity,
    defaults=_own,
)

RESOURCES = (OPPORTUNITY,)
