"""What integrators rely on: the description of the API changes only when somebody says so."""

import json
from collections import Counter
from collections.abc import Iterator
from difflib import unified_diff
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from ninja import Schema

pytestmark = pytest.mark.django_db

KEPT = Path(__file__).with_name("openapi.json")
SHOWN = 60
RENEW = "If that is meant: ./tw test tests/surface/test_openapi.py --renew, and look at the difference."


@pytest.fixture
def served() -> dict[str, Any]:
    """The description as anybody gets it."""
    answer: dict[str, Any] = Client().get("/api/v1/openapi.json").json()
    return answer


def operations(served: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in served["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_the_contract_is_what_was_agreed(served: dict[str, Any], request: pytest.FixtureRequest) -> None:
    text = json.dumps(served, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if request.config.getoption("--renew"):
        KEPT.write_text(text, encoding="utf-8")
    agreed = KEPT.read_text(encoding="utf-8") if KEPT.exists() else ""
    if text != agreed:
        lines = unified_diff(agreed.splitlines(), text.splitlines(), "agreed", "served", lineterm="", n=2)
        pytest.fail("\n".join(["The API changed.", *islice(lines, SHOWN), RENEW]), pytrace=False)


def test_the_contract_is_the_same_in_every_language(served: dict[str, Any]) -> None:
    for language in ("en", "zh-hans"):
        assert Client().get("/api/v1/openapi.json", headers={"Accept-Language": language}).json() == served


def test_every_operation_says_what_it_does_and_has_a_name_of_its_own(served: dict[str, Any]) -> None:
    named = Counter(operation["operationId"] for _, operation in operations(served))
    assert [name for name, times in named.items() if times > 1] == []
    silent = [at for at, one in operations(served) if not (one.get("summary") or one.get("description"))]
    assert silent == []


def shapes(above: type[Schema] = Schema) -> Iterator[type[Schema]]:
    for shape in above.__subclasses__():
        yield from (shape, *shapes(shape))


def test_no_two_shapes_share_a_name(served: dict[str, Any]) -> None:
    """Of two of one name only one would be described, and the other's operations described wrongly."""
    ours = {shape for shape in shapes() if shape.__module__.startswith("tradewind.")}
    named = Counter(shape.__name__ for shape in ours)
    assert len(named) > 50
    assert [name for name, times in named.items() if times > 1] == []


def test_every_operation_says_how_it_refuses(served: dict[str, Any]) -> None:
    assert "Problem" in served["components"]["schemas"]
    mute = [
        at for at, one in operations(served) if "application/problem+json" not in json.dumps(one["responses"])
    ]
    assert mute == []
