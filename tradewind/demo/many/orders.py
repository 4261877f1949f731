"""Orders: one for every won deal, and what customers order again without one; as many as customers in all."""

from tradewind.demo.many import words

# Of a chunk's orders the last ones are drafts without a number; so numbers follow from the customers alone.
ORDERS = """
WITH sold AS (
    SELECT row_number() OVER (ORDER BY o.id) AS n, o.id AS deal, o.customer_id, o.owner_id, o.unit_id,
           o.closed_on AS confirmed_on, o.value, o.product_id
    FROM pipeline_opportunity o
    WHERE o.id BETWEEN %(base)s + %(first)s AND %(base)s + %(last)s AND o.state = 'won'
), again AS (
    SELECT n, %(first)s - 1 + n AS k,
           %(base)s + %(first)s + demo_loading.rank(%(first)s - 1 + n, 81,
               %(size)s) * %(inverse)s %% %(size)s AS customer,
           n > %(size)s - %(size)s / %(drafts)s AS is_draft
    FROM generate_series(1 + (SELECT count(*) FROM sold), %(size)s::bigint) n
), asked AS MATERIALIZED (
    SELECT a.*, coalesce(mine.person_id, other.person_id) AS person,
           CASE WHEN mine.rank IS NULL THEN other.unit_id ELSE mine.unit_id END AS unit,
           cu.created_at::date AS since,
           (SELECT day FROM demo_loading.opening WHERE slot = demo_loading.draw(k, 82, 10000)) AS wished_on
    FROM again a JOIN customers_customer cu ON cu.id = a.customer
        AND cu.id BETWEEN %(base)s + %(first)s AND %(base)s + %(last)s
    LEFT JOIN demo_loading.seller mine ON mine.person_id = cu.owner_id
    JOIN demo_loading.seller other ON other.rank = demo_loading.rank(k, 83, %(sellers)s)
), dated AS MATERIALIZED (
    SELECT asked.*, CASE WHEN is_draft THEN NULL WHEN wished_on > since THEN wished_on
               ELSE demo_loading.workday(since + 2 + demo_loading.draw(k, 84,
                   %(today)s - since - 2)::int) END AS confirmed_on
    FROM asked
), settled AS (
    SELECT dated.*, CASE WHEN NOT is_draft AND demo_loading.draw(k, 85, 100) = 0
               THEN least(confirmed_on + 3 + demo_loading.draw(k, 86, 40)::int, %(today)s - 1) END
                   AS cancelled_on
    FROM dated
), line AS (
    SELECT again.n, position, p.id AS product, p.pieces * (1 + demo_loading.draw(k, 87 + position, 6))
        AS quantity,
           p.price, demo_loading.draw(k, 90 + position, 4) * 0.025 AS discount,
           CASE WHEN p.code = 'ZN-CARE' THEN 0.06 ELSE 0.13 END AS rate
    FROM again CROSS JOIN LATERAL generate_series(1, 1 + demo_loading.draw(k, 93, 2)::int) position
    JOIN demo_loading.product p ON p.n = (demo_loading.draw(k, 94, %(products)s) + position) %% %(products)s
), priced AS (
    SELECT line.*, round(quantity * price * (1 - discount), 2) AS net,
           round(round(quantity * price * (1 - discount), 2) * rate, 2) AS tax FROM line
), total AS (
    SELECT n, sum(net) AS net, sum(tax) AS tax FROM priced GROUP BY n
), made AS (
    INSERT INTO orders_order (id, public_id, version, number, deal_id, customer_id, owner_id, unit_id, state,
        drafted_on, confirmed_on, cancelled_on, cancel_reason, amount, tax)
    SELECT %(base)s + %(first)s - 1 + n, demo_loading.public_id('order', %(first)s - 1 + n), 1,
        'SO' || lpad((%(numbered)s + n)::text, 8, '0'), deal, customer_id, owner_id, unit_id,
            'confirmed', NULL,
        confirmed_on, NULL, '', value, 0 FROM sold
    UNION ALL
    SELECT %(base)s + k, demo_loading.public_id('order', k), 1,
        CASE WHEN NOT is_draft THEN 'SO' || lpad((%(numbered)s + n)::text, 8, '0') END, NULL, customer,
            person, unit,
        CASE WHEN is_draft THEN 'draft' WHEN cancelled_on IS NULL THEN 'confirmed' ELSE 'cancelled' END,
        coalesce(confirmed_on, %(today)s) - demo_loading.draw(k, 95, 6)::int, confirmed_on, cancelled_on,
        CASE WHEN cancelled_on IS NULL THEN '' ELSE demo_loading.pick(%(cancelled)s, k, 96) END, net, tax
    FROM settled JOIN total USING (n)
)
INSERT INTO orders_orderline (id, order_id, position, product_id, description, quantity, unit_price,
    discount_rate, tax_rate, net, tax)
SELECT %(base)s + 2 * (%(first)s + n - 2) + 1, %(base)s + %(first)s - 1 + n, 1, product_id, '', 1, value,
    0, 0, value, 0
FROM sold
UNION ALL
SELECT %(base)s + 2 * (%(first)s + n - 2) + position, %(base)s + %(first)s - 1 + n, position, product,
    '', quantity, price,
    discount, rate, net, tax
FROM priced
"""
COUNTER = """
UPDATE orders_counter SET last = (SELECT max(substr(number, 3)::bigint)
    FROM orders_order WHERE number LIKE 'SO%%')
WHERE series = 'order'
"""
TOLD = {"cancelled": list(words.CANCELLED)}
