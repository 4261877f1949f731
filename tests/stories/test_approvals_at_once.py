"""Approvals when everybody acts at once, and when anybody tries anything: nothing happens that must not."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from tests.conftest import IS_LONG, acting, system
from tests.stories.agreeing import PRICE, ask, asked, now, person, product, standing_in
from tests.stories.test_many_at_once import all_at_once
from tests.stories.test_moves_at_once import saying
from tradewind.domains.approvals import commands
from tradewind.domains.approvals.commands import Handing, Note, Resubmission, Sending, Signing
from tradewind.domains.approvals.commands.processes import drafted
from tradewind.domains.approvals.models import Decision, Process, Request
from tradewind.domains.catalog.commands import edit_product
from tradewind.kernel.errors import DomainError
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.command import Given, Ref

FLOWS = 200 if IS_LONG else 30
CAST = ("seller", "manager", "director", "finance", "wu.qiang", "admin")


def publish(*steps: dict[str, Any]) -> None:
    with system():
        process = Process.objects.get(subject=PRICE)
    with acting("admin") as actor:
        content = {"fallback": person("admin").pk, "routes": [{"name": "", "steps": list(steps)}]}
        commands.publish(actor, Ref(process.public_id, process.version), drafted(content))


def deciding(who: str, command: Any, one: Request, said: object = Note()) -> Callable[[], object]:
    def run() -> None:
        with acting(who) as actor:
            command(actor, Ref(one.public_id, one.version), said)

    return saying(run)


def any_of(*names: str) -> dict[str, Any]:
    return {"who": "persons", "people": [person(name).pk for name in names], "mode": "any"}


def test_of_two_deciders_of_one_any_of_step_one_wins(own_database: str) -> None:
    publish(any_of("manager", "finance"))
    for price in (6000, 6100, 6200):
        one, before = ask("seller", price), product().version
        outcomes = Counter(
            all_at_once([deciding(who, commands.approve, one) for who in ("manager", "finance")])
        )
        assert outcomes == {"done": 1, "stale": 1}
        assert (product().list_price, product().version) == (Decimal(price), before + 1)  # applied once
        with system():
            assert Decision.objects.filter(request=one, verb="approve").count() == 1


def test_the_last_yes_and_taking_it_back_at_once_leave_one_truth(own_database: str) -> None:
    publish(any_of("manager"))
    for price in (6000, 6100, 6200, 6300):
        old, one = product().list_price, ask("seller", price)
        acts = [deciding("manager", commands.approve, one), deciding("seller", commands.withdraw, one)]
        assert Counter(all_at_once(acts)) == {"done": 1, "stale": 1}
        state = now(one).state
        assert product().list_price == (Decimal(price) if state == "approved" else old)
        assert state in ("approved", "withdrawn")


def test_a_change_and_a_request_at_once_never_leave_a_request_about_an_older_object(
    own_database: str,
) -> None:
    for price in (6000, 6100, 6200):
        row = product()

        def edit(row: Any = row, price: int = price) -> None:
            with acting("admin") as actor:
                edit_product(actor, Ref(row.public_id, row.version), Given({"series": f"S{price}"}))

        outcomes = Counter(
            map(str, all_at_once([saying(edit), saying(lambda price=price: ask("seller", price))]))  # type: ignore[misc]
        )
        assert outcomes["done"] >= 1
        with system():
            waiting = Request.objects.filter(object_id=row.pk, state="in_review")
            for one in waiting:
                assert one.object_version == product().version
        for one in waiting:
            deciding("seller", commands.withdraw, one)()


class Flow:
    """One request that anybody does anything to."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.price = chance.choice((5900, 6000, 9000))
        self.asks = chance.choice(("seller", "manager", "wu.qiang", "director"))
        self.one = ask(self.asks, self.price)
        self.before = product()
        self.names = {person(name).pk: name for name in CAST}

    def run(self) -> None:
        for _ in range(14):
            who = self.chance.choice((*asked(self.one), *CAST))
            away = self.chance.sample(CAST, self.chance.choice((0, 0, 1, 2)))
            before, waiting = now(self.one), asked(self.one)
            if self.was_done(who, away, before):
                self.check_decider(who, away, before, waiting)
            else:
                assert now(self.one).version == before.version
            self.check()

    def was_done(self, who: str, away: list[str], seen: Request) -> bool:
        try:
            with scope(standing_in(who, *away)) as actor:
                self.try_something(actor, seen)
        except DomainError:
            return False
        return True

    def try_something(self, actor: Any, seen: Request) -> None:
        ref: Ref[Request] = Ref(seen.public_id, seen.version)
        other = person(self.chance.choice(CAST)).public_id
        acts: list[tuple[Any, object]] = [
            *[(commands.approve, Note("好"))] * 6,
            (commands.reject, Note("不")),
            (commands.send_back, Sending("改")),
            (commands.send_back, Sending("改", self.chance.randrange(3))),
            (commands.withdraw, Note()),
            (commands.add_signer, Signing(other, self.chance.random() < 0.5)),
            (commands.delegate, Handing(other)),
            (commands.copy_in, Handing(other)),
            (commands.comment, Note("看过")),
            (commands.resubmit, Resubmission({"list_price": Decimal(self.price)}, product().version, "再报")),
        ]
        command, said = self.chance.choice(acts)
        self.did = command.command_name.rpartition(".")[2]
        command(actor, ref, said)

    def check_decider(self, who: str, away: list[str], before: Request, waiting: list[str]) -> None:
        """Whoever decided was asked, or stood in for somebody who was; never who made the request."""
        if self.did in ("approve", "reject", "send_back", "add_signer", "delegate"):
            assert before.state == "in_review"
            assert who != self.asks
            assert {who, *(set(away) - {self.asks})} & set(waiting)
        if self.did in ("withdraw", "resubmit"):
            assert who == self.asks

    def check(self) -> None:
        one, row = now(self.one), product()
        is_approved = one.state == "approved"
        assert row.version == self.before.version + is_approved  # applied exactly once, or not at all
        assert row.list_price == (Decimal(self.price) if is_approved else self.before.list_price)
        assert bool(asked(one)) == (one.state == "in_review")
        assert self.asks not in asked(one)
        assert self.is_frozen() == (one.state == "in_review")
        with system():
            said = Decision.objects.filter(request=one, verb__in=("approve", "carry", "reject"))
            assert not said.filter(person__sign_in=self.asks).exists()
        if is_approved:
            assert {stage["state"] for stage in one.path} == {"approved"}
            assert all(any(seat["verdict"] == "approve" for seat in stage["seats"]) for stage in one.path)

    def is_frozen(self) -> bool:
        """Tried for real, and undone."""
        row = product()
        try:
            with acting("admin") as actor:
                edit_product(actor, Ref(row.public_id, row.version), Given({"series": "别的"}))
                raise Undone
        except DomainError as refusal:
            return refusal.code == "approvals.frozen"
        except Undone:
            return False


class Undone(Exception):
    """The trial is over."""


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(FLOWS))
def test_whatever_anybody_tries_only_what_may_be_happens(seed: int) -> None:
    Flow(Random(seed)).run()  # noqa: S311 a story, not a secret
