"""Jobs of imports: the work on a large file, and forgetting files and lines in time."""

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from tradewind.kernel.errors import Refused
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope
from tradewind.platform.surface.exchange.runs import WORK, forget, give_up, work_later

TRIES = 3


@app.task(name=WORK, pass_context=True, retry=RetryStrategy(max_attempts=TRIES, wait=2))
def work_on_import(context: JobContext, run_id: int) -> None:
    """Check, write or undo one import; the last failing try tells whoever waits for it."""
    try:
        work_later(run_id)
    except Exception:
        if context.job.attempts + 1 >= TRIES:
            give_up(run_id, Refused("import.broke"))
        raise


@app.periodic(cron="17 * * * *")
@app.task(name="exchange.forget", queueing_lock="exchange.forget")
def forget_imports(timestamp: int) -> None:
    """Uploaded files after a day, their lines after a month."""
    with scope(Actor.system("forget imports")):
        forget()
