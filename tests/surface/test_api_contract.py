"""Whatever a program sends that the description of the API allows, or nearly: answered as described.

Schemathesis makes the requests, valid and spoilt, from the description that is served; about half of them are
sent about objects that are really there. None breaks anything (5xx), and each is undone before the next.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok

from tests.conftest import IS_LONG, sign_in
from tests.stories.entering import sign_in_page
from tests.stories.test_sign_in_tokens import make, program
from tradewind.platform.surface.account import bearer
from tradewind.platform.surface.account.bearer import Pace

pytestmark = pytest.mark.django_db
ACTORS = ("admin", "manager", "seller by token")
HERE = "http://testserver"
EACH = 50 if IS_LONG else 3
"""Requests of each kind, valid and spoilt, to each operation by each actor."""
LEAST = 6_700 if IS_LONG else 300
"""Operations without anything to vary are asked once, so the sum is asserted and not taken for granted."""
NAMES = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
AREAS = (
    "activities",
    "contacts",
    "customers",
    "opportunities",
    "orders",
    "people",
    "plans",
    "products",
    "units",
)
NOT_SENT = ("Content-Length", "Cookie", "Authorization")
"""The actor's own are sent."""
NAMING = {
    "customer": "customers",
    "owner": "people",
    "person": "people",
    "to": "people",
    "contact": "contacts",
    "opportunity": "opportunities",
    "product": "products",
    "unit": "units",
}
"""Fields that name an object, and where such objects are found."""
TRIED = settings(
    max_examples=EACH,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever was written in here is not."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Caller:
    """One actor before every operation, with what was found wrong."""

    def __init__(self, client: Client) -> None:
        client.raise_request_exception = False
        self.client = client
        self.troubles: dict[str, str] = {}
        self.answers: Counter[int] = Counter()
        self.known = {area: self._listed(area) for area in AREAS}
        load_all_checks()
        self.checks: list[Any] = [CHECKS.get_one(name) for name in NAMES]

    def _listed(self, area: str) -> list[dict[str, Any]]:
        body = self.client.get(f"/api/v1/{area}?limit=20").json()
        return list(body["items"] if isinstance(body, dict) else body)

    def about(self, case: Any, chosen: st.DataObject) -> None:
        """Send it about an object that is there, as it stands now."""
        area = case.path.split("/")[3]
        known = self.known.get(area)
        if known and "public_id" in (case.path_parameters or {}):
            one = chosen.draw(st.sampled_from(known))
            case.path_parameters["public_id"] = one["id"]
            if "version" in one:
                case.headers["If-Match"] = f'"{one["version"]}"'
        case.body = self._named(case.body, area, chosen)

    def _named(self, said: Any, area: str, chosen: st.DataObject) -> Any:
        if isinstance(said, list):
            return [self._named(one, area, chosen) for one in said[:50]]
        if not isinstance(said, dict):
            return said
        there = {key: self.known.get(NAMING.get(key, area if key == "id" else "")) for key in said}
        return {
            key: chosen.draw(st.sampled_from(there[key] or []))["id"]
            if there[key] and isinstance(value, str)
            else self._named(value, area, chosen)
            for key, value in said.items()
        }

    def send(self, case: Any) -> None:
        """Ask, undo, and judge the answer."""
        asked = requests.Request(**case.as_transport_kwargs(base_url=HERE)).prepare()
        at = urlsplit(str(asked.url))
        kind = str(asked.headers.pop("Content-Type", "application/json"))
        headers = {name: str(value) for name, value in asked.headers.items() if name not in NOT_SENT}
        with undone():
            answer: Any = self.client.generic(
                str(asked.method), f"{at.path}?{at.query}", asked.body or b"", kind, headers=headers
            )
        self.answers[answer.status_code] += 1
        said = schemathesis.Response(
            answer.status_code,
            {name.lower(): [value] for name, value in answer.items()},
            answer.content,
            asked,
            elapsed=0,
            verify=False,
        )
        try:
            case.validate_response(said, checks=self.checks)
        except FailureGroup as found:  # every finding is kept and told at the end
            for wrong in found.exceptions:
                name = f"{case.operation.label} answers {answer.status_code}: {type(wrong).__name__}"
                body = answer.content[:300].decode(errors="replace")
                why = str(wrong).partition("Schema:")[0][:300]
                self.troubles.setdefault(
                    name, f"{why}\n{asked.method} {asked.url} {asked.body!r:.400}\n{body}"
                )


@pytest.fixture(params=ACTORS)
def caller(request: pytest.FixtureRequest, db: None, monkeypatch: pytest.MonkeyPatch) -> Caller:
    name, _, by_token = request.param.partition(" ")
    if not by_token:
        return Caller(sign_in(name))
    monkeypatch.setattr(bearer, "PACE", Pace(at_once=10**9))
    areas = ("activities", "contacts", "customers", "opportunities", "orders")
    return Caller(program(make(sign_in_page(name), *(f"{area}:write" for area in areas))))


def test_every_answer_is_as_described_and_none_is_a_breakdown(caller: Caller) -> None:
    served = Client().get("/api/v1/openapi.json").json()
    for found in schemathesis.openapi.from_dict(served).get_all_operations():
        assert isinstance(found, Ok), found
        for mode in GenerationMode:
            try_out(caller, found.ok().as_strategy(generation_mode=mode))
    assert not caller.troubles, "\n\n".join(f"{name}\n{said}" for name, said in caller.troubles.items())
    assert caller.answers.total() >= LEAST, caller.answers
    assert {200, 201, 404, 422} <= set(caller.answers), caller.answers


def try_out(caller: Caller, cases: st.SearchStrategy[Any]) -> None:
    @TRIED
    @given(cases, st.booleans(), st.data())
    def sent(case: Any, is_about_something: bool, chosen: st.DataObject) -> None:
        if is_about_something:
            caller.about(case, chosen)
        caller.send(case)

    sent()
