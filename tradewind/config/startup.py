"""Bringing an instance up: migrate, lock the tables, found the company, let the first person in."""

from datetime import date

import django

from tradewind.platform.operation.instance import Instance

ADMIN = "admin"


def prepare(instance: Instance) -> None:
    """Bring the database to the present version; repeating it is quick and changes nothing."""
    django.setup()
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    from tradewind.platform.spine.access.protect import protect

    executor = MigrationExecutor(connections["owner"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", database="owner", verbosity=0, interactive=False)
    call_command("createcachetable", database="owner", verbosity=0)
    protect()
    found(instance)


def found(instance: Instance) -> None:
    """Make the company row and the root of the unit tree, once."""
    from tradewind.domains.organization.commands import Founding, found_company
    from tradewind.domains.organization.queries import clock, is_founded
    from tradewind.platform.spine.access.actor import Actor
    from tradewind.platform.spine.access.session import scope

    with scope(Actor.system("init")) as actor:
        given = Founding(instance.company, instance.currency, instance.timezone, clock().today())
        if not is_founded():  # a start leaves no act behind
            found_company(actor, given)


def first_administrator(instance: Instance) -> str:
    """A one-time link for the administrator of a new instance; the account has no password until then."""
    from tradewind.config.links import one_time_path
    from tradewind.domains.organization.commands import appoint
    from tradewind.domains.organization.values import PersonRow
    from tradewind.platform.spine.access.actor import Actor
    from tradewind.platform.spine.access.session import scope

    with scope(Actor.system("init")) as actor:
        appoint(actor, PersonRow(ADMIN, "Administrator", "company", ADMIN))
    return one_time_path(ADMIN)


def load_demo(instance: Instance, size: str, today: date) -> None:
    """Fill the demo company."""
    from tradewind.demo.company import load

    load(size, today)


def demo_accounts() -> list[tuple[str, str, str]]:
    """Sign-in name, role and password of everybody of the cast who may sign in."""
    from tradewind.demo.cast import CAST, PASSWORD

    return [(person.sign_in, person.title, PASSWORD) for person in CAST if person.role]
