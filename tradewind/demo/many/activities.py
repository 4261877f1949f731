"""What was done for customers and their deals, and what is planned: five touches for each customer."""

from tradewind.demo.many import words

# More than half belong to a deal, within its life; the others care for the customer.
ACTIVITIES = """
WITH drawn AS MATERIALIZED (
    SELECT j, demo_loading.draw(j, 101, 20) < 11 AS is_for_deal,
           %(base)s + %(first)s + demo_loading.draw(j, 102, %(size)s) AS deal,
           %(base)s + %(first)s + demo_loading.rank(j, 103, %(size)s) * %(inverse)s %% %(size)s AS customer,
           1 + demo_loading.draw(j, 104, 19)::int AS slot, 1 + demo_loading.draw(j, 105, 23)::int AS ending
    FROM generate_series(5 * (%(first)s::bigint - 1) + 1, 5 * %(last)s::bigint) j
), whose AS (
    SELECT d.j, d.slot, d.ending, o.id AS deal, o.number, o.customer_id AS customer, o.owner_id AS person,
           o.unit_id AS unit, p.name AS product, o.opened_on AS since,
           coalesce(o.closed_on, %(today)s) AS until, o.state = 'open' AND demo_loading.draw(j, 106,
               100) < 45 AS is_ahead
    FROM drawn d JOIN pipeline_opportunity o ON o.id = d.deal
        AND o.id BETWEEN %(base)s + %(first)s AND %(base)s + %(last)s
    JOIN demo_loading.product p ON p.id = o.product_id
    WHERE is_for_deal
    UNION ALL
    SELECT d.j, d.slot, d.ending, NULL, '', d.customer, coalesce(mine.person_id, other.person_id),
           CASE WHEN mine.rank IS NULL THEN other.unit_id ELSE mine.unit_id END, %(care)s,
           greatest(cu.created_at::date, %(began_on)s), %(today)s, demo_loading.draw(j, 106, 100) < 1
    FROM drawn d JOIN customers_customer cu ON cu.id = d.customer
        AND cu.id BETWEEN %(base)s + %(first)s AND %(base)s + %(last)s
    LEFT JOIN demo_loading.seller mine ON mine.person_id = cu.owner_id
    JOIN demo_loading.seller other ON other.rank = demo_loading.rank(j, 107, %(sellers)s)
    WHERE NOT is_for_deal
), dated AS MATERIALIZED (
    SELECT whose.*, (%(kinds)s::text[])[slot] AS kind,
           CASE WHEN is_ahead THEN demo_loading.workday(%(today)s - 4 + demo_loading.draw(j, 108, 19)::int)
                ELSE demo_loading.workday(least(since + demo_loading.draw(j, 108,
                    until - since + 1)::int, %(today)s - 1)) END AS due_on,
           time '09:00' + demo_loading.draw(j, 109, 17) * interval '30 minutes' AS clock,
           1 + demo_loading.draw(j, 110, 3) AS whom
    FROM whose
), met AS MATERIALIZED (
    SELECT dated.*, kind IN ('visit', 'meeting') AS is_long, c.id AS contact, c.name AS contact_name,
           CASE WHEN is_ahead THEN NULL WHEN kind IN ('visit', 'meeting')
                THEN (ARRAY[30, 60, 90, 120])[1 + demo_loading.draw(j, 111, 4)]
                ELSE (ARRAY[5, 10, 20])[1 + demo_loading.draw(j, 111, 3)] END AS minutes,
           NOT is_ahead AND kind <> 'task' AS has_result
    FROM dated LEFT JOIN customers_contact c
        ON c.id = %(base)s + 3 * (dated.customer - %(base)s - 1) + whom AND kind <> 'task'
        AND c.id BETWEEN %(base)s + 3 * (%(first)s::bigint - 1) AND %(base)s + 3 * %(last)s::bigint
)
INSERT INTO activities_activity (id, public_id, version, kind, subject, body, customer_id, contact_id,
    about_kind,
    about_id, about_label, owner_id, unit_id, state, priority, due_on, due_time, remind_at, done_at,
        result, outcome,
    duration_min, created_at)
SELECT %(base)s + j, demo_loading.public_id('activity', j), 1, kind,
    replace(split_part((%(subjects)s::text[])[slot], '|', 1 + demo_loading.draw(j, 112,
        (%(subject_counts)s::int[])[slot])::int),
            '{p}', product),
    '', customer, contact, CASE WHEN deal IS NULL THEN '' ELSE 'pipeline.opportunity' END, deal, number,
        person, unit,
    CASE WHEN is_ahead THEN 'planned' ELSE 'done' END,
    CASE WHEN demo_loading.draw(j, 113, 12) = 0 THEN 'high' ELSE 'normal' END, due_on,
    CASE WHEN is_long OR demo_loading.draw(j, 114, 3) = 0 THEN clock END,
    CASE WHEN is_ahead AND is_long AND due_on > %(today)s
         THEN (due_on + clock - interval '30 minutes') AT TIME ZONE %(zone)s END,
    CASE WHEN NOT is_ahead THEN (due_on + clock + minutes * interval '1 minute') AT TIME ZONE %(zone)s END,
    CASE WHEN has_result THEN (%(results)s::text[])[ending] ELSE '' END,
    CASE WHEN has_result THEN replace(replace(split_part((%(outcomes)s::text[])[ending], '|',
        1 + demo_loading.draw(j, 115, (%(outcome_counts)s::int[])[ending])::int),
        '{c}', coalesce(contact_name, '客户')), '{p}', product) ELSE '' END,
    minutes, (least(due_on, %(today)s) + time '08:30') AT TIME ZONE %(zone)s
FROM met ORDER BY j
"""
TOLD = {
    "care": words.CARE,
    "kinds": words.KINDS,
    "subjects": words.SUBJECTS,
    "subject_counts": words.SUBJECT_COUNTS,
    "results": words.RESULTS,
    "outcomes": words.TOLD,
    "outcome_counts": words.TOLD_COUNTS,
}
