"""A request is seen by who made it, whom it asks, asked or copies, their stand-ins, and who reaches its unit.

Processes are open to everybody signed in: the path is shown before asking. Nothing here is written but by
the commands, which write widened: whom a decision asks next is often out of the decider's sight.
"""

from tradewind.domains.approvals.models import Decision, Edition, Participant, Process, Request
from tradewind.platform.spine.access.protect import register_function
from tradewind.platform.spine.access.scopes import Keeping, NamedIn, PartOf, Scope, register

LOCK = ("UPDATE (version)",)

PROCESSES = Scope("approvals.process", Process, everyone=True, writes=LOCK)
EDITIONS = Scope("approvals.edition", Edition, everyone=True)
PARTICIPANTS = Scope(
    "approvals.participant",
    Participant,
    person="person_id",
    personal=True,
    has_stand_ins=True,
    keeping=Keeping.DERIVED,
)
REQUESTS = Scope(
    "approvals.request",
    Request,
    person="requester_id",
    unit="unit_id",
    named_in=NamedIn("approvals.participant", "request_id"),
    writes=LOCK,
)
DECISIONS = Scope(
    "approvals.decision", Decision, part_of=PartOf("request_id", "approvals.request"), keeping=Keeping.LEDGER
)

register(PROCESSES, EDITIONS, PARTICIPANTS, REQUESTS, DECISIONS)
# Whoever changes an object must hear that it waits, also where the request is out of their sight: this runs
# as the owner and answers with the request's number and address alone.
register_function(
    """
CREATE OR REPLACE FUNCTION tw_pending_requests(of_resource text, ids bigint[])
RETURNS TABLE (object_id bigint, id bigint, public_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.object_id, r.id, r.public_id FROM approvals_request r
    WHERE r.resource = of_resource AND r.object_id = ANY (ids) AND r.state = 'in_review' ORDER BY r.id
$$
""",
    "REVOKE EXECUTE ON FUNCTION tw_pending_requests(text, bigint[]) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION tw_pending_requests(text, bigint[]) TO tw_app, tw_wide",
)
