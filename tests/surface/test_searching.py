"""Words find exactly the visible rows that hold them, or that point to a visible one that does."""

from random import Random
from typing import Any

import pytest

from tests.conftest import IS_LONG, acting, system
from tradewind.domains.customers.models import Customer
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.surface.grid import reading, searching
from tradewind.platform.surface.grid.asking import Asked
from tradewind.platform.surface.grid.asking import asked as asked_of
from tradewind.platform.surface.resource import Resource, all_resources, resource_named, resource_of

pytestmark = pytest.mark.django_db

RESOURCES = [resource.key for resource in all_resources()]
ROUNDS = 60 if IS_LONG else 8
STRANGE = ("%", "_", "\\", "'", "公司", "有限公司", "张", "a", "A", "Z", "13", "\n", "不存在的词", "🐍")


def naive(resource: Resource, actor: Actor, words: str) -> set[int]:
    """The visible rows whose own words hold these, and those that point to one found in the same way."""
    found: set[int] = set()
    for row in resource.visible(actor):
        said = [getattr(row, name) or "" for name in resource.search if "__" not in name]
        if any(words.upper() in text.upper() for text in said):
            found.add(row.pk)
    for name in (name.partition("__")[0] for name in resource.search if "__" in name):
        there = naive(resource_of(resource.columns[name].target), actor, words)
        found |= set(resource.visible(actor).filter(**{f"{name}_id__in": there}).values_list("pk", flat=True))
    return found


def asked(resource: Resource, actor: Actor, words: str, most: int = 2_000) -> set[int]:
    rows = resource.visible(actor).filter(pk__in=searching.found(resource.scope.table, words, most))
    return set(rows.values_list("pk", flat=True))


def test_who_looked_for_fewer_than_there_are_is_told_so() -> None:
    """The newest answer, and nothing is summed up that was not all looked at."""
    deals, words = resource_named("pipeline.opportunity"), "公司"
    with acting("director") as actor:
        everything = naive(deals, actor, words)
        assert len(everything) > 50
        whole = reading.summary(actor, deals.table, Asked(words=words))
        assert (whole["count"], whole["is_capped"]) == (len(everything), False)
        assert whole["sums"]
        few = reading.summary(actor, deals.table, Asked(words=words, most=3))
        assert (few["is_capped"], few["sums"]) == (True, {})
        assert asked(deals, actor, words, 3) < everything
        assert searching.is_cut(deals.scope.table, words, 3)
        assert not searching.is_cut(deals.scope.table, "不存在的词", 3)
        assert not searching.is_cut(deals.scope.table, words, len(everything) + 1)


def test_what_a_row_points_to_may_have_been_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deals of an older customer are found by its words although newer customers hold them, too."""
    deals = resource_named("pipeline.opportunity")
    with acting("director") as actor:
        oldest = Customer.objects.filter(pk__in=deals.visible(actor).values("customer_id")).order_by("id")[0]
        wanted = set(deals.visible(actor).filter(customer=oldest).values_list("pk", flat=True))
        question = Asked(
            words="公司", conditions=asked_of(deals.columns, {"customer": [str(oldest.public_id)]}).conditions
        )
        monkeypatch.setattr(reading, "NEWEST", 3)
        assert set(reading.matching(actor, deals.table, question).values_list("pk", flat=True)) == wanted
        page = reading.page(actor, deals.table, question)
    assert len(page.texts) == min(len(wanted), question.limit)


def words_of(resource: Resource, dice: Random) -> str:
    """A piece of something that some row really says, or something strange."""
    if dice.random() < 0.3:
        return dice.choice(STRANGE)
    path = dice.choice(resource.search)
    with system() as actor:
        texts: list[Any] = [
            text for text in resource.visible(actor).values_list(path, flat=True)[:200] if text
        ]
    text = str(dice.choice(texts or ["公司"]))
    begin = dice.randrange(len(text))
    return text[begin : begin + dice.randint(1, 5)]


@pytest.mark.parametrize("who", ["seller", "manager", "director", "partner", "hr"])
@pytest.mark.parametrize("key", RESOURCES)
def test_the_function_finds_what_reading_everything_finds(key: str, who: str) -> None:
    resource, dice = resource_named(key), Random(f"{key} {who}")  # noqa: S311 no secret
    for _ in range(ROUNDS):
        words = words_of(resource, dice)
        with acting(who) as actor:
            assert asked(resource, actor, words) == naive(resource, actor, words), words


def test_a_customer_out_of_sight_is_not_found_through_what_points_to_it() -> None:
    """A seller reads a deal whose customer belongs to somebody else: the customer's words do not tell."""
    deals = resource_named("pipeline.opportunity")
    with system():
        hidden = Customer.objects.filter(owner__sign_in="chu.ning")[0]
        hidden.name = "暗号丁卯精密有限公司"
        hidden.save(update_fields=["name"])
    with acting("seller") as actor:
        deal = deals.visible(actor).filter(state="open")[0]
    with system():
        deal.customer_id = hidden.pk
        deal.save(update_fields=["customer_id"])
    with acting("director") as actor:
        assert deal.pk in asked(deals, actor, "丁卯")
    with acting("seller") as actor:
        assert deals.visible(actor).filter(pk=deal.pk).exists()
        assert asked(deals, actor, "丁卯") == set()
