"""History, seals and the outbox: what was done is kept, tamper-evident, and told exactly once."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection
from django.db.models import Case, When

from tests.conftest import IS_LONG, acting, system
from tradewind.domains.catalog.models import Product
from tradewind.domains.catalog.policy import PRODUCTS
from tradewind.domains.pipeline import commands
from tradewind.domains.pipeline.models import Opportunity
from tradewind.platform.spine import outbox, seals
from tradewind.platform.spine.command import Ref
from tradewind.platform.spine.models import Delivery, Event

Owner = psycopg.Connection[tuple[Any, ...]]


def win_one(value: str = "100") -> Opportunity:
    with system():
        deals = Opportunity.objects.select_related("owner").filter(state="open", customer__isnull=False)
        deal = deals.order_by(Case(When(owner__sign_in="seller", then=0), default=1), "id")[0]
    with acting(deal.owner.sign_in) as actor:
        commands.win(actor, Ref(deal.public_id, deal.version), commands.Win(Decimal(value), "test"))
    return deal


def test_history_keeps_what_changed_with_the_command_that_did_it(owner: Owner) -> None:
    deal = win_one()
    rows = owner.execute(
        "SELECT h.op, h.old, h.new, c.name, p.sign_in"
        " FROM spine_history h JOIN spine_command c ON c.id = h.command_id"
        " JOIN organization_person p ON p.id = c.person_id"
        " WHERE h.table_name = 'pipeline_opportunity' AND h.row_id = %s",
        [deal.pk],
    ).fetchall()
    ((op, old, new, name, actor),) = rows
    assert (op, name, actor) == ("update", "pipeline.opportunity.win", "seller")
    assert (old["state"], new["state"], new["value"]) == ("open", "won", 100.00)
    stages, plans = {"state", "stage_id", "furthest_id"}, {"next_step", "next_step_on", "stage_on"}
    assert set(old) - plans == {"closed_on", "reason", "value", "version"} | stages
    assert set(old) == set(new)


def kept_of_products(owner: Owner) -> dict[str, int]:
    asked = "SELECT op, count(*) FROM spine_history WHERE table_name = 'catalog_product' GROUP BY op"
    return {str(op): int(count) for op, count in owner.execute(asked).fetchall()}


def test_bulk_statements_and_deletes_are_kept_too_and_unchanged_rows_are_not(owner: Owner) -> None:
    before = kept_of_products(owner)
    with system():
        Product.objects.update(series="neu")
        Product.objects.update(series="neu")
        Product.objects.create(code="GONE", name="gone", list_price=1).delete()
    after = kept_of_products(owner)
    assert {op: count - before.get(op, 0) for op, count in after.items()} == {"delete": 1, "update": 6}


def sealed() -> int:
    with system():
        return seals.seal()


def report() -> seals.SealReport:
    with system():
        return seals.verify()


def test_a_sealed_record_verifies_and_sealing_again_seals_only_what_is_new(owner: Owner) -> None:
    win_one()
    sealed()
    before = report()
    assert sealed() == 0
    win_one("7")
    sealed()
    after = report()
    assert (after.broken_seals, after.changed_rows) == ((), ())
    # The win, its order's command, and the changed row of the deal.
    assert after.sealed_rows - before.sealed_rows == 3


TAMPERINGS = (
    "UPDATE spine_command SET {} WHERE id = (SELECT id FROM spine_command ORDER BY random() LIMIT 1)",
    "DELETE FROM spine_command WHERE id = (SELECT id FROM spine_command ORDER BY random() LIMIT 1)",
    "DELETE FROM spine_history WHERE id = (SELECT id FROM spine_history ORDER BY random() LIMIT 1)",
    "UPDATE spine_history SET {} WHERE id = (SELECT id FROM spine_history ORDER BY random() LIMIT 1)",
    "INSERT INTO spine_command (name, actor, resource, why, request, seal_id) "
    "SELECT name, actor, resource, why, request, seal_id FROM spine_command ORDER BY random() LIMIT 1",
    "DELETE FROM spine_seal WHERE id = (SELECT min(id) FROM spine_seal)",
)
COMMAND_CHANGES = (
    "why = why || 'x'",
    "actor = 'someone'",
    "at = at + interval '1 second'",
    "person_id = 99",
    "seal_id = 99",
    "seal_id = NULL",
)
HISTORY_CHANGES = (
    "row_id = row_id + 1",
    "new = '{\"value\": 1}'",
    "digest = sha256('x')",
    "command_id = -1",
    "seal_id = seal_id + 1",
)


def test_every_single_tampering_is_found(owner: Owner) -> None:
    """A changed, deleted, added or reordered sealed row breaks its seal, whoever did it."""
    for value in range(1, 4):
        win_one(str(value))
        sealed()
    choice = random.Random(7)  # noqa: S311
    for round_ in range(1000 if IS_LONG else 60):
        statement = choice.choice(TAMPERINGS)
        changes = COMMAND_CHANGES if "spine_command SET" in statement else HISTORY_CHANGES
        statement = statement.format(choice.choice(changes))
        with owner.transaction(force_rollback=True):
            changed = owner.execute(statement)
            assert changed.rowcount == 1
            found = owner.execute("SELECT broken_seals, changed_rows FROM tw_verify_seals()").fetchone()
            assert found is not None
            assert found[0] or found[1], (round_, statement)
    assert report().broken_seals == ()


def test_erasing_values_and_salt_keeps_the_seal(owner: Owner) -> None:
    win_one()
    sealed()
    owner.execute("UPDATE spine_history SET old = NULL, new = NULL, salt = NULL")
    assert (report().broken_seals, report().changed_rows) == ((), ())


def test_a_transaction_still_running_is_left_for_the_next_seal(owner: Owner) -> None:
    sealed()
    with owner.transaction():
        owner.execute(
            "INSERT INTO spine_command (name, actor, resource, why, request) VALUES ('a', 'b', '', '', '')"
        )
        win_one()
        assert sealed() == 3, "the win, its order and the deal's history; not the row under way"
    assert sealed() == 1
    assert report().broken_seals == ()


@dataclass(frozen=True)
class Rang:
    """An event of this test."""

    bell: int


HEARD: list[int] = []


def hear(facts: Mapping[str, Any]) -> None:
    Product.objects.create(code=f"BELL{facts['bell']}", name="heard", list_price=0)


@pytest.fixture
def listening() -> Any:
    outbox.subscribe(Rang, "test.hear", hear)
    yield
    outbox._subscribers.pop("Rang")


def test_an_event_is_told_once_however_often_it_is_delivered(own_database: str, listening: None) -> None:
    with acting("seller"):
        outbox.emit(Rang(1))
    with system():
        event = Event.objects.get(kind="Rang")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE args->>'event_id' = %s", [str(event.pk)]
            )
            assert cursor.fetchone()[0] == 1
    assert [outbox.deliver_event(event.pk) for _ in range(3)] == [1, 0, 0]
    with system():
        assert (
            Product.objects.filter(code="BELL1").count() == Delivery.objects.filter(event=event).count() == 1
        )


def test_a_subscriber_that_fails_leaves_no_trace_and_can_be_told_again(
    own_database: str, listening: None
) -> None:
    with acting("seller"):
        outbox.emit(Rang(2))
    with system():
        event = Event.objects.get(kind="Rang")
        Product.objects.create(code="BELL2", name="in the way", list_price=0)
    with pytest.raises(IntegrityError):
        outbox.deliver_event(event.pk)
    with system():
        assert not Delivery.objects.filter(event=event).exists()
        Product.objects.filter(code="BELL2").delete()
    assert outbox.deliver_event(event.pk) == 1


def interrupted() -> None:
    with acting("seller"):
        outbox.emit(Rang(3))
        raise ZeroDivisionError


def test_an_undone_command_leaves_no_event_no_job_and_no_record(own_database: str, listening: None) -> None:
    with pytest.raises(ZeroDivisionError):
        interrupted()
    with system():
        assert not Event.objects.filter(kind="Rang").exists()
        assert PRODUCTS.model._default_manager.count() == 6
