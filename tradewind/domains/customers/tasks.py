"""The customer file's own job: look for likely duplicates among those made since last time."""

from procrastinate.contrib.django import app

from tradewind.domains.customers.alike import are_waiting, look_for_alike
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope


@app.periodic(cron="*/10 * * * *")
@app.task(name="customers.look_for_alike", queueing_lock="customers.look_for_alike", pass_context=False)
def look(timestamp: int) -> None:
    """Every ten minutes, so also after an import; each step is a transaction of its own."""
    left = 1
    while left:
        with scope(Actor.system("alike")) as actor:
            # Ten minutes without a new customer leave no act behind.
            left = look_for_alike(actor, None) if are_waiting() else 0
