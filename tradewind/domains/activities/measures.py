"""What activities count for: each one that is done, to whoever did it."""

from typing import Any, cast

from django.db.models import BigIntegerField, F, Value
from django.db.models.functions import Cast, TruncDate

from tradewind.domains.activities.models import Activity
from tradewind.domains.activities.queries import described, zone
from tradewind.domains.activities.values import State
from tradewind.domains.ledger.values import Flow, Source, Tax, Unit
from tradewind.kernel.errors import phrase

ACTIVITY = Source("activities.activity", described)
NO_PRODUCT = Cast(Value(None), BigIntegerField())
DONE_ON = TruncDate("done_at", tzinfo=cast(Any, zone()))

DONE = (
    Activity.objects.order_by()
    .filter(state=State.DONE)
    .values_list("id", Value(0), DONE_ON, Value(1), "owner_id", "customer_id", NO_PRODUCT, F("id"))
)

ACTIVITIES = Flow(
    "activities",
    phrase("Activities"),
    Unit.COUNT,
    Tax.NONE,
    phrase("The business day the activity was done, to whoever did it"),
    ACTIVITY,
    ACTIVITY,
    DONE,
)
FLOWS = (ACTIVITIES,)
MEASURES = FLOWS
