"""One folder, one instance."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tradewind.platform.operation.console import OperationError
from tradewind.platform.operation.instance import Identity, Instance
from tradewind.platform.operation.postgres import address
from tradewind.platform.operation.removal import forget_unfinished, remove_demo


def test_what_is_created_can_be_loaded(folder: Path) -> None:
    identity = Identity("demo", "海风 公司", "EUR", "Europe/Berlin", date(2026, 3, 18))
    made = Instance.create(folder / "信风 数据", identity)
    assert Instance.load(folder / "信风 数据") == made
    assert (made.company, made.currency, made.today) == ("海风 公司", "EUR", date(2026, 3, 18))
    assert made.created_at.tzinfo is not None


def test_a_folder_holds_one_instance_only(folder: Path) -> None:
    Instance.create(folder, Identity("real", "One"))
    with pytest.raises(OperationError, match="TRADEWIND_HOME"):
        Instance.create(folder, Identity("real", "Two"))
    assert Instance.load(folder).company == "One"


def test_a_half_made_instance_is_made_again_with_the_same_secrets(folder: Path) -> None:
    first = Instance.create(folder, Identity("real", "One"))
    secrets = first.secrets()
    (folder / "instance.json").unlink()
    assert Instance.create(folder, Identity("real", "Two")).secrets() == secrets


def test_only_the_owner_of_the_folder_reads_the_secrets(folder: Path) -> None:
    made = Instance.create(folder, Identity("real", "One"))
    assert (folder / "secrets.json").stat().st_mode & 0o777 == 0o600
    stored = made.secrets()
    assert len(set(stored.passwords.values())) == 4
    assert len(stored.secret_key) > 64


def test_an_empty_folder_is_explained(folder: Path) -> None:
    with pytest.raises(OperationError, match="tw init"):
        Instance.load(folder)


@pytest.mark.parametrize(
    "wrong", [{"company": " "}, {"currency": "yuan"}, {"timezone": "Mars/Base"}, {"timezone": "../passwd"}]
)
def test_nonsense_is_refused_before_anything_is_made(wrong: dict[str, str]) -> None:
    with pytest.raises(OperationError):
        Identity(**{"kind": "real", "company": "One", **wrong})  # type: ignore[arg-type]


def test_the_address_that_database_url_names_wins(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://boss:p%40ss@db.example:6000/sales?sslmode=require")
    owner, login = address("owner", instance), address("login", instance)
    assert (owner.host, owner.port, owner.name, owner.user, owner.password) == (
        "db.example",
        6000,
        "sales",
        "boss",
        "p@ss",
    )
    assert (login.host, login.user) == ("db.example", "tw_login")
    assert login.password == instance.secrets().passwords["login"]
    assert login.options == {"sslmode": "require"}


@pytest.mark.parametrize("url", ["mysql://a:b@c/d", "postgresql://host/", "postgresql://a:b@host:port/d"])
def test_a_database_url_that_cannot_be_read_is_refused(
    url: str, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(OperationError, match="DATABASE_URL"):
        address("owner", instance)


def test_a_real_company_is_never_removed(folder: Path) -> None:
    real = Instance.create(folder, Identity("real", "One"))
    real.mark_complete()
    for removal in (remove_demo, forget_unfinished):
        with pytest.raises(OperationError, match="real company"):
            removal(real)
    assert Instance.load(folder) == real


def test_removing_a_demo_leaves_what_is_not_ours(instance: Instance) -> None:
    (instance.home / "my notes.txt").write_text("keep me", encoding="utf-8")
    remove_demo(instance)
    left = {path.name for path in instance.home.iterdir()}
    assert left == {"my notes.txt", "owner.lock", "users.lock"}


def test_a_finished_set_up_remembers_with_what(instance: Instance) -> None:
    assert not instance.is_complete
    instance.mark_complete(size="small")
    assert instance.completed_with("size") == "small"
    assert json.loads((instance.home / "completed.json").read_text(encoding="utf-8")) == {"size": "small"}
