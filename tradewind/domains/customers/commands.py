"""Changes of the customer file."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from tradewind.domains.customers import rules
from tradewind.domains.customers.models import Contact, Customer
from tradewind.domains.customers.policy import CONTACTS, CUSTOMERS
from tradewind.domains.customers.queries import contact_ids_by_name, groups_above, ids_by_import_name
from tradewind.domains.customers.values import ContactRow, CustomerRow
from tradewind.domains.organization import queries as organization
from tradewind.kernel.errors import DomainError, Malformed, accepted
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import Given, batch, command, creation, creations, take_turn
from tradewind.platform.spine.erasing import erasures
from tradewind.platform.spine.pouring import pour
from tradewind.platform.spine.removal import removals
from tradewind.platform.spine.sharing import sharings
from tradewind.platform.surface.exchange.staging import Report, Staging

COLUMNS = {
    "name": "text",
    "industry": "text",
    "country": "text",
    "founded_year": "integer",
    "revenue_millions": "numeric",
    "employees": "integer",
    "parent": "text",
}


@creation("customers.customer.create", on=CUSTOMERS)
def create_customer(actor: Actor, given: Given) -> Customer:
    """A new customer under the next number, in the unit where its owner works today."""
    (code,) = _next_codes(1)
    return Customer.objects.create(**{**_checked(actor, given.values), "code": code})


@creations("customers.customer.create_many", of=create_customer, on=CUSTOMERS)
def create_customers(actor: Actor, given: Sequence[Given]) -> Sequence[Customer]:
    """Many new customers, in the order of their numbers."""
    rows = [accepted(one) for one in judge_customers(actor, [one.values for one in given])]
    codes = _next_codes(len(rows))
    return pour(Customer, [{**row, "code": code} for row, code in zip(rows, codes, strict=True)])


@command("customers.customer.edit", on=CUSTOMERS)
def edit_customer(actor: Actor, customer: Customer, given: Given) -> Customer:
    """New facts about a customer; a new owner takes it along to their unit."""
    if given.values.get("parent_id"):
        take_turn("customers.groups")  # of two changes at once neither would see the loop they make together
    values = _checked(actor, {**given.values, "id": customer.pk})
    del values["id"]
    return customer.change(**values)


remove_customers = removals("customers.customer.remove", on=CUSTOMERS)
sharing = sharings(CUSTOMERS)


@creation("customers.contact.create", on=CONTACTS)
def create_contact(actor: Actor, given: Given) -> Contact:
    """A new person at a customer."""
    return Contact.objects.create(**given.values)


@creations("customers.contact.create_many", of=create_contact, on=CONTACTS)
def create_contacts(actor: Actor, given: Sequence[Given]) -> Sequence[Contact]:
    """Many new people at customers."""
    return pour(Contact, [one.values for one in given])


@command("customers.contact.edit", on=CONTACTS)
def edit_contact(actor: Actor, contact: Contact, given: Given) -> Contact:
    """New facts about a person at a customer; the history keeps where they worked before."""
    return contact.change(**given.values)


remove_contacts = removals("customers.contact.remove", on=CONTACTS)
erase_contact = erasures(CONTACTS)


def judge_customers(
    actor: Actor, given: Sequence[Mapping[str, Any]]
) -> Sequence[Mapping[str, Any] | DomainError]:
    """What making or editing would store for each (an edited one has its `id`), or why it is refused.

    A new owner brings the unit where they work today. Refused: a bad credit code, an owner out of reach,
    a customer that would belong to itself, directly or through others.
    """
    owners = {values["owner_id"] for values in given if values.get("owner_id")}
    units = organization.units_today(owners) if owners else {}
    above = groups_above({values["parent_id"] for values in given if values.get("parent_id")})
    return [_judged(actor, dict(values), units, above) for values in given]


def _judged(
    actor: Actor, values: dict[str, Any], units: Mapping[int, int], above: Mapping[int, set[int]]
) -> Mapping[str, Any] | DomainError:
    try:
        if "credit_code" in values:
            values["credit_code"] = rules.check_credit_code(values["credit_code"])
    except Malformed as refusal:
        return refusal
    if "owner_id" in values:
        values["unit_id"] = units.get(values["owner_id"])
        if not CUSTOMERS.reaches(actor, values["owner_id"], values["unit_id"]):
            return Malformed("customers.owner_out_of_reach", field="owner")
    if values.get("id") in above.get(values.get("parent_id") or 0, ()):
        return Malformed("customers.parent_loop", field="parent")
    return values


def _checked(actor: Actor, values: Mapping[str, Any]) -> dict[str, Any]:
    """One object's values as they are stored; raises the refusal."""
    (judged,) = judge_customers(actor, [values])
    return dict(accepted(judged))


