"""Deals and how they went from stage to stage: opened by the season, won as their sellers sell."""

from tradewind.demo.many import words

# A deal is the customer's seller's, now and then a colleague's; one in twenty open ones names no customer.
DEALS = """
WITH drawn AS MATERIALIZED (
    SELECT i, %(base)s + %(first)s + demo_loading.rank(i, 51, %(size)s) * %(inverse)s %% %(size)s AS customer,
           demo_loading.life(i) AS life,
           (SELECT day FROM demo_loading.opening WHERE slot = demo_loading.draw(i, 53, 10000)) AS wished_on
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) i
), placed AS (
    SELECT d.i, d.customer, d.life, cu.created_at::date AS since, wished_on,
           CASE WHEN mine.rank IS NULL THEN other.person_id ELSE mine.person_id END AS person,
           CASE WHEN mine.rank IS NULL THEN other.unit_id ELSE mine.unit_id END AS unit,
           CASE WHEN mine.rank IS NULL THEN other.skill ELSE mine.skill END AS skill,
           p.id AS product, p.name AS product_name,
           p.price * p.pieces * (ARRAY[1, 1, 1, 1, 2, 2, 3, 5])[1 + demo_loading.draw(i, 54, 8)]
               * CASE WHEN (cu.id - %(base)s - %(first)s) * %(step)s %% %(size)s < %(size)s / 50 THEN 4
                   ELSE 1 END AS price
    FROM drawn d JOIN customers_customer cu ON cu.id = d.customer
        AND cu.id BETWEEN %(base)s + %(first)s AND %(base)s + %(last)s
    JOIN demo_loading.product p ON p.n = demo_loading.draw(i, 55, %(products)s)
    LEFT JOIN demo_loading.seller mine ON mine.person_id = cu.owner_id AND demo_loading.draw(i, 56, 16) > 0
    JOIN demo_loading.seller other ON other.rank = demo_loading.rank(i, 57, %(sellers)s)
), opened AS MATERIALIZED (
    SELECT placed.*, demo_loading.workday(CASE WHEN wished_on > since THEN wished_on
               ELSE since + demo_loading.draw(i, 58, %(today)s - since)::int END) AS opened_on,
           round(price * (840 + demo_loading.draw(i, 59, 180)) / 1000.0, -2) AS worth
    FROM placed
), lived AS MATERIALIZED (
    SELECT opened.*, opened_on + life + CASE WHEN extract(isodow FROM opened_on + life) > 5
               THEN 8 - extract(isodow FROM opened_on + life)::int ELSE 0 END AS ends_on FROM opened
), ended AS (
    SELECT lived.*, CASE WHEN ends_on >= %(today)s THEN 'open'
               WHEN demo_loading.draw(i, 60, 1000) < skill THEN 'won' ELSE 'lost' END AS state FROM lived
), stood AS MATERIALIZED (
    SELECT ended.*, CASE state WHEN 'won' THEN 4
               WHEN 'lost' THEN least(4, 1 + life / 30 + demo_loading.draw(i, 61, 3)::int / 2)
               ELSE 1 + (opened_on + demo_loading.comes(i, 'open', 4, 2) <= %(today)s)::int
                      + (opened_on + demo_loading.comes(i, 'open', 4, 3) <= %(today)s)::int
                      + (opened_on + demo_loading.comes(i, 'open', 4, 4) <= %(today)s)::int END AS depth
    FROM ended
), expected AS (
    SELECT stood.*, state = 'open' AS is_open, round(worth * (88 + demo_loading.draw(i, 62, 31)) / 100,
        -2) AS amount FROM stood
)
INSERT INTO pipeline_opportunity (id, public_id, version, number, title, product_id, customer_id, opener_id,
    owner_id, unit_id, state, stage_id, furthest_id, stage_on, amount, close_on, category, next_step,
        next_step_on,
    source, competitors, opened_on, closed_on, value, reason_code_id, reason, created_at)
SELECT %(base)s + i, demo_loading.public_id('deal', i), 1, 'OP' || %(base)s + i,
    product_name || demo_loading.pick(%(purposes)s, i, 63), product,
    CASE WHEN is_open AND demo_loading.draw(i, 64, 20) = 0 THEN NULL ELSE customer END, person, person,
        unit, state,
    CASE state WHEN 'won' THEN %(won)s WHEN 'lost' THEN %(lost)s ELSE (%(stages)s::bigint[])[depth] END,
    CASE state WHEN 'won' THEN %(won)s ELSE (%(stages)s::bigint[])[depth] END,
    CASE WHEN is_open THEN opened_on + demo_loading.comes(i, state, depth, depth) ELSE ends_on END,
    CASE WHEN is_open AND demo_loading.draw(i, 65, 20) = 0 THEN NULL ELSE amount END,
    CASE WHEN NOT is_open THEN ends_on WHEN demo_loading.draw(i, 66, 15) > 0
         THEN ends_on - (ARRAY[0, 0, 0, 7, 20])[1 + demo_loading.draw(i, 67, 5)] END,
    CASE WHEN NOT is_open THEN 'pipeline' WHEN demo_loading.draw(i, 68, 33) = 0 THEN 'omitted'
         WHEN demo_loading.draw(i, 69, 10) < 7 THEN (ARRAY['pipeline', 'pipeline', 'best_case',
             'commit'])[depth] ELSE 'pipeline' END,
    CASE WHEN is_open AND demo_loading.draw(i, 70, 5) > 0
         THEN (%(steps)s::text[])[1 + 3 * (depth - 1) + demo_loading.draw(i, 71, 3)] ELSE '' END,
    CASE WHEN is_open AND demo_loading.draw(i, 70, 5) > 0 THEN %(today)s - 3 + demo_loading.draw(i, 72,
        18)::int END,
    demo_loading.pick(%(origins)s, i, 73), '', opened_on, CASE WHEN NOT is_open THEN ends_on END,
    CASE WHEN state = 'won' THEN worth END,
    CASE state WHEN 'won' THEN (%(won_reasons)s::bigint[])[1 + demo_loading.draw(i, 74,
        cardinality(%(won_reasons)s::bigint[]))]
         WHEN 'lost' THEN (%(lost_reasons)s::bigint[])[1 + demo_loading.draw(i, 74,
             cardinality(%(lost_reasons)s::bigint[]))] END,
    '', (opened_on + time '10:00') AT TIME ZONE %(zone)s
FROM expected ORDER BY i
"""
# One row for each stage it came to, the first without a stage before; the last is where it stands.
MOVES = """
WITH deal AS MATERIALIZED (
    SELECT o.id, o.id - %(base)s AS i, o.opened_on, o.closed_on, o.state, o.stage_id, o.owner_id, o.amount,
           CASE WHEN o.state = 'won' THEN 4 ELSE array_position(%(stages)s::bigint[], o.furthest_id) END
               AS depth
    FROM pipeline_opportunity o WHERE o.id BETWEEN %(base)s + %(first)s AND %(base)s + %(last)s
), move AS (
    SELECT deal.*, m, CASE WHEN m > depth THEN closed_on ELSE opened_on + demo_loading.comes(i, state,
        depth, m) END AS came_on,
           CASE WHEN m > 1 THEN opened_on + demo_loading.comes(i, state, depth, m - 1) END AS came_before_on
    FROM deal CROSS JOIN LATERAL generate_series(1, depth + (state <> 'open')::int) m
)
INSERT INTO pipeline_stagemove (id, deal_id, opened_on, from_stage_id, to_stage_id, moved_on, moved_at, days,
    amount, note, is_undone, person_id)
SELECT %(base)s + 5 * (i - 1) + m, id, opened_on, (%(stages)s::bigint[])[m - 1],
    CASE WHEN m > depth THEN stage_id ELSE (%(stages)s::bigint[])[m] END, came_on,
    (came_on + time '12:00') AT TIME ZONE %(zone)s, came_on - came_before_on, amount, '', false, owner_id
FROM move ORDER BY i, m
"""
TOLD = {
    "purposes": list(words.PURPOSES),
    "origins": list(words.SOURCES),
    "steps": words.NEXT_STEPS,
}
