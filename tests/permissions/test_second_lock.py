"""With the filter switched off on purpose, the database still shows scoped people only their own."""

from typing import Any

import pytest
from django.db.models import Q

from tests.conftest import acting, sign_in
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import Scope, all_scopes
from tradewind.platform.surface.resource import all_resources

pytestmark = pytest.mark.django_db
SCOPED = ("manager", "seller", "field", "partner", "hr")
WIDE = ("admin", "director", "finance")
"""Whose roles see the company in everything: the database holds them by nothing but their role's name."""


def lists(name: str) -> dict[str, set[str]]:
    """What each list, export and search answers somebody."""
    client, found = sign_in(name), {}
    for resource in all_resources():
        answer = client.get(f"/api/v1/{resource.address}?limit=200")
        assert answer.status_code == 200, resource.key
        found[resource.key] = {item["id"] for item in answer.json()["items"]}
        found[f"{resource.key} with words"] = {
            item["id"] for item in client.get(f"/api/v1/{resource.address}?q=有限&limit=200").json()["items"]
        }
        if client.get(f"/{resource.address}.csv?columns={resource.title}").status_code == 200:
            lines = client.get(f"/{resource.address}.csv").content.decode("utf-8-sig").splitlines()
            found[f"{resource.key} exported"] = set(lines)
    groups = client.get("/api/v1/search?q=有限").json()["groups"]
    found["search"] = {hit["url"] for group in groups for hit in group["items"]}
    return found


def shown(name: str) -> dict[str, set[int]]:
    with acting(name):
        rows = ((one.resource, one.model._default_manager.all()) for one in all_scopes())
        return {resource: set(found.values_list("pk", flat=True)) for resource, found in rows}


@pytest.mark.parametrize("name", SCOPED)
def test_a_forgotten_filter_shows_no_row_beyond_somebodys_reach(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting(name) as actor:
        assert not actor.is_wide
        allowed = {
            one.resource: set(
                one.model._default_manager.filter(one.visible(actor)).values_list("pk", flat=True)
            )
            for one in all_scopes()
            if actor.can(f"{one.resource}.view")
        }
    # What is everybody's is everybody's in the database, also for whom no page shows it.
    open_to_all = {one.resource for one in all_scopes() if one.everyone} - set(allowed)
    honest = lists(name)
    monkeypatch.setattr(Scope, "within", everything)
    careless = lists(name)
    changed = {key.partition(" ")[0] for key in honest if careless[key] != honest[key]}
    assert changed <= open_to_all | ({"search"} if open_to_all else set())
    open_rows = shown(name)
    assert {resource: open_rows[resource] for resource in allowed} == allowed


def everything(scope: Scope, actor: Actor, right: str) -> Q:
    return Q()


@pytest.mark.parametrize("name", WIDE)
def test_wide_actors_are_these(name: str) -> None:
    with acting(name) as actor:
        assert actor.is_wide


def test_no_other_member_of_the_cast_is_wide() -> None:
    from tradewind.demo.cast import CAST, OTHERS

    wide: list[Any] = []
    for member in (*CAST, *OTHERS):
        with acting(member.sign_in) as actor:
            if actor.is_wide:
                wide.append(member.sign_in)
    assert sorted(wide) == sorted(WIDE)
