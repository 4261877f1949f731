"""Regions, branches and teams beside those of the story, their people, and who sells what share."""

from typing import Any

from psycopg import Connection

from tradewind.demo.many import words
from tradewind.demo.many.loading import facts
from tradewind.demo.many.sizes import Extent

# Units number: regions first, then branches (each in its region), then teams (shared out to the branches).
_UNITS = """
WITH root AS (SELECT id, path FROM organization_unit WHERE parent_id IS NULL),
region AS (
    SELECT n, %(base)s + n AS id, (%(region_codes)s::text[])[n] AS code, (%(region_names)s::text[])[n] AS name
    FROM generate_series(1, %(regions)s) n
), branch AS (
    SELECT p.n, %(base)s + %(regions)s + p.n + 1 AS id, r.id AS parent, r.code || '-' || p.n + 1 AS code,
           p.city || '分公司' AS name
    FROM demo_loading.place p JOIN region r ON r.code = p.code WHERE p.n < %(branches)s
), team AS (
    SELECT %(base)s + %(regions)s + %(branches)s + g AS id, b.id AS parent,
           b.code || '-' || 1 + (g - 1) / %(branches)s AS code,
           replace(b.name, '分公司', '销售') || (%(numerals)s::text[])[1 + (g - 1) / %(branches)s] || '部'
               AS name
    FROM generate_series(1, %(teams)s) g JOIN branch b ON b.n = (g - 1) %% %(branches)s
), unit AS (
    SELECT region.id, code, name, 'region' AS kind, root.id AS parent, root.path || region.id AS path
        FROM region, root
    UNION ALL
    SELECT b.id, code, name, 'department', parent, root.path || parent || b.id FROM branch b, root
    UNION ALL
    SELECT t.id, t.code, t.name, 'team', t.parent, root.path || b.parent || b.id || t.id
    FROM team t JOIN branch b ON b.id = t.parent, root
), made AS (
    INSERT INTO organization_unit (id, public_id, version, code, name, kind, parent_id, path)
    SELECT id, demo_loading.public_id('unit', id), 1, code, name, kind, parent, path FROM unit ORDER BY id
)
INSERT INTO organization_unitplace (id, unit_id, starts_on, path) SELECT id, id, '0001-01-01', path FROM unit
"""
_POSITIONS = """
INSERT INTO organization_position (id, public_id, version, unit_id, title, duties, headcount)
SELECT %(base)s + 2 * (u.id - %(base)s) + n, demo_loading.public_id('position', 2 * u.id + n), 1, u.id,
    p.title, p.duties,
       p.headcount
FROM organization_unit u CROSS JOIN LATERAL (VALUES
    (0, CASE u.kind WHEN 'region' THEN '大区总监' WHEN 'department' THEN '分公司总经理' ELSE '销售经理' END,
     '带领团队完成季度签约与回款目标', 1),
    (1, CASE WHEN u.kind = 'team' THEN '销售' END, '开发并维护负责区域的客户', 10)) p (n, title, duties,
        headcount)
WHERE u.id > %(base)s AND p.title IS NOT NULL
"""
# Person n up to `heads` leads unit n; the others sell in the teams, in turn.
_PEOPLE = """
WITH person AS (
    SELECT n, %(base)s + n AS id, demo_loading.pick(%(surnames)s, n, 1) AS surname,
           demo_loading.pick(%(given)s, n, 2) AS given
    FROM generate_series(1, %(people)s) n
), named AS (
    SELECT id, split_part(surname, ' ', 1) || split_part(given, ' ', 1) AS name,
           split_part(surname, ' ', 2) || '.' || split_part(given, ' ', 2) || n AS sign_in FROM person
), account AS (
    INSERT INTO spine_user (id, password, username, is_active) SELECT id, '!', sign_in, true FROM named
)
INSERT INTO organization_person (id, public_id, version, sign_in, name, user_id)
SELECT id, demo_loading.public_id('person', id), 1, sign_in, name, id FROM named
"""
# One in twenty sellers came from the next team, half a year to a year and a half ago.
_ASSIGNMENTS = """
WITH working AS (
    SELECT n, %(base)s + n AS person,
           %(base)s + CASE WHEN n <= %(heads)s THEN n
               ELSE %(regions)s + %(branches)s + 1 + (n - 1) %% %(teams)s END AS unit,
           n <= %(heads)s AS is_head,
           %(began_on)s - demo_loading.draw(n, 3, 1500)::int AS came_on,
           CASE WHEN n > %(heads)s AND %(teams)s > 1 AND demo_loading.draw(n, 4, 20) = 0
                THEN %(today)s - (180 + demo_loading.draw(n, 5, 360)::int) END AS moved_on
    FROM generate_series(1, %(people)s) n
), stint AS (
    SELECT n, person, unit, is_head, coalesce(moved_on, came_on) AS starts_on, NULL::date AS ends_on, 0
        AS part FROM working
    UNION ALL
    SELECT n, person, %(base)s + %(regions)s + %(branches)s + 1 + n %% %(teams)s, false, came_on, moved_on, 1
    FROM working WHERE moved_on IS NOT NULL
)
INSERT INTO organization_assignment (id, public_id, version, person_id, unit_id, position_id, starts_on,
    ends_on, is_head)
SELECT %(base)s + 2 * n - part, demo_loading.public_id('assignment', 2 * n - part), 1, person, unit,
       %(base)s + 2 * (unit - %(base)s) + (NOT is_head)::int, starts_on, ends_on, is_head
FROM stint
"""
_GRANTS = """
INSERT INTO organization_grant (id, public_id, version, person_id, role)
SELECT %(base)s + n, demo_loading.public_id('grant', n), 1, %(base)s + n, CASE WHEN n <= %(heads)s
    THEN 'manager' ELSE 'seller' END
FROM generate_series(1, %(people)s) n
"""
# Who sells, from the one with most customers to the one with fewest; the story's sellers stand in the middle.
_SELLERS = """
WITH selling AS (
    SELECT p.id AS person, a.unit_id AS unit, l.n AS place, p.id,
           CASE WHEN p.id > %(base)s THEN demo_loading.draw(p.id, 6, 1073741824) ELSE 268435456 END AS turn
    FROM organization_person p
    JOIN organization_grant g ON g.person_id = p.id AND g.role = 'seller'
    JOIN organization_assignment a ON a.person_id = p.id AND a.share IS NULL AND a.starts_on <= %(today)s
        AND (a.ends_on IS NULL OR a.ends_on > %(today)s)
    JOIN organization_unit u ON u.id = a.unit_id
    JOIN demo_loading.place l ON l.code = u.code OR l.n = u.path[3] - %(base)s - %(regions)s - 1
)
INSERT INTO demo_loading.seller
SELECT row_number() OVER (ORDER BY turn, id) - 1, person, unit, place, 300 + demo_loading.draw(id, 7, 420)
    FROM selling
"""


def staff(owner: Connection[Any], extent: Extent) -> None:
    """Everybody and where they work, in one transaction of the caller."""
    told = {**facts(extent), "surnames": words.SURNAMES, "given": words.GIVEN, "numerals": words.NUMERALS}
    for statement in (_UNITS, _POSITIONS, _PEOPLE, _ASSIGNMENTS, _GRANTS, _SELLERS):
        owner.execute(statement, told)
    owner.execute(
        "ANALYZE organization_person, organization_assignment, organization_unit, demo_loading.seller"
    )
