"""The ends of deals: winning, losing, and opening a lost one again."""

from dataclasses import dataclass
from decimal import Decimal

from tradewind.domains.customers import queries as customers
from tradewind.domains.ledger import commands as ledger
from tradewind.domains.organization import queries as organization
from tradewind.domains.pipeline import rules
from tradewind.domains.pipeline.commands.places import STAGES, come, stage_named
from tradewind.domains.pipeline.events import OpportunityClosed, OpportunityReopened
from tradewind.domains.pipeline.measures import FLOWS
from tradewind.domains.pipeline.models import Opportunity, ReasonCode, Stage
from tradewind.domains.pipeline.policy import OPPORTUNITIES
from tradewind.domains.pipeline.queries.ways import facts_of
from tradewind.domains.pipeline.rules import State
from tradewind.domains.pipeline.values import OpportunityId
from tradewind.kernel.errors import Malformed
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import command
from tradewind.platform.spine.outbox import emit


@dataclass(frozen=True, slots=True)
class Win:
    """What winning asks: the value without tax (> 0), why, and the customer (code or exact name) where
    the deal has none yet. `reason_code` is the key of a reason; with it, words may be left out."""

    value: Decimal
    reason: str = ""
    customer: str = ""
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class Loss:
    """What losing asks: why, in words or by the key of a reason, or both."""

    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class Reopening:
    """What opening a lost deal again asks: why, and where it goes on (key); else where it was lost."""

    reason: str
    stage: str = ""


@command("pipeline.opportunity.win", on=OPPORTUNITIES)
def win(actor: Actor, deal: Opportunity, given: Win) -> OpportunityId:
    """Close a deal as won today; it counts at once, and its order follows in the same transaction."""
    state = rules.next_state(State(deal.state), "win")
    value, code = rules.check_value(given.value), _code(state, given.reason_code)
    reason = rules.check_reason(given.reason, code)
    customer = _customer(actor, deal, given.customer)
    return _close(actor, deal, state, reason, reason_code=code, value=value, customer_id=customer)


@command("pipeline.opportunity.lose", on=OPPORTUNITIES)
def lose(actor: Actor, deal: Opportunity, given: Loss) -> OpportunityId:
    """Close a deal as lost today."""
    state = rules.next_state(State(deal.state), "lose")
    code = _code(state, given.reason_code)
    return _close(actor, deal, state, rules.check_reason(given.reason, code), reason_code=code)


@command("pipeline.opportunity.reopen", on=OPPORTUNITIES)
def reopen(actor: Actor, deal: Opportunity, given: Reopening) -> OpportunityId:
    """Open a lost deal again; it is no longer counted as lost, and its reason stays in the history."""
    rules.next_state(State(deal.state), "reopen")
    reason = rules.check_reason(given.reason)
    target = stage_named(given.stage, "", deal.stage) if given.stage else _lost_from(deal)
    rules.check_target(facts_of(deal.stage), facts_of(target))
    come(actor, deal, target, reason, closed_on=None, reason="", reason_code=None)
    ledger.sync(FLOWS, [deal.pk])
    emit(OpportunityReopened(deal.pk))
    return OpportunityId(deal.pk)


def _close(actor: Actor, deal: Opportunity, state: State, reason: str, **values: object) -> OpportunityId:
    today = organization.clock().today()
    rules.days_open(deal.opened_on, today)
    target = STAGES.get(pipeline=deal.stage.pipeline_id, kind=state)
    ends = {"closed_on": today, "reason": reason, "next_step": "", "next_step_on": None}
    come(actor, deal, target, reason, **ends, **values)
    ledger.sync(FLOWS, [deal.pk])
    emit(OpportunityClosed(deal.pk, state.value))
    return OpportunityId(deal.pk)


def _code(state: State, key: str) -> ReasonCode | None:
    if not key:
        return None
    found = ReasonCode.objects.filter(kind=state, key=key, is_archived=False).first()
    if found is None:
        raise Malformed("pipeline.reason_unknown", field="reason_code")
    return found


def _lost_from(deal: Opportunity) -> Stage:
    """The open stage where the deal was lost; the first one where nobody knows."""
    last = deal.moves.filter(is_undone=False, to_stage=deal.stage_id).order_by("-id").first()
    if last is not None and last.from_stage_id is not None:
        return STAGES.get(pk=last.from_stage_id)
    return STAGES.filter(pipeline=deal.stage.pipeline_id).order_by("position")[0]


def _customer(actor: Actor, deal: Opportunity, words: str) -> int:
    """The deal's customer; where it has none, the one named by code or exact name."""
    named = customers.id_named(actor, words.strip()) if words.strip() else None
    if deal.customer_id is not None:
        if words and named != deal.customer_id:
            raise Malformed("pipeline.customer_set", field="customer")
        return deal.customer_id
    if named is None:
        code = "pipeline.customer_unknown" if words.strip() else "pipeline.customer_missing"
        raise Malformed(code, field="customer")
    return named
