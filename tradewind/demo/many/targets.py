"""Everybody's share in the plans of the small company: a target for each seller and month."""

# The story's sellers have targets already; they aim for what they brought of the new customers too.
SHARES = """
WITH brought AS (
    SELECT e.person_id, sum(e.value) AS value FROM ledger_entry e
    WHERE e.measure = 'bookings' AND e.person_id <= %(base)s AND e.customer_id > %(base)s
        AND e.credited_on >= date_trunc('month', %(today)s::timestamp) - interval '12 months'
        AND e.credited_on < date_trunc('month', %(today)s::timestamp)
    GROUP BY e.person_id
)
UPDATE planning_target t SET value = t.value + round(1.06 * b.value / 12, -2)
FROM brought b, planning_plan p
WHERE b.person_id = t.person_id AND p.id = t.plan_id AND p.measure = 'bookings' AND b.value > 0
"""
# Half of what is alike for all, half of what one brought in the last twelve months, a little more than that.
TARGETS = """
WITH brought AS (
    SELECT s.person_id, s.unit_id, coalesce(sum(r.value), 0) AS value
    FROM demo_loading.seller s
    LEFT JOIN ledger_rollup r ON r.measure = 'bookings' AND r.person_id = s.person_id
        AND r.month >= date_trunc('month', %(today)s::timestamp) - interval '12 months'
        AND r.month < date_trunc('month', %(today)s::timestamp)
    WHERE s.person_id > %(base)s GROUP BY s.person_id, s.unit_id
), aimed AS (
    SELECT person_id, unit_id, 1.06 * (value + avg(value) OVER ()) / 2 AS value FROM brought
), month AS (
    SELECT p.id AS plan_id, p.year, m, make_date(p.year, m, 1) AS month, (%(season)s::int[])[m] AS weight,
           CASE WHEN p.year > extract(year FROM %(today)s::date) THEN 1.06 ELSE 1 END AS growth
    FROM planning_plan p CROSS JOIN generate_series(1, 12) m WHERE p.measure = 'bookings'
), weighed AS (
    SELECT *, sum(weight) OVER (PARTITION BY plan_id) AS weights FROM month
), cell AS (
    SELECT plan_id, unit_id, person_id, month, round(value * growth * weight / weights, -2) AS value
        FROM aimed, weighed
    UNION ALL
    SELECT plan_id, u.id, NULL, month, 0 FROM organization_unit u, weighed WHERE u.id > %(base)s
)
INSERT INTO planning_target (id, plan_id, unit_id, person_id, month, value, is_locked)
SELECT %(base)s + row_number() OVER (ORDER BY plan_id, unit_id, person_id, month), plan_id, unit_id,
    person_id, month, value, false
FROM cell
"""
