"""Changes of deals: winning and losing them."""

from dataclasses import dataclass
from decimal import Decimal

from tradewind.domains.customers import queries as customers
from tradewind.domains.ledger import commands as ledger
from tradewind.domains.organization import queries as organization
from tradewind.domains.pipeline import rules
from tradewind.domains.pipeline.events import OpportunityClosed
from tradewind.domains.pipeline.measures import FLOWS
from tradewind.domains.pipeline.models import Opportunity
from tradewind.domains.pipeline.policy import OPPORTUNITIES
from tradewind.domains.pipeline.rules import Stage
from tradewind.domains.pipeline.values import OpportunityId
from tradewind.kernel.errors import Malformed
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import command
from tradewind.platform.spine.outbox import emit


@dataclass(frozen=True, slots=True)
class Win:
    """What winning asks: the value without tax (> 0), why, and the customer (code or exact name) where
    the deal has none yet."""

    value: Decimal
    reason: str
    customer: str = ""


@dataclass(frozen=True, slots=True)
class Loss:
    """What losing asks: why."""

    reason: str


@command("pipeline.opportunity.win", on=OPPORTUNITIES)
def win(actor: Actor, deal: Opportunity, given: Win) -> OpportunityId:
    """Close a deal as won today; it counts at once, and its order follows in the same transaction."""
    stage = rules.next_stage(Stage(deal.stage), "win")
    value, reason = rules.check_value(given.value), rules.check_reason(given.reason)
    return _close(deal, stage, reason, value=value, customer_id=_customer(actor, deal, given.customer))


@command("pipeline.opportunity.lose", on=OPPORTUNITIES)
def lose(actor: Actor, deal: Opportunity, given: Loss) -> OpportunityId:
    """Close a deal as lost today."""
    stage = rules.next_stage(Stage(deal.stage), "lose")
    return _close(deal, stage, rules.check_reason(given.reason))


def _close(deal: Opportunity, stage: Stage, reason: str, **values: object) -> OpportunityId:
    today = organization.clock().today()
    rules.days_open(deal.opened_on, today)
    deal.change(stage=stage.value, closed_on=today, reason=reason, **values)
    ledger.sync(FLOWS, [deal.pk])
    emit(OpportunityClosed(deal.pk, stage.value))
    return OpportunityId(deal.pk)


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
