"""Questions about customers."""

from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet

from tradewind.domains.customers.models import Customer
from tradewind.domains.customers.policy import CUSTOMERS
from tradewind.platform.spine.access.actor import Actor


def visible_customers(actor: Actor) -> QuerySet[Customer]:
    """The customers an actor may see, by name."""
    return Customer.objects.filter(CUSTOMERS.visible(actor)).order_by("name", "id")


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
