"""Thousands of requests, each going its own way through the real commands, judged by the rows they leave.

People act, for themselves and for those who are away; time runs out; people leave in between. After every
step the database is held against what must be true, by conditions written here and not taken from the rules.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction

from tests.conftest import IS_LONG, system
from tests.stories.agreeing import PRICE, person, product
from tradewind.config.commands.test import TEST_DAY
from tradewind.domains.approvals import commands
from tradewind.domains.approvals.commands import Handing, Note, Resubmission, Sending, Signing
from tradewind.domains.approvals.commands.processes import drafted
from tradewind.domains.approvals.commands.timing import Overdue, escalate_overdue
from tradewind.domains.approvals.models import Decision, Process, Request
from tradewind.domains.catalog.commands import edit_product
from tradewind.domains.catalog.models import Product
from tradewind.domains.organization.models import Person
from tradewind.domains.organization.queries import actor_named, clock
from tradewind.domains.organization.staffing import Leaving, leave
from tradewind.domains.organization.standing_in import Absence, arrange
from tradewind.kernel.errors import DomainError
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.command import Given, Ref

pytestmark = pytest.mark.django_db
CAST = ("seller", "manager", "director", "finance", "wu.qiang", "zheng.yi", "admin")
ASKING = ("seller", "manager", "wu.qiang", "director", "finance")
FLOWS, PARTS = (10_000, 20) if IS_LONG else (80, 2)
STEPS = 12
DECIDING = ("approve", "reject", "send_back", "add_before", "add_after", "delegate")
CLOSED = ("approved", "rejected", "withdrawn")


def processes(chance: Random, people: dict[str, int]) -> dict[str, Any]:
    """Any process: one to three steps by heads, roles or people, any-of or all-of, with hours."""

    def step() -> dict[str, Any]:
        named = [people[name] for name in chance.sample(CAST, chance.randint(1, 3))]
        who = chance.choice(
            ({"who": "head"}, {"who": "head", "level": 2}, {"who": "role", "role": "finance"})
            + ({"who": "persons", "people": named},) * 3
        )
        hours = chance.choice(({}, {"escalate_after_h": 24}, {"remind_after_h": 5, "escalate_after_h": 48}))
        return {**who, **hours, "mode": chance.choice(("any", "all"))}

    steps = [step() for _ in range(chance.randint(1, 3))]
    return {"fallback": people["admin"], "routes": [{"name": "", "steps": steps}]}


class Undone(Exception):
    """The flow is over; nothing of it stays."""


@contextmanager
def undone() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            raise Undone
    except Undone:
        pass


class Wandering:
    """One request, from the asking to its end or until enough was tried."""

    def __init__(self, chance: Random, cast: dict[str, Person], row: Product, modes: list[str]) -> None:
        self.chance, self.cast, self.start, self.modes = chance, cast, row, modes
        self.names = {one.pk: name for name, one in cast.items()}
        self.actors = {name: actor_named(name) for name in cast}
        self.price = Decimal(chance.choice((5900, 6000, 9000)))
        self.asks = chance.choice(ASKING)
        self.now = clock().now()
        self.did: str = ""

    def run(self) -> tuple[str, int]:
        """Returns how it stands at the end, and how many acts were done."""
        given = {"subject": PRICE, "object": self.start.public_id, "object_version": self.start.version}
        with scope(self.actors[self.asks]) as actor:
            try:
                made = commands.submit(actor, Given({**given, "values": {"list_price": self.price}}, "x"))
            except DomainError as refusal:
                if refusal.code not in ("approvals.nobody_decides", "approvals.nobody_named"):
                    raise
                return "refused", 0
        self.pk, done, tried_closed = made.pk, 0, 0
        before = self.read()
        for _ in range(STEPS):
            was_done = self.step(before)
            after = self.read()
            done += was_done
            self.check(before, after, was_done)
            tried_closed += before.state in CLOSED
            before = after
            if tried_closed == 3:
                break
        return before.state, done

    def read(self) -> Request:
        with system():
            one = Request.objects.get(pk=self.pk)
            self.row = Product.objects.get(pk=self.start.pk)
            self.said = list(Decision.objects.filter(request=one).order_by("id"))
            return one

    def step(self, seen: Request) -> bool:
        chance = self.chance.random()
        self.did, self.actor = "", Actor.system("test")
        try:
            if chance < 0.08:
                return self.time_passes()
            if chance < 0.12:
                return self.somebody_leaves()
            if chance < 0.16:
                return self.somebody_is_away()
            return self.somebody_acts(seen)
        except DomainError:
            self.did = ""
            return False

    def time_passes(self) -> bool:
        self.did, self.now = "time", self.now + timedelta(hours=self.chance.choice((6, 30, 60)))
        with system() as actor:
            escalate_overdue(actor, Overdue(self.now))
        return True

    def somebody_leaves(self) -> bool:
        """Today is the last day of one of them; or was yesterday, so that they are not here any more."""
        name = self.chance.choice([one for one in CAST if one not in ("admin", self.asks)])
        last_on = TEST_DAY - timedelta(days=self.chance.choice((0, 1)))
        with scope(actor_named("hr")) as actor:
            known = Person.objects.get(sign_in=name)
            leave(actor, Ref(known.public_id, known.version), Leaving(last_on, "走了"))
        self.did, self.actors[name] = "leave", actor_named(name)
        return True

    def somebody_is_away(self) -> bool:
        name, other = self.chance.sample(CAST, 2)
        with scope(self.actors[name]) as actor:
            arrange(actor, Absence(name, other, TEST_DAY, TEST_DAY + timedelta(days=3)))
        self.did, self.actors[other] = "away", actor_named(other)
        return True

    def somebody_acts(self, seen: Request) -> bool:
        asked = [self.names[pk] for pk in waiting(seen) if pk in self.names]
        who = self.chance.choice((*asked, *asked, *asked, self.asks, *CAST))
        self.actor = self.actors[who]
        if self.chance.random() < 0.1:  # as if several had named them
            away = frozenset(self.cast[name].pk for name in self.chance.sample(CAST, 2))
            self.actor = replace(self.actor, stands_in_for=away)
        command, said, self.did = self.act(seen)
        looked_earlier = self.chance.random() < 0.05
        with scope(self.actor) as actor:
            command(actor, Ref(seen.public_id, seen.version - looked_earlier), said)
        assert not looked_earlier, "nobody decides on what they have not seen"
        return True

    def act(self, seen: Request) -> tuple[Any, object, str]:
        other = self.cast[self.chance.choice(CAST)].public_id
        is_before = self.chance.random() < 0.5
        values = {"list_price": self.price}
        acts: list[tuple[Any, object, str]] = [
            *[(commands.approve, Note("好"), "approve")] * 8,
            (commands.reject, Note("不"), "reject"),
            (commands.send_back, Sending("改"), "send_back"),
            (commands.send_back, Sending("改", self.chance.randrange(3)), "send_back"),
            (commands.withdraw, Note(), "withdraw"),
            (commands.add_signer, Signing(other, is_before), "add_before" if is_before else "add_after"),
            (commands.delegate, Handing(other), "delegate"),
            (commands.resubmit, Resubmission(values, self.row.version, "再报"), "resubmit"),
        ]
        if seen.state == "sent_back" and self.chance.random() < 0.5:
            return acts[-1]
        return self.chance.choice(acts)

    def check(self, before: Request, after: Request, was_done: bool) -> None:
        if not was_done:
            assert after.version == before.version, "a refusal leaves nothing behind"
        if before.state in CLOSED:
            assert vars_of(after) == vars_of(before), "what is closed never changes"
        if was_done and self.did in DECIDING:
            self.check_decider(before)
        self.check_object(after)
        if after.version != before.version:
            assert self.is_frozen() == (after.state == "in_review")
        self.check_said(after)
        if after.state == "approved":
            self.check_no_level_was_skipped(after)

    def check_decider(self, before: Request) -> None:
        me, asker = self.actor.person_id, self.cast[self.asks].pk
        assert before.state == "in_review"
        assert me != asker, "nobody decides on their own request"
        assert ({me, *self.actor.stands_in_for} - {asker}) & waiting(before), "only who is asked decides"

    def check_object(self, after: Request) -> None:
        """Applied exactly once when approved, frozen while it waits, untouched otherwise."""
        is_approved = after.state == "approved"
        assert self.row.version == self.start.version + is_approved
        assert self.row.list_price == (self.price if is_approved else self.start.list_price)

    def is_frozen(self) -> bool:
        """Tried for real, and undone."""
        try:
            with undone(), scope(self.actors["admin"]) as actor:
                edit_product(actor, Ref(self.row.public_id, self.row.version), Given({"series": "别的"}))
        except DomainError as refusal:
            if refusal.code != "approvals.frozen":
                raise
            return True
        return False

    def check_said(self, after: Request) -> None:
        asker = self.cast[self.asks].pk
        verdicts = [one for one in self.said if one.verb in ("approve", "carry", "reject", "send_back")]
        assert all(one.person_id not in (None, asker) for one in verdicts)
        assert all(one.for_person_id != asker for one in verdicts)
        assert all(one.object_version == self.start.version for one in self.said)
        seen = [one.request_version for one in self.said]
        assert seen == sorted(seen)
        assert all(version < after.version for version in seen), "each decision has the version it saw"

    def check_no_level_was_skipped(self, after: Request) -> None:
        """Every step has its yes in the path, and in the record of this round."""
        said = {
            (one.person_id, one.for_person_id or one.person_id)
            for one in self.said
            if one.round == after.round and one.verb in ("approve", "carry")
        }
        for stage in after.path:
            yes = [seat for seat in stage["seats"] if seat["verdict"] == "approve"]
            assert stage["state"] == "approved"
            assert len(yes) == len(stage["seats"]) if stage["mode"] == "all" else yes
            assert all((seat["by"], seat["person"]) in said for seat in yes)
        assert [s["rule"]["mode"] for s in after.path if s["rule"]] == self.modes


def waiting(one: Request) -> set[int]:
    """Who is asked, read from the path as it is kept."""
    if one.state != "in_review":
        return set()
    asking = [stage for stage in one.path if stage["state"] == "asking"]
    assert len(asking) == 1
    return {seat["person"] for seat in asking[0]["seats"] if not seat["verdict"]}


def vars_of(one: Request) -> dict[str, Any]:
    return {name: value for name, value in vars(one).items() if not name.startswith("_")}


def publish(content: dict[str, Any]) -> None:
    with system():
        process = Process.objects.get(subject=PRICE)
    with scope(actor_named("admin")) as actor:
        commands.publish(actor, Ref(process.public_id, process.version), drafted(content))


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_way_a_request_goes_only_what_may_be_happens(part: int) -> None:
    cast, row = {name: person(name) for name in CAST}, product()
    people = {name: one.pk for name, one in cast.items()}
    ends: dict[str, int] = {}
    acts = 0
    for seed in range(part * FLOWS // PARTS, (part + 1) * FLOWS // PARTS):
        chance = Random(seed)  # noqa: S311 a story, not a secret
        content = processes(chance, people)
        with undone():
            publish(content)
            modes = [step["mode"] for step in content["routes"][0]["steps"]]
            end, done = Wandering(chance, cast, row, modes).run()
            with connection.cursor() as cursor:  # what is checked at the end of a transaction is checked now
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        ends[end] = ends.get(end, 0) + 1
        acts += done
    assert sum(ends.values()) == FLOWS // PARTS
    assert {"approved", "rejected", "withdrawn", "in_review"} <= set(ends), ends
    assert acts > FLOWS // PARTS, ends