def _next_codes(count: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('customers_code') FROM generate_series(1, %s)", [count])
        return [f"C{number:06d}" for (number,) in cursor.fetchall()]


@batch("customers.contact.import", right="customers.contact.synchronize")
def import_contacts(actor: Actor, given: Sequence[ContactRow]) -> int:
    """Bring in people at customers, set-based; one known there under the same name stays as it is here.

    Returns how many are new.
    """
    buyers, known = ids_by_import_name(), contact_ids_by_name()
    fresh = [
        Contact(
            customer_id=buyers[row.customer],
            name=row.name,
            title=row.title,
            part=row.part,
            attitude=row.attitude,
            mobile=row.mobile,
        )
        for row in {(row.customer, row.name): row for row in given}.values()
        if (buyers[row.customer], row.name) not in known
    ]
    return len(Contact.objects.bulk_create(fresh, batch_size=1000))


@batch("customers.customer.import", right="customers.customer.synchronize")
def import_customers(actor: Actor, given: Sequence[CustomerRow]) -> Report:
    """Bring in customers by name, set-based and without owner; codes are drawn in the file's order."""
    staged = Staging(CUSTOMERS, {"line": "integer", **COLUMNS})
    staged.fill(
        (
            row.name,
            row.source,
            line,
            row.name,
            row.industry,
            row.country,
            row.founded_year,
            row.revenue_millions,
            row.employees,
            row.parent,
        )
        for line, row in enumerate(given)
    )
    staged.compare()
    staged.run(
        """UPDATE {staged} s SET verdict = 'conflict', object_id = c.id FROM {table} c
           WHERE s.verdict = 'new' AND c.name = s.name"""
    )
    _update(staged)
    _insert(staged)
    staged.run(
        """UPDATE {table} c SET parent_id = p.object_id FROM {staged} s JOIN {staged} p ON p.key = s.parent
           WHERE c.id = s.object_id AND s.verdict IN ('new', 'update') AND p.object_id <> c.id
             AND c.parent_id IS DISTINCT FROM p.object_id"""
    )
    staged.remember()
    return staged.report()


def _update(staged: Staging) -> None:
    staged.run(
        """UPDATE {table} c SET name = s.name, industry = s.industry, country = s.country,
               founded_year = s.founded_year, revenue_millions = s.revenue_millions,
               employees = s.employees, version = c.version + 1,
               parent_id = CASE WHEN s.parent = '' THEN NULL ELSE c.parent_id END
           FROM {staged} s WHERE s.verdict = 'update' AND c.id = s.object_id"""
    )


def _insert(staged: Staging) -> None:
    """The fields that the file lacks take the model's own defaults."""
    rows = staged.run(
        """SELECT nextval('customers_code'), name, industry, country, founded_year, revenue_millions,
                  employees
           FROM {staged} WHERE verdict = 'new' ORDER BY line"""
    )
    names = ("name", "industry", "country", "founded_year", "revenue_millions", "employees")
    fresh = (Customer(code=f"C{n:06d}", **dict(zip(names, facts, strict=True))) for n, *facts in rows)
    Customer.objects.bulk_create(fresh, batch_size=1000)
    staged.run(
        "UPDATE {staged} s SET object_id = c.id FROM {table} c WHERE s.verdict = 'new' AND c.name = s.name"
    )
