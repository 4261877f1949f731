"""Which deals are meant: one set of questions for list, board, funnel and API."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import DateField, Exists, Func, IntegerField, OuterRef, Q

from tradewind.domains.organization import queries as organization
from tradewind.domains.pipeline.models import Stage, StageMove
from tradewind.domains.pipeline.queries.ways import Way, limit_of, way_named, ways
from tradewind.domains.pipeline.rules import State
from tradewind.kernel.errors import Malformed
from tradewind.kernel.period import Period
from tradewind.platform.spine.access.actor import Actor

STATES = ("open", "won", "lost")
CLOSINGS = ("overdue", "month", "quarter", "next_quarter", "undated")
FLAGS = ("stuck", "no_step", "late_step")
NO_CODE = "none"
"""Asks for deals that were closed without choosing a reason."""
CAME_ON = Func("moved_on", "days", template="(%(expressions)s)", arg_joiner=" - ", output_field=DateField())
"""The day a deal had come to the stage that a move left."""
DAYS_OPEN = Func(
    "closed_on", "opened_on", template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField()
)
"""Calendar days from opening to closing of a closed deal."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which deals somebody wants to see; everything empty means all they may see.

    owner, unit: sign-in name and code, the unit with all below · closing: by expected close, or by the day
    it closed · reached: deals that ever stood in this stage or a later one · on: that stood in `stage` at
    the end of that day · stage and reached are keys within `pipeline`, or the default one.
    """

    words: str = ""
    state: str = ""
    pipeline: str = ""
    stage: str = ""
    owner: str = ""
    unit: str = ""
    closing: str = ""
    reached: str = ""
    reason: str = ""
    flag: str = ""
    on: date | None = None
    opened: Period = field(default_factory=Period)
    closed: Period = field(default_factory=Period)


def asked(given: Mapping[str, str]) -> Asked:
    """Read the questions of an address. Raises `Malformed` at the name that makes no sense."""
    text = {name: given.get(name, "").strip() for name in NAMES}
    return Asked(
        words=text["q"],
        state=_one_of(text, "state", STATES),
        pipeline=text["pipeline"],
        stage=text["stage"],
        owner=text["owner"],
        unit=text["unit"],
        closing=_one_of(text, "closing", CLOSINGS),
        reached=text["reached"],
        reason=text["reason"],
        flag=_one_of(text, "flag", FLAGS),
        on=_day(text, "on"),
        opened=Period.through(_day(text, "opened_from"), _day(text, "opened_to")),
        closed=Period.through(_day(text, "closed_from"), _day(text, "closed_to")),
    )


NAMES = (
    *("q", "state", "pipeline", "stage", "owner", "unit", "closing", "reached", "reason", "flag", "on"),
    *("opened_from", "opened_to", "closed_from", "closed_to"),
)


def _one_of(text: Mapping[str, str], name: str, known: Sequence[str]) -> str:
    value = "" if text[name] == "all" else text[name]
    if value and value not in known:
        code = "pipeline.unknown_state" if name == "state" else "pipeline.unknown_filter"
        facts = {} if name == "state" else {"text": value[:80]}
        raise Malformed(code, field=name, **facts)
    return value


def _day(text: Mapping[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(text[name]) if text[name] else None
    except ValueError:
        raise Malformed("pipeline.unknown_filter", field=name, text=text[name][:80]) from None


def matching(actor: Actor, question: Asked, today: date) -> Q:
    """The condition on deals that a question stands for; asks for the stages only where it needs them."""
    condition = whose(actor, question)
    if question.words:
        words = question.words
        named = Q(number__icontains=words) | Q(title__icontains=words) | Q(customer__name__icontains=words)
        condition &= named | Q(product__name__icontains=words)
    if question.state:
        condition &= Q(state=question.state)
    if question.closing:
        condition &= _closing(question.closing, today)
    if question.reason:
        is_none = question.reason == NO_CODE
        condition &= Q(reason_code=None) if is_none else Q(reason_code__key=question.reason)
    condition &= within(question.opened, "opened_on") & within(question.closed, "closed_on")
    if question.stage or question.reached or question.pipeline or question.flag:
        condition &= _on_the_way(question, today)
    return condition


def whose(actor: Actor, question: Asked) -> Q:
    """Deals of the person and the unit, as they own them now."""
    condition = Q()
    if question.owner:
        condition &= Q(owner__in=organization.person_ids(actor, question.owner))
    if question.unit:
        condition &= Q(unit__in=organization.unit_ids_below(question.unit))
    return condition


def _on_the_way(question: Asked, today: date) -> Q:
    among, condition = ways(), Q()
    if question.pipeline or question.stage or question.reached:
        way = way_named(among, question.pipeline)
        condition &= _stage(way, question) if question.stage else Q()
        if question.reached:
            condition &= Q(furthest__in=from_on(way, way.stage(question.reached, "reached")))
        if not question.stage and not question.reached:
            condition &= Q(stage__in=way.stages)
    if question.flag == "no_step":
        condition &= Q(state=State.OPEN, next_step="")
    if question.flag == "late_step":
        condition &= late_step(today)
    if question.flag == "stuck":
        condition &= stuck([stage for way in among for stage in way.open_stages], today)
    return condition


def _stage(way: Way, question: Asked) -> Q:
    stage = way.stage(question.stage)
    return Q(stage=stage) if question.on is None else stood_in(stage, question.on)


def from_on(way: Way, stage: Stage) -> list[Stage]:
    """This stage and the later ones, to won."""
    return [later for later in way.stages if later.kind != State.LOST and later.position >= stage.position]


def stood_in(stage: Stage, on: date) -> Q:
    """Deals that were open in this stage at the end of that day: still there, or gone later."""
    left = StageMove.objects.alias(came_on=CAME_ON).filter(
        deal=OuterRef("pk"), from_stage=stage, is_undone=False, moved_on__gt=on, came_on__lte=on
    )
    return Q(state=State.OPEN, stage=stage, stage_on__lte=on) | Q(Exists(left))


def late_step(today: date) -> Q:
    """Open deals whose next step was due before today."""
    return Q(state=State.OPEN, next_step_on__lt=today)


def stuck(stages: Sequence[Stage], today: date) -> Q:
    """Open deals that have stood in their stage for longer than its limit."""
    condition = Q(pk__in=())
    for stage in stages:
        limit = limit_of(stage)
        if limit is not None:
            condition |= Q(state=State.OPEN, stage=stage, stage_on__lt=today - timedelta(days=limit))
    return condition


def closing_period(word: str, today: date) -> Period:
    """This month, this or the next quarter, whole; everything for another word."""
    quarter = date(today.year, today.month - (today.month - 1) % 3, 1)
    following = _months_later(quarter, 3)
    periods: Mapping[str, Callable[[], Period]] = {
        "month": lambda: Period(today.replace(day=1), _months_later(today.replace(day=1), 1)),
        "quarter": lambda: Period(quarter, following),
        "next_quarter": lambda: Period(following, _months_later(following, 3)),
        "overdue": lambda: Period(None, today),
    }
    return periods.get(word, Period)()


def _months_later(first: date, months: int) -> date:
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1)


def _closing(word: str, today: date) -> Q:
    if word == "undated":
        return Q(state=State.OPEN, close_on=None)
    open_ones = Q(state=State.OPEN) & within(closing_period(word, today), "close_on")
    if word == "overdue":
        return open_ones
    return open_ones | within(closing_period(word, today), "closed_on")


def within(period: Period, day: str) -> Q:
    condition = Q()
    if period.start:
        condition &= Q(**{f"{day}__gte": period.start})
    if period.end:
        condition &= Q(**{f"{day}__lt": period.end})
    return condition
