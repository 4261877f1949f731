"""The floors of changes: everything a command leaves behind, in one statement.

The history row is written by the same trigger as ever; pages are told by the same notification.
"""

from __future__ import annotations

from typing import Any

from benchmarks.floors import Unit
from benchmarks.people import Facts, Reader

CREATE = """
WITH act AS (
    INSERT INTO spine_command (name, actor, person_id, resource, object_id, why, request)
    VALUES ('customers.customer.create', %(by)s, %(me)s, 'customers.customer',
            nextval(pg_get_serial_sequence('customers_customer', 'id')), '', '')
    RETURNING id, object_id),
told AS (SELECT set_config('tw.command', id::text, true), pg_notify('tradewind', 'customers.customer')
    FROM act)
INSERT INTO customers_customer (id, public_id, version, code, name, short_name, credit_code, industry,
    country, province, city, address, phone, email, website, source, size, grade, life_stage, note, owner_id,
    unit_id)
OVERRIDING SYSTEM VALUE
SELECT object_id, gen_random_uuid(), 1, 'C' || lpad(nextval('customers_code')::text, 9, '0'), %(name)s, '',
    '', %(industry)s, '', '', %(city)s, '', '', '', '', '', '', '', 'prospect', '', %(me)s,
    (SELECT unit_id FROM organization_assignment WHERE person_id = %(me)s ORDER BY starts_on DESC LIMIT 1)
FROM act, told RETURNING *
"""
MOVE = """
WITH deal AS (SELECT * FROM pipeline_opportunity WHERE id = %(deal)s FOR NO KEY UPDATE),
act AS (
    INSERT INTO spine_command (name, actor, person_id, resource, object_id, why, request)
    SELECT 'pipeline.opportunity.move', %(by)s, %(me)s, 'pipeline.opportunity', id, '', '' FROM deal
    RETURNING id),
told AS (SELECT set_config('tw.command', id::text, true), pg_notify('tradewind', 'pipeline.opportunity')
    FROM act),
moved AS (
    INSERT INTO pipeline_stagemove (deal_id, opened_on, from_stage_id, to_stage_id, moved_on, days, amount,
        person_id, note, is_undone)
    SELECT id, opened_on, stage_id, %(stage)s, %(today)s::date, %(today)s::date - stage_on, amount, %(me)s,
        '', false FROM deal),
news AS (
    INSERT INTO spine_event (kind, facts, command_id)
    SELECT 'OpportunitiesMoved', jsonb_build_object('ids', jsonb_build_array(%(deal)s::bigint),
        'stage_id', %(stage)s::bigint), id FROM act RETURNING id),
job AS (
    INSERT INTO procrastinate_jobs (queue_name, task_name, args)
    SELECT 'default', 'spine.deliver', jsonb_build_object('event_id', id) FROM news)
UPDATE pipeline_opportunity o SET stage_id = %(stage)s, version = o.version + 1, stage_on = %(today)s::date
FROM deal, told WHERE o.id = deal.id RETURNING o.*
"""
BUYER = {"name": "海风基准客户", "industry": "装备制造", "city": "上海"}


def created(reader: Reader) -> list[Unit]:
    """A customer is made, again and again."""
    return [[(CREATE, {"me": reader.person_id, "by": reader.sign_in, **BUYER})]]


def moved(reader: Reader, facts: Facts, deals: list[int]) -> list[Unit]:
    """Each deal goes to one stage and, in its next turn, to another."""

    def step(deal: int, stage: int) -> Unit:
        given: dict[str, Any] = {"me": reader.person_id, "by": reader.sign_in, "today": facts.today}
        return [(MOVE, given | {"deal": deal, "stage": stage})]

    return [step(deal, stage) for stage in facts.open_stages[:2] for deal in deals]
