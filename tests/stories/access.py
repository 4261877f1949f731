"""What the stories of access do again and again."""

from datetime import timedelta

from tests.conftest import acting, system
from tradewind.config.commands.test import TEST_DAY
from tradewind.domains.customers.models import Customer
from tradewind.domains.organization import authorizing, standing_in
from tradewind.domains.organization.authorizing import RoleChange, Roles
from tradewind.domains.organization.models import Role, StandIn
from tradewind.domains.organization.queries import person_ref
from tradewind.domains.organization.standing_in import Absence
from tradewind.domains.pipeline.models import Opportunity
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import all_scopes
from tradewind.platform.spine.command import Ref

DAY = timedelta(days=1)


def change_role(key: str, **rights: str) -> None:
    with acting("admin") as actor:
        version = Role.objects.filter(key=key).values_list("version", flat=True).first() or 0
        given = {name.replace("__", "."): extent for name, extent in rights.items()}
        authorizing.change_role(actor, RoleChange(key, version, given))


def give(sign_in_name: str, *keys: str) -> None:
    with acting("admin") as actor:
        authorizing.set_roles(actor, person_ref(actor, sign_in_name), Roles(keys))


def a_customer_of(owner: str) -> Customer:
    with system():
        return Customer.objects.filter(owner__sign_in=owner).order_by("id")[0]


def ref(row: Customer | Opportunity) -> Ref[Customer]:
    return Ref(row.public_id, row.version)


def check_both_locks(actor: Actor) -> None:
    """The database shows at least what the filter shows, and nothing more where there is the right."""
    for declared in all_scopes():
        rows = declared.model._default_manager.all()
        seen = set(rows.filter(declared.visible(actor)).values_list("pk", flat=True))
        shown = set(rows.values_list("pk", flat=True))
        assert seen <= shown, declared.resource
        if actor.can(f"{declared.resource}.view") and not (actor.is_wide and declared.personal):
            assert seen == shown, declared.resource


def a_deal_of(owner: str) -> Opportunity:
    with system():
        return Opportunity.objects.filter(owner__sign_in=owner, state="open").order_by("id")[0]


def arrange(person: str, stand_in: str, days: int = 3, by: str = "") -> StandIn:
    with acting(by or person) as actor:
        return standing_in.arrange(actor, Absence(person, stand_in, TEST_DAY, TEST_DAY + days * DAY))
