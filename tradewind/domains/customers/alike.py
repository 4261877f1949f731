"""Customers that may be one: found after they were made, shown to whoever sees both, dismissed by people.

The search takes the customers made since last time, whichever way they came, and looks for each among all:
in the same city for names that share a rare pair of letters, everywhere for a domain or the beginning of a
phone number. What more than `COMMON` have in common tells nobody apart. How alike two are is decided by
`rules.likeness`. Customers that change later are not looked at again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import Max

from tradewind.domains.customers import rules
from tradewind.domains.customers.models import Compared, Customer, Likeness
from tradewind.domains.customers.policy import LIKENESSES
from tradewind.domains.customers.queries import visible_customers
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import Given, batch, command

COMMON, AT_ONCE, SHOWN = 20, 100_000, 50
LATE = 20_000
"""Ids looked at again: who drew an id earlier may commit later."""

_CANDIDATES = r"""
WITH facts AS MATERIALIZED (
    SELECT id, city, name_key, phone_key, split_part(email_key, '@', 2) AS mail,
           lower(regexp_replace(website, '^(?:[a-zA-Z]+://)?(?:www\.)?([^/:?#]*).*$', '\1')) AS site
    FROM customers_customer WHERE id <= %(upto)s),
said AS (
    SELECT id, city AS about, substr(name_key, at, 2) AS what
    FROM facts, generate_series(1, length(name_key) - 1) at
    WHERE city <> '' AND city IN (SELECT city FROM facts WHERE id > %(after)s)
    UNION ALL SELECT id, '@', mail FROM facts WHERE mail <> ''
    UNION ALL SELECT id, '@', site FROM facts WHERE site NOT IN ('', mail)
    UNION ALL SELECT id, '#', left(phone_key, -2) FROM facts WHERE phone_key <> ''),
shared AS (
    SELECT array_agg(id) AS ids FROM said GROUP BY about, what
    HAVING count(*) BETWEEN 2 AND %(common)s AND max(id) > %(after)s),
pairs AS (
    SELECT DISTINCT one, other FROM shared, unnest(ids) one, unnest(ids) other
    WHERE one < other AND other > %(after)s)
SELECT a.id, b.id, a.name_key, b.name_key, a.phone_key, b.phone_key, a.city, b.city,
       ARRAY[a.mail, a.site], ARRAY[b.mail, b.site]
FROM pairs JOIN facts a ON a.id = one JOIN facts b ON b.id = other
"""


def are_waiting() -> bool:
    """Were customers made that nobody compared yet? For the job, which sees every row."""
    mark = Compared.objects.values_list("customer_id", flat=True).first() or 0
    return Customer.objects.filter(id__gt=mark).exists()


@batch("customers.likeness.look_for", turn="customers.likeness")
def look_for_alike(actor: Actor, given: None) -> int:
    """Compare the customers made since last time, at most 100,000; returns how many are left to compare."""
    newest = Customer.objects.aggregate(newest=Max("id"))["newest"] or 0
    mark = Compared.objects.first() or Compared(customer_id=0)
    if newest <= mark.customer_id:
        return 0
    upto = min(newest, mark.customer_id + AT_ONCE)
    fresh: list[Likeness] = []
    for pair in _scored(mark.customer_id - LATE, upto):
        fresh.append(pair)
        if len(fresh) == 1000:
            Likeness.objects.bulk_create(fresh, ignore_conflicts=True)
            fresh = []
    Likeness.objects.bulk_create(fresh, ignore_conflicts=True)
    mark.customer_id = upto
    mark.save()
    return int(newest) - upto


def _scored(after: int, upto: int) -> Iterator[Likeness]:
    """The pairs that are likely enough, of which one customer has its id in this range."""
    with connection.cursor() as hint:
        # How many pairs there are cannot be foreseen, and loops would take days.
        hint.execute("SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '128MB'")
    with connection.chunked_cursor() as cursor:
        cursor.execute(_CANDIDATES, {"after": after, "upto": upto, "common": COMMON})
        for first, second, *facts in cursor:
            names, phones, cities, domains = facts[0:2], facts[2:4], facts[4:6], facts[6:8]
            one, other = (
                rules.Traits(names[at], phones[at], cities[at], frozenset(domains[at]) - {""})
                for at in (0, 1)
            )
            score, why = rules.likeness(one, other)
            if score >= rules.ALIKE_FROM:
                yield Likeness(first_id=first, second_id=second, score=score, why=why)


@command("customers.likeness.dismiss", on=LIKENESSES)
def dismiss(actor: Actor, pair: Likeness, given: Given) -> Likeness:
    """These two are not the same; nobody is asked about them again."""
    return pair.change(is_dismissed=True)


@command("customers.likeness.reopen", on=LIKENESSES)
def reopen(actor: Actor, pair: Likeness, given: Given) -> Likeness:
    """They may be the same after all."""
    return pair.change(is_dismissed=False)


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair as it is shown: how likely, why, and both customers."""

    likeness: Likeness
    first: Customer
    second: Customer


def open_pairs(actor: Actor) -> list[Pair]:
    """The likeliest pairs of which the actor sees both and nobody has decided."""
    seen = visible_customers(actor).order_by().values("pk")  # also leaves out what was removed since
    rows = Likeness.objects.filter(is_dismissed=False, first_id__in=seen, second_id__in=seen)
    chosen = list(rows.order_by("-score", "id")[:SHOWN])
    ids = {pk for one in chosen for pk in (one.first_id, one.second_id)}
    both = {row.pk: row for row in visible_customers(actor).select_related("owner").filter(pk__in=ids)}
    return [Pair(one, both[one.first_id], both[one.second_id]) for one in chosen]
