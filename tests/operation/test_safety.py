"""Who can reach the pages, and what must be set before others can."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradewind.config.commands.steps import Listening, remember, served
from tradewind.config.safety import Exposure, is_loopback, named_hosts, site_address
from tradewind.platform.operation.instance import Identity, Instance


@pytest.mark.parametrize("bind", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_pages_on_this_machine_only_need_no_settings(bind: str) -> None:
    exposure = Exposure(bind, [], is_https=False)
    assert exposure.is_local
    assert exposure.unsafe() == []


@pytest.mark.parametrize("bind", ["0.0.0.0", "::", "192.168.1.7", "sales.example.com", ""])  # noqa: S104
def test_an_address_that_others_reach_needs_hosts_and_https(bind: str) -> None:
    exposure = Exposure(bind, [], is_https=False)
    assert not exposure.is_local
    assert [problem.split()[0] for problem in exposure.unsafe()] == ["TRADEWIND_HOSTS", "TRADEWIND_HTTPS"]


def test_a_named_host_means_a_proxy_in_front_and_needs_https() -> None:
    assert [p.split()[0] for p in Exposure("127.0.0.1", ["sales.example.com"], is_https=False).unsafe()] == [
        "TRADEWIND_HTTPS"
    ]
    assert Exposure("127.0.0.1", ["sales.example.com"], is_https=True).unsafe() == []
    assert Exposure("0.0.0.0", ["sales.example.com"], is_https=True).unsafe() == []  # noqa: S104 - not bound


@pytest.mark.parametrize("hosts", [["*"], ["sales.example.com", "*"], ["*.example.com"]])
def test_a_star_is_no_host(hosts: list[str]) -> None:

    assert len(Exposure("127.0.0.1", hosts, is_https=True).unsafe()) == 1


def test_hosts_are_separated_by_commas_or_spaces() -> None:
    assert named_hosts("a.example, b.example  c.example,") == ["a.example", "b.example", "c.example"]
    assert named_hosts("") == []


def test_other_names_than_localhost_are_not_taken_for_this_machine() -> None:
    assert not is_loopback("localhost.example.com")
    assert not is_loopback("127.0.0.1.example.com")


def test_links_begin_with_the_address_people_type() -> None:
    assert site_address([]) == "http://127.0.0.1:8000"
    assert site_address([], "::1", 8123) == "http://[::1]:8123"
    assert site_address(["sales.example.com", "crm.example.com"]) == "https://sales.example.com"
    assert site_address(["*", ".example.com"]) == "https://example.com"


def test_a_link_leads_where_the_instance_was_served_last(tmp_path: Path) -> None:
    instance = Instance.create(tmp_path / "home", Identity("demo", "x"))
    assert served(instance) == ("127.0.0.1", 8000)
    remember(instance, Listening("127.0.0.1", 8123, 8124))
    assert served(instance) == ("127.0.0.1", 8123)
    (instance.home / "served.json").write_text("half a fi", encoding="utf-8")
    assert served(instance) == ("127.0.0.1", 8000)
