"""One transaction, one actor: the database itself refuses what the application forgets."""

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from tests.conftest import acting, database_role, system
from tradewind.demo.deals import ALL_DEALS
from tradewind.domains.customers.models import Customer
from tradewind.domains.ledger.models import Entry
from tradewind.domains.ledger.policy import ENTRIES
from tradewind.domains.organization.models import Person
from tradewind.domains.organization.queries import actor_named
from tradewind.domains.pipeline.models import Opportunity
from tradewind.domains.pipeline.policy import OPPORTUNITIES
from tradewind.domains.planning.policy import PLANS, TARGETS
from tradewind.platform.operation import postgres
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import all_scopes
from tradewind.platform.spine.access.session import become, scope, widened

pytestmark = pytest.mark.django_db


def refused(statement: str) -> bool:
    """Does the database refuse this statement?"""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError:
        return True
    return False


def test_outside_every_scope_no_table_can_be_read() -> None:
    assert database_role() == "tw_login"
    assert refused("SELECT count(*) FROM pipeline_opportunity")
    assert refused("SELECT count(*) FROM spine_user")


def test_a_query_after_the_scope_is_refused_not_empty() -> None:
    with acting("seller"):
        assert Opportunity.objects.count() > 0
    assert database_role() == "tw_login"
    assert refused("SELECT count(*) FROM pipeline_opportunity")


def test_nobody_sees_no_row() -> None:
    with scope(Actor.nobody()):
        assert database_role() == "tw_app"
        assert Opportunity.objects.count() == Entry.objects.count() == 0


@pytest.mark.parametrize("name", ["seller", "field", "manager", "director", "admin"])
def test_the_database_shows_exactly_what_the_filter_shows(name: str) -> None:
    with acting(name) as actor:
        for declared in (OPPORTUNITIES, ENTRIES, TARGETS, PLANS):
            rows = declared.model._default_manager.all()
            assert set(rows.values_list("pk")) == set(rows.filter(declared.visible(actor)).values_list("pk"))


def test_reach_narrows_from_the_company_to_the_seller() -> None:
    counts = []
    for name in ("director", "manager", "seller"):
        with acting(name):
            counts.append(Opportunity.objects.count())
    assert counts[0] == ALL_DEALS > counts[1] > counts[2] > 0


def test_a_role_that_sees_everything_works_as_the_wide_role() -> None:
    with acting("director"):
        assert database_role() == "tw_wide"
    with acting("manager"):
        assert database_role() == "tw_app"


def test_widened_sees_everything_and_comes_back_also_after_an_error() -> None:
    with acting("seller"):
        own = Opportunity.objects.count()
        with widened("a test of widening"):
            assert Opportunity.objects.count() == ALL_DEALS
        assert (database_role(), Opportunity.objects.count()) == ("tw_app", own)
        with pytest.raises(ZeroDivisionError), widened("a test of widening"):
            raise ZeroDivisionError
        assert (database_role(), Opportunity.objects.count()) == ("tw_app", own)


def test_an_actor_is_set_once() -> None:
    with scope(Actor.nobody()):
        become(actor_named("seller"))
        with pytest.raises(RuntimeError):
            become(actor_named("director"))


def test_nested_scopes_give_the_outer_reach_back() -> None:
    with acting("seller"):
        own = Opportunity.objects.count()
        with system():
            assert Opportunity.objects.count() == ALL_DEALS
        assert Opportunity.objects.count() == own


@pytest.mark.parametrize("role", ["tw_owner", "postgres", "tw_jobs"])
def test_no_pages_connection_can_take_a_stronger_role(role: str) -> None:
    assert refused(f"SET ROLE {role}")


def test_a_scoped_person_can_write_no_credit_and_no_history_at_all() -> None:
    with acting("manager"):
        assert refused("INSERT INTO ledger_entry SELECT * FROM ledger_entry LIMIT 1")
        assert refused("UPDATE ledger_entry SET value = 0")
        assert refused("DELETE FROM ledger_rollup")
        assert refused("SELECT * FROM spine_history")
        assert refused("UPDATE spine_command SET why = ''")
        assert refused("SELECT name FROM spine_command")


def test_entries_are_append_only_even_for_the_wide_role() -> None:
    with system():
        assert refused("UPDATE ledger_entry SET value = 0")
        assert refused("DELETE FROM ledger_entry")
        assert refused("TRUNCATE ledger_entry")


def test_the_queues_own_sign_in_reaches_the_queue_and_nothing_else() -> None:
    parameters = {**postgres.address("jobs").parameters(), "dbname": connection.settings_dict["NAME"]}
    with psycopg.connect(**parameters, autocommit=True) as queue:
        queue.execute("SELECT count(*) FROM procrastinate_jobs")
        for table in ("pipeline_opportunity", "ledger_entry", "spine_user", "spine_event", "spine_session"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                queue.execute(
                    psycopg.sql.SQL("SELECT count(*) FROM {}").format(psycopg.sql.Identifier(table))
                )
        for role in ("tw_app", "tw_wide", "tw_owner"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                queue.execute(psycopg.sql.SQL("SET ROLE {}").format(psycopg.sql.Identifier(role)))


def test_a_scoped_person_deletes_nothing() -> None:
    with acting("manager"):
        for declared in all_scopes():
            with pytest.raises(DatabaseError), transaction.atomic():
                declared.model._default_manager.all()._raw_delete("default")


def test_a_scoped_person_cannot_move_a_row_out_of_reach() -> None:
    with acting("seller") as actor:
        other = Person.objects.exclude(sign_in=actor.name)[0]
        own = Customer.objects.filter(owner_id=actor.person_id)
        with pytest.raises(DatabaseError), transaction.atomic():
            own.update(owner_id=other.pk)
