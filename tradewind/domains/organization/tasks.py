"""What people are told of the organization."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from tradewind.domains.organization.events import StandInArranged
from tradewind.domains.organization.models import StandIn
from tradewind.domains.organization.queries import clock
from tradewind.kernel.errors import phrase
from tradewind.platform.services.notify.commands import Notice, post
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.outbox import subscribe

STANDS_IN = phrase("You stand in for %(name)s from %(first)s to %(last)s")
IS_STOOD_IN_FOR = phrase("%(name)s stands in for you from %(first)s to %(last)s")


def notify_stand_in(facts: Mapping[str, Any]) -> None:
    """Both hear of it, but for whoever arranged it; nobody, where it was ended meanwhile."""
    row = StandIn.objects.select_related("person", "stand_in").filter(pk=facts["stand_in_id"]).first()
    if row is None:
        return
    days = {"first": row.starts_on.isoformat(), "last": row.last_on.isoformat()}
    told = ((row.stand_in, row.person, STANDS_IN), (row.person, row.stand_in, IS_STOOD_IN_FOR))
    notices = [
        Notice(
            who.pk,
            "organization.stand_in",
            title,
            {"name": other.name, **days},
            reverse("person", args=[row.person.public_id]),
            f"organization.stand_in:{row.pk}:{who.pk}",
            clock().now(),
        )
        for who, other, title in told
        if who.pk != facts["by_id"]
    ]
    post(Actor.system("notify"), notices)


subscribe(StandInArranged, "organization.notify_stand_in", notify_stand_in)
