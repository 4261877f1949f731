"""Navigation is data: everybody is shown what their rights allow, and where they are."""

from collections.abc import Iterator

import pytest
from django.utils.translation import override

from tradewind.platform.spine.access.actor import NOTHING, Actor
from tradewind.platform.surface.shell import palette, places
from tradewind.platform.surface.shell.places import Place, Section, Thumbs

DEALS = Place("Deals", "pipeline.opportunity.list", "briefcase", "deal.view")
PEOPLE = Place("People", "organization.person.list", "users", "person.view")
FIGURES = Place("Figures", "figures", "chart-bar", "entry.view")


@pytest.fixture(autouse=True)
def _declared_again() -> Iterator[None]:
    """The declarations of the product, put back as they were afterwards."""
    sections, bars, creatable = list(places._sections), list(places._thumbs), list(places._creatable)
    places._creatable.clear()
    with override("en"):
        yield
    places._sections[:], places._thumbs[:], places._creatable[:] = sections, bars, creatable


def actor(*rights: str) -> Actor:
    return Actor("somebody", 1, dict.fromkeys(rights, NOTHING))


def test_sections_show_what_a_person_may_use_and_empty_ones_are_left_out() -> None:
    places.navigate(Section("Sell", (DEALS, FIGURES)), Section("Company", (PEOPLE,)))
    shown = places.navigation(actor("deal.view"), "/opportunities")
    assert [(s.label, [e.label for e in s.entries]) for s in shown] == [("Sell", ["Deals"])]


@pytest.mark.parametrize(
    ("path", "here"),
    [
        ("/opportunities", ["Deals"]),
        ("/opportunities/7", ["Deals"]),
        ("/opportunities-of-others", []),
        ("/figures/explain", ["Figures"]),
        ("/", []),
    ],
)
def test_the_place_of_a_page_is_marked(path: str, here: list[str]) -> None:
    places.navigate(Section("Sell", (DEALS, FIGURES)))
    (section,) = places.navigation(actor("deal.view", "entry.view"), path)
    assert [entry.label for entry in section.entries if entry.current] == here


def test_the_first_bar_that_fits_lies_under_the_thumb() -> None:
    places.navigate(Section("Sell", (DEALS, FIGURES)), Section("Company", (PEOPLE,)))
    places.thumbs(
        Thumbs("lead", ("figures", PEOPLE.route)),
        Thumbs("deal.view", (DEALS.route, "figures")),
    )

    def bar(*rights: str) -> list[str]:
        who = actor("deal.view", "entry.view", *rights)
        return [entry.label for entry in places.under_the_thumb(who, places.navigation(who, "/"))]

    assert bar("lead") == ["Figures"], "what they may not use is left out"
    assert bar() == ["Deals", "Figures"]
    nobody = actor("person.view")
    assert [e.label for e in places.under_the_thumb(nobody, places.navigation(nobody, "/"))] == ["People"]


def test_a_bar_names_places_of_the_navigation() -> None:
    places.navigate(Section("Sell", (DEALS,)))
    with pytest.raises(ValueError, match="figures"):
        places.thumbs(Thumbs("deal.view", ("figures",)))


def test_what_can_be_made_is_found_in_the_search_box_too() -> None:
    places.navigate(Section("Sell", (DEALS,)))
    places.creatable(Place("Deal", DEALS.route, "briefcase", "deal.create"))
    assert places.to_create(actor("deal.view")) == []
    made = palette.entries([], places.to_create(actor("deal.create")))
    assert made[0]["url"] == "/opportunities"
    assert str(made[0]["label"]).endswith("Deal")
    assert all(one.get("url") or one.get("do") for one in made)
