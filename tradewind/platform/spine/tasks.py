"""The platform's own jobs: deliver news, seal the record, retry what a killed worker left behind."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from psycopg.errors import RaiseException

from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.outbox import DELIVER, deliver_event
from tradewind.platform.spine.seals import seal

HEARTBEAT_S = 2
STALLED_AFTER_S = 10  # five missed heartbeats: that worker is gone


@app.task(name=DELIVER, retry=RetryStrategy(max_attempts=20, exponential_wait=2))
def deliver(event_id: int) -> None:
    """Tell the subscribers of one event."""
    deliver_event(event_id)


@app.periodic(cron="* * * * *")
@app.task(name="spine.seal", queueing_lock="spine.seal", pass_context=False)
def seal_record(timestamp: int) -> None:
    """Seal commands and history of the last minute."""
    with scope(Actor.system("seal")):
        seal()


@app.periodic(cron="* * * * * */10")
@app.task(name="spine.retry_stalled", queueing_lock="spine.retry_stalled")
async def retry_stalled(timestamp: int) -> None:
    """Put the jobs of a killed worker back into the queue."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S):
        await _retry(job)


async def _retry(job: Job) -> None:
    """One that cannot be put back must not keep the others from it."""
    try:
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:  # its successor waits already and does the same
            await app.job_manager.finish_job(job, Status.ABORTED, delete_job=True)
    except ConnectorException as error:
        if not isinstance(error.__cause__, RaiseException):  # another worker was quicker with this job
            raise
