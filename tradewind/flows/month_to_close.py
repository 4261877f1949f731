"""What is unfinished before a month is closed: drafts of orders, overdue deals, planned activities."""

from django.urls import reverse
from django.utils.translation import gettext as _

from tradewind.domains.activities.queries import visible_activities
from tradewind.domains.ledger.closing import unfinished
from tradewind.domains.ledger.values import Unfinished
from tradewind.domains.orders.queries import visible_orders
from tradewind.domains.pipeline.queries import visible_deals
from tradewind.kernel.period import Period
from tradewind.platform.spine.access.actor import Actor


def draft_orders(actor: Actor, days: Period) -> Unfinished:
    """Orders drafted until then that nobody confirmed or cancelled; confirmed later, they count later."""
    rows = visible_orders(actor).filter(state="draft", drafted_on__lt=days.end)
    url = f"{reverse('orders.order.list')}?state=draft&drafted_on.to={days.last}"
    return Unfinished(_("Draft orders: confirmed later, they count later"), rows.count(), url)


def overdue_deals(actor: Actor, days: Period) -> Unfinished:
    """Open deals that were expected to close by then."""
    rows = visible_deals(actor).filter(state="open", close_on__lt=days.end)
    url = f"{reverse('pipeline.opportunity.list')}?state=open&close_on.to={days.last}"
    return Unfinished(_("Open opportunities that were to close by then"), rows.count(), url)


def planned_activities(actor: Actor, days: Period) -> Unfinished:
    """Activities planned for a day until then and not recorded as done."""
    rows = visible_activities(actor).filter(state="planned", due_on__lt=days.end)
    url = f"{reverse('activities.activity.list')}?state=planned&due_on.to={days.last}"
    return Unfinished(_("Activities not yet recorded as done"), rows.count(), url)


for check in (draft_orders, overdue_deals, planned_activities):
    unfinished(check)
