"""A star keeps a page with its person: on every device, and for nobody else."""

import pytest
from django.test import Client
from django.utils.html import escape

from tests.conftest import SignedIn, acting, system
from tradewind.domains.organization.models import Grant
from tradewind.kernel.errors import DomainError, Malformed, NotAllowed, Refused
from tradewind.platform.surface.favourites import commands
from tradewind.platform.surface.favourites.models import Shelf
from tradewind.platform.surface.favourites.queries import kept_pages
from tradewind.platform.surface.favourites.values import MOST, KeptPage

pytestmark = pytest.mark.django_db

WON = KeptPage("/figures?measure=won_deals", "赢单数")


def keep(client: Client, page: KeptPage, how: str = "keep") -> int:
    headers = {"HX-Request": "true"}
    return client.post(
        f"/favourites/{how}", {"url": page.url, "label": page.label}, headers=headers
    ).status_code


def test_a_kept_page_stands_on_top_of_every_page(signed_in: SignedIn) -> None:
    client = signed_in("seller")
    assert escape(WON.url) not in client.get("/people").content.decode()
    assert keep(client, WON) == 200
    page = signed_in("seller").get("/people").content.decode()
    assert f'href="{escape(WON.url)}"' in page
    assert page.index(escape(WON.url)) < page.index("nav-link", page.index("销售"))
    assert keep(client, WON, "drop") == 200
    assert escape(WON.url) not in client.get("/people").content.decode()


def test_the_star_shows_whether_this_very_page_is_kept(signed_in: SignedIn) -> None:
    client = signed_in("seller")
    keep(client, WON)
    assert 'aria-pressed="true"' in client.get(WON.url).content.decode()
    assert 'aria-pressed="true"' not in client.get("/figures?measure=lost_deals").content.decode()


def test_favourites_are_their_persons_own(signed_in: SignedIn) -> None:
    keep(signed_in("seller"), WON)
    for other in ("manager", "director", "field"):
        assert escape(WON.url) not in signed_in(other).get("/people").content.decode()
    with acting("manager"):
        assert not Shelf.objects.exists(), "the database itself shows a manager nothing of their team's"
    with acting("manager") as manager:
        commands.keep(manager, WON)
        assert [shelf.person_id for shelf in Shelf.objects.all()] == [manager.person_id]
    with system():
        assert Shelf.objects.count() == 2


def test_keeping_a_page_again_renames_it_where_it_stands() -> None:
    with acting("seller") as actor:
        commands.keep(actor, WON)
        commands.keep(actor, KeptPage("/people", "  人员 \n 名单 "))
        commands.keep(actor, KeptPage(WON.url, "我的赢单"))
        assert kept_pages(actor) == [KeptPage(WON.url, "我的赢单"), KeptPage("/people", "人员 名单")]
        commands.drop(actor, WON)
        commands.drop(actor, WON)
        assert kept_pages(actor) == [KeptPage("/people", "人员 名单")]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "figures",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/a b",
        "/a\nb",
        "/a\\b",
        "/" + "x" * 500,
    ],
)
def test_only_pages_of_this_site_are_kept(url: str) -> None:
    with acting("seller") as actor, pytest.raises(Malformed) as refusal:
        commands.keep(actor, KeptPage(url, "x"))
    assert refusal.value.field == "url"


def test_there_is_an_end_to_it() -> None:
    with acting("seller") as actor:
        for number in range(MOST):
            commands.keep(actor, KeptPage(f"/figures?n={number}", str(number)))
        with pytest.raises(Refused):
            commands.keep(actor, WON)
        assert len(commands.keep(actor, KeptPage("/figures?n=7", "seven"))) == MOST


def test_whoever_has_no_role_has_no_star(signed_in: SignedIn) -> None:
    with system():
        Grant.objects.filter(person__sign_in="seller").delete()
    assert "data-star" not in signed_in("seller").get("/figures").content.decode()
    with acting("seller") as actor, pytest.raises(NotAllowed):
        commands.keep(actor, WON)
    with system() as machine, pytest.raises(DomainError):
        commands.keep(machine, WON)


def test_a_title_is_only_words(signed_in: SignedIn) -> None:
    client = signed_in("seller")
    keep(client, KeptPage("/people", "<b>x</b>"))
    assert "<b>x</b>" not in client.get("/figures").content.decode()
