"""Customers and the people at them: who they are, where, who looks after them."""

from tradewind.demo.many import words

# The busiest customers have the lowest ranks: they are served best and are with us still.
CUSTOMERS = """
WITH row AS MATERIALIZED (
    SELECT c, %(base)s + c AS id,
        (c - %(first)s) * %(step)s %% %(size)s * 100 / %(size)s AS part,
           CASE WHEN demo_loading.draw(c, 11, 100) < 85 THEN 1100 + demo_loading.draw(c, 12, 1500)
                ELSE 40 + demo_loading.draw(c, 12, 1060) END::int AS age
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) c
), told AS MATERIALIZED (
    SELECT row.*, s.person_id, s.unit_id, s.place,
           substr(%(begins)s, (1 + c * %(step)s %% length(%(begins)s))::int, 1)
           || substr(%(ends)s, (1 + c * %(step)s / length(%(begins)s) %% length(%(ends)s))::int, 1) AS word,
           demo_loading.draw(c, 13, %(trades)s) AS trade, demo_loading.draw(c, 14, 1000) AS stature
    FROM row JOIN demo_loading.seller s ON s.rank = demo_loading.rank(c, 15, %(sellers)s)
), sized AS MATERIALIZED (
    SELECT told.*, t.name AS trade_name, t.industry, (t.fewest * power(t.most::float8 / t.fewest,
        stature / 1000.0::float8))::int AS staff
    FROM told JOIN demo_loading.trade t ON t.n = told.trade
)
INSERT INTO customers_customer (id, public_id, version, code, name, short_name, credit_code, industry,
    country,
    province, city, address, phone, email, website, source, size, grade, life_stage, founded_year, employees,
    revenue_millions, note, owner_id, unit_id, created_at)
SELECT r.id, demo_loading.public_id('customer', r.id), 1, 'C' || r.id,
    p.city || word || trade_name || demo_loading.pick(%(forms)s, c, 16), word || left(trade_name, 2),
    demo_loading.credit_code('91' || p.division, p.weight, c * 1000000000039 %% 26439622160671),
    industry, '中国', p.province, p.city,
    p.city || CASE WHEN p.city LIKE '%%市' THEN '' ELSE '市' END || demo_loading.pick(%(streets)s, c, 17)
        || 1 + demo_loading.draw(c, 18, 999) || '号',
    p.area || '-8000' || lpad(demo_loading.draw(c, 19, 10000)::text, 4, '0'), '', '',
    demo_loading.pick(%(sources)s, c, 20),
    CASE WHEN staff >= 1000 THEN 'large' WHEN staff >= 300 THEN 'medium' WHEN staff >= 20 THEN 'small'
        ELSE 'micro' END,
    (ARRAY['A', 'B', 'B', 'C', 'C', 'C', 'D'])[1 + (part + demo_loading.draw(c, 21, 40)) / 20],
    CASE WHEN part < 50 AND demo_loading.draw(c, 22, 10) > 0 THEN 'active'
         ELSE (ARRAY['prospect', 'prospect', 'prospect', 'dormant', 'lost'])[1 + demo_loading.draw(c, 23,
             5)] END,
    1994 + demo_loading.draw(c, 24, 28), staff, staff * (45 + demo_loading.draw(c, 25, 75)) / 100.0, '',
    CASE WHEN demo_loading.draw(c, 26, 20) > 0 THEN r.person_id END,
    CASE WHEN demo_loading.draw(c, 26, 20) > 0 THEN r.unit_id END,
    (%(today)s - age + time '09:00' + demo_loading.draw(c, 27,
        540) * interval '1 minute') AT TIME ZONE %(zone)s
FROM sized r JOIN demo_loading.place p ON p.n = r.place
ORDER BY r.id
"""
# The first of three decides; the two others hold different jobs.
CONTACTS = """
WITH row AS MATERIALIZED (
    SELECT cu.id AS customer, 3 * (cu.id - %(base)s - 1) + n AS k, n, cu.created_at,
           (demo_loading.draw(cu.id, 30, 5) + (n - 1) * (1 + demo_loading.draw(cu.id, 31, 4))) %% 5 AS job
    FROM customers_customer cu CROSS JOIN generate_series(1, 3) n
    WHERE cu.id BETWEEN %(base)s + %(first)s AND %(base)s + %(last)s
)
INSERT INTO customers_contact (id, public_id, version, customer_id, name, title, department, part, attitude,
    mobile, phone, wechat, email, is_lunar, may_be_contacted, preferences, created_at)
SELECT %(base)s + k, demo_loading.public_id('contact', k), 1, customer,
    split_part(demo_loading.pick(%(surnames)s, k, 32), ' ', 1) || split_part(demo_loading.pick(%(given)s,
        k, 33), ' ', 1),
    CASE WHEN n = 1 THEN '总经理' ELSE (%(jobs)s::text[])[1 + job] END,
    CASE WHEN n = 1 THEN '' ELSE (%(departments)s::text[])[1 + job] END,
    CASE WHEN n = 1 THEN 'decider' ELSE (%(parts)s::text[])[1 + job] END,
    demo_loading.pick(%(attitudes)s, k, 34), '1380000' || lpad(demo_loading.draw(k, 35, 10000)::text, 4, '0'),
    '', '', '', false, demo_loading.draw(k, 36, 50) > 0, '', created_at
FROM row ORDER BY k
"""
TOLD = {
    "begins": words.BEGINS,
    "ends": words.ENDS,
    "forms": list(words.FORMS),
    "trades": len(words.TRADES),
    "streets": list(words.STREETS),
    "sources": list(words.CUSTOMER_SOURCES),
    "surnames": words.SURNAMES,
    "given": words.GIVEN,
    "jobs": list(words.JOBS),
    "departments": list(words.DEPARTMENTS),
    "parts": list(words.PARTS),
    "attitudes": list(words.ATTITUDES),
}
