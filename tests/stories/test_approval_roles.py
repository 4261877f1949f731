"""Steps by roles of the company's own: offered, asked, and what becomes of a step whose role is retired."""

from typing import Any

import pytest

from tests.conftest import SignedIn, acting, system
from tests.stories.access import give
from tests.stories.agreeing import PRICE, act, ask, asked, person, product
from tradewind.domains.approvals import commands
from tradewind.domains.approvals.commands.processes import drafted
from tradewind.domains.approvals.models import Process
from tradewind.domains.organization import authorizing
from tradewind.domains.organization.authorizing import NewRole, Retirement
from tradewind.kernel.errors import DomainError
from tradewind.platform.spine.command import Ref

pytestmark = pytest.mark.django_db


@pytest.fixture
def lawyers() -> str:
    """The key of a role that the company made for itself; 许静 of human resources holds it beside hers."""
    with acting("admin") as actor:
        key = authorizing.create_role(actor, NewRole("法务", "finance"))
    give("hr", "hr", key)
    return key


def process() -> Process:
    with system():
        return Process.objects.get(subject=PRICE)


def publish(key: str, fallback: int | None) -> None:
    one = process()
    step: dict[str, Any] = {"who": "role", "role": key, "is_company_wide": True}
    content = {"fallback": fallback, "routes": [{"name": "", "steps": [step]}]}
    with acting("admin") as actor:
        commands.publish(actor, Ref(one.public_id, one.version), drafted(content))


def retire(key: str) -> None:
    give("hr", "hr")
    with acting("admin") as actor:
        authorizing.retire_role(actor, Retirement(key))


def test_the_designer_offers_the_companys_roles_and_their_holders_decide(
    lawyers: str, signed_in: SignedIn
) -> None:
    admin, one = signed_in("admin"), process()
    at = f"/settings/approvals/{one.public_id}"
    page = admin.get(at).content.decode()
    assert f'<option value="role:{lawyers}*">全公司的法务</option>' in page
    form = {"version": str(one.version), "r0-is": "1", "r0-s0-is": "1", "r0-s0-who": f"role:{lawyers}*"}
    assert admin.post(at, {**form, "do": "publish"}).status_code == 302
    made = ask("seller", 6000)
    assert asked(made) == ["hr"]
    page = signed_in("hr").get(f"/approvals/{made.public_id}").content.decode()
    assert "全公司的法务" in page
    assert act("hr", commands.approve, made).state == "approved"
    assert product().list_price == 6000


def test_a_role_retired_while_a_process_names_it_leaves_its_steps_to_the_second_person_and_says_so(
    lawyers: str, signed_in: SignedIn
) -> None:
    publish(lawyers, person("admin").pk)
    running = ask("seller", 25000, "ZN-CARE")
    retire(lawyers)
    assert asked(running) == ["hr"]  # who was asked before still decides
    assert act("hr", commands.approve, running).state == "approved"
    made = ask("seller", 6000)
    assert asked(made) == ["admin"]
    page = signed_in("admin").get(f"/approvals/{made.public_id}").content.decode()
    assert "角色“法务”已停用" in page
    at = f"/settings/approvals/{process().public_id}"
    for address in (at, "/settings/approvals"):
        page = signed_in("admin").get(address).content.decode()
        assert "法务”已停用" in page or "法务已停用" in page


def test_without_a_second_person_such_a_request_is_refused_with_the_name_of_the_role(lawyers: str) -> None:
    publish(lawyers, None)
    retire(lawyers)
    with pytest.raises(DomainError) as found:
        ask("seller", 6000)
    assert (found.value.code, found.value.facts) == ("approvals.role_gone", {"step": 1, "role": "法务"})


def test_a_retired_role_is_offered_no_more_and_cannot_be_put_in_force(
    lawyers: str, signed_in: SignedIn
) -> None:
    retire(lawyers)
    admin, one = signed_in("admin"), process()
    at = f"/settings/approvals/{one.public_id}"
    assert f"role:{lawyers}" not in admin.get(at).content.decode()
    form = {"version": str(one.version), "r0-is": "1", "r0-s0-is": "1", "r0-s0-who": f"role:{lawyers}"}
    refused = admin.post(at, {**form, "do": "publish"})
    assert refused.status_code == 422
    assert "法务（已停用）" in refused.content.decode()  # what stands in the draft is still shown
    assert "请另选一个角色" in refused.content.decode()
    content = {"routes": [{"steps": [{"who": "role", "role": lawyers}]}]}
    with acting("admin") as actor, pytest.raises(DomainError) as found:
        commands.publish(actor, Ref(one.public_id, one.version), drafted(content))
    assert found.value.code == "approvals.retired_role"
