"""Every field of every model, sent to every form and endpoint by low roles, writes nothing protected."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from tests.conftest import IS_LONG, sign_in, system
from tests.permissions.expected import MATRIX
from tests.permissions.test_routes import address
from tradewind.platform.spine.models import User

pytestmark = pytest.mark.django_db
NAMES = (
    "id public_id created_at code number opener user path sign_in username password is_active approved_by"
    " submitted_by approved_on role roles changes person_id object_id posted_at digest seal_id is_head token"
)
PROTECTED = frozenset(NAMES.split())
"""Columns that no form of a seller or partner writes: who made it, who decided, who may."""
OWN_ACTS = {"approvals_request": {"path"}}
"""Columns that change when somebody does what they may: taking back one's own request stops its steps."""
SKIPPED = ("spine_event", "spine_command", "spine_delivery", "spine_seal", "spine_session", "django_cache")
VALUES: Mapping[str, Any] = {
    "is_active": True,
    "is_head": True,
    "role": "admin",
    "roles": "admin",
    "password": "tradewind-owned",
    "username": "owned",
    "sign_in": "owned",
    "version": 1,
    "state": "approved",
    "rights": {"organization.role.change": "company"},
    "changes": {"organization.role.change": "company"},
}


def models() -> list[type[Model]]:
    """Every table of ours whose rows outlive a request."""
    ours = (model for model in apps.get_models() if model.__module__.startswith("tradewind"))
    return [model for model in ours if model._meta.db_table not in SKIPPED]


def everything() -> dict[str, Any]:
    """A body that names every field there is."""
    names = {field.name for model in models() for field in model._meta.concrete_fields}
    names |= {field.attname for model in models() for field in model._meta.concrete_fields}
    return {name: VALUES.get(name, "1") for name in sorted(names)}


def kept() -> dict[str, dict[int, tuple[Any, ...]]]:
    """The protected columns of every row."""
    found: dict[str, dict[int, tuple[Any, ...]]] = {}
    with system():
        for model in models():
            protected = PROTECTED - OWN_ACTS.get(model._meta.db_table, set())
            named = [field.attname for field in model._meta.concrete_fields if field.name in protected]
            rows = model._default_manager.values_list("pk", *named)
            if model._meta.db_table != "spine_history":
                found[model._meta.db_table] = {row[0]: row[1:] for row in rows}
    return found


POSTS = sorted(route for route, expected in MATRIX.items() if "sign-" not in route and "see-as" not in route)


@pytest.mark.parametrize("role", ["seller", "partner"] if IS_LONG else ["seller"])
@pytest.mark.parametrize("route", POSTS)
def test_no_body_writes_what_is_not_for_its_sender(route: str, role: str) -> None:
    url, before, body = address(route), kept(), everything()
    client = sign_in(role)
    if route.startswith("api/"):
        for method in ("POST", "PATCH"):
            headers = {"If-Match": '"1"'}
            client.generic(method, url, json.dumps(body), "application/json", headers=headers)
    else:
        client.post(url, {name: json.dumps(v) if isinstance(v, dict) else v for name, v in body.items()})
    after = kept()
    for table, rows in before.items():
        for pk, facts in rows.items():
            # What was empty may have been drawn by its command, such as the number of a confirmed order.
            found = zip(facts, after[table].get(pk, facts), strict=True)
            assert all(new == old or (old is None and new != "1") for old, new in found), (table, pk)
    with system():
        assert User.objects.filter(username="owned").count() == 0
        assert len(after["organization_grant"]) == len(before["organization_grant"])
        assert len(after["organization_role"]) == len(before["organization_role"])
