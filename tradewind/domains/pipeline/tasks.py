"""The pipeline's own job: learn every night how long deals take in each stage."""

from procrastinate.contrib.django import app

from tradewind.domains.pipeline.commands import measure_pace
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope


@app.periodic(cron="20 18 * * *")
@app.task(name="pipeline.measure_pace", queueing_lock="pipeline.measure_pace", pass_context=False)
def measure(timestamp: int) -> None:
    """At night in China: 18:20 UTC."""
    with scope(Actor.system("pace")) as actor:
        measure_pace(actor, None)
