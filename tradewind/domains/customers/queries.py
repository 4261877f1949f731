"""Questions about customers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from tradewind.domains.customers import rules
from tradewind.domains.customers.models import Contact, Customer
from tradewind.domains.customers.policy import CONTACTS, CUSTOMERS
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import widened
from tradewind.platform.surface.resource import Known

CERTAIN = ("credit_code", "name", "phone", "email")
# Of each row its keys, and by which of them which customer has it already: four looks into an index.
_CERTAIN = """
WITH given AS MATERIALIZED (
    SELECT place, credit_code, tw_name_key(name) COLLATE "C" AS name_key,
           tw_phone_key(phone) COLLATE "C" AS phone_key, tw_email_key(email) COLLATE "C" AS email_key
    FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[])
         WITH ORDINALITY AS row (credit_code, name, phone, email, place))
SELECT given.credit_code, given.name_key, given.phone_key, given.email_key, there.id, there.key
FROM given LEFT JOIN LATERAL (
    (SELECT id, 0 AS key FROM customers_customer c
     WHERE c.credit_code = given.credit_code AND c.credit_code <> '' LIMIT 1)
    UNION ALL (SELECT id, 1 FROM customers_customer c
     WHERE c.name_key = given.name_key AND c.name_key <> '' LIMIT 1)
    UNION ALL (SELECT id, 2 FROM customers_customer c
     WHERE c.phone_key = given.phone_key AND c.phone_key <> '' LIMIT 1)
    UNION ALL (SELECT id, 3 FROM customers_customer c
     WHERE c.email_key = given.email_key AND c.email_key <> '' LIMIT 1)
    LIMIT 1) there ON true
ORDER BY given.place
"""


def visible_customers(actor: Actor) -> QuerySet[Customer]:
    """The customers an actor may see, by name."""
    return Customer.objects.filter(CUSTOMERS.visible(actor)).order_by("name__pinyin", "id")


def customers_named(ids: Iterable[int]) -> Mapping[int, tuple[str, str]]:
    """Code and name of customers, by id; those the actor may not see are left out."""
    rows = Customer.objects.filter(id__in=set(ids)).values_list("id", "code", "name")
    return {customer_id: (code, name) for customer_id, code, name in rows}


def customer_ids(actor: Actor, code: str) -> QuerySet[Customer, int]:
    """The id of the customer with this code, as a subquery."""
    return visible_customers(actor).filter(code=code).order_by().values_list("id", flat=True)


def first_names(actor: Actor, limit: int) -> list[tuple[str, str]]:
    """Code and name of the first visible customers by name, to propose while somebody types."""
    return list(visible_customers(actor).values_list("code", "name")[:limit])


def id_named(actor: Actor, words: str) -> int | None:
    """The visible customer with this code or exact name; None when there is none or more than one."""
    named = visible_customers(actor).filter(Q(code=words) | Q(name=words)).order_by()
    ids = list(named.values_list("id", flat=True)[:2])
    return ids[0] if len(ids) == 1 else None


def ids_by_import_name() -> Mapping[str, int]:
    """Customer ids by the name under which they are known here, for imports that name customers."""
    return dict(Customer.objects.values_list("name", "id"))


def owned_by(actor: Actor) -> QuerySet[Customer]:
    """The customers of the acting person, for questions that add what they know about each."""
    return Customer.objects.filter(CUSTOMERS.visible(actor), owner=actor.person_id or 0)


def is_owner(actor: Actor, customer_id: int | None) -> bool:
    """Is this customer the acting person's own?"""
    return customer_id is not None and owned_by(actor).filter(pk=customer_id).exists()


def customers_of_contacts(ids: Iterable[int]) -> Mapping[int, int]:
    """The customer id of each contact, by the contact's id."""
    return dict(Contact.objects.filter(pk__in=set(ids)).values_list("pk", "customer_id"))


def contacts_at(actor: Actor, customer_id: int, limit: int) -> list[tuple[UUID, str, str]]:
    """Public id, name and job title of the visible contacts of one customer, in the order they were made."""
    rows = Contact.objects.filter(CONTACTS.visible(actor), customer=customer_id).order_by("id")
    return list(rows.values_list("public_id", "name", "title")[:limit])


def contact_id(actor: Actor, customer_id: int | None, public_id: UUID) -> int | None:
    """The visible contact with this public id, if it is one of this customer's."""
    rows = Contact.objects.filter(CONTACTS.visible(actor), customer=customer_id, public_id=public_id)
    return rows.values_list("pk", flat=True).first()


def contact_ids_by_name() -> Mapping[tuple[int, str], int]:
    """Contact ids by customer id and name, for imports that name contacts."""
    return {(buyer, name): pk for pk, buyer, name in Contact.objects.values_list("pk", "customer_id", "name")}


def groups_above(customers: Collection[int]) -> Mapping[int, set[int]]:
    """Each of these customers with itself and all that it belongs to, whoever may see those."""
    above: dict[int, set[int]] = {customer: set() for customer in customers}
    if not above:
        return above
    with widened("a loop may lead through customers out of sight"), connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE up (start, id) AS ("
            " SELECT id, id FROM customers_customer WHERE id = ANY(%s)"
            " UNION SELECT up.start, c.parent_id FROM up JOIN customers_customer c ON c.id = up.id"
            " WHERE c.parent_id IS NOT NULL) SELECT start, id FROM up",
            [list(above)],
        )
        for start, one in cursor.fetchall():
            above[start].add(one)
    return above


def known_already(actor: Actor, rows: Sequence[Mapping[str, Any]]) -> Mapping[int, Known]:
    """Which of these rows are a customer already, or the same as an earlier row, by their certain keys.

    By place. Customers out of sight count; they are not named.
    """
    columns = [[str(row.get(name) or "") for row in rows] for name in CERTAIN]
    with (
        widened("a customer out of sight must not be made twice; only its number is told, if at all"),
        connection.cursor() as cursor,
    ):
        # While a table grows fast its statistics lag behind, and reading it whole looks cheap.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(_CERTAIN, columns)
        found = cursor.fetchall()
        cursor.execute("SET LOCAL enable_seqscan = on")
    there = {place: (pk, key) for place, (*_, pk, key) in enumerate(found) if pk is not None}
    again = rules.repeated({place: row[:4] for place, row in enumerate(found) if place not in there})
    seen = visible_customers(actor).filter(pk__in={pk for pk, _ in there.values()}).order_by()
    codes = dict(seen.values_list("pk", "code"))
    known = {place: Known(CERTAIN[key], number=codes.get(pk, "")) for place, (pk, key) in there.items()}
    return known | {place: Known(CERTAIN[key], earlier=first) for place, (first, key) in again.items()}
