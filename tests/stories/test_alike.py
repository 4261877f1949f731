"""Customers that may be one are found after they were made, and shown to whoever sees both."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import SignedIn, acting, system
from tradewind.domains.customers import alike
from tradewind.domains.customers.commands import create_customer, remove_customers
from tradewind.domains.customers.models import Customer, Likeness
from tradewind.domains.customers.tasks import look
from tradewind.domains.organization.queries import ids_by_sign_in
from tradewind.kernel.errors import NotVisible
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import Given, Ref

SELLER, OTHER = "seller", "wu.qiang"


def made(actor: Actor, name: str, owner: str = SELLER, **facts: object) -> Customer:
    owners = ids_by_sign_in([owner])
    return create_customer(actor, Given({"name": name, "owner_id": owners[owner], **facts}))


def found(*customers: Customer) -> dict[tuple[str, str], tuple[str, list[str]]]:
    """The pairs among these, by their names."""
    names = {row.pk: row.name for row in customers}
    rows = Likeness.objects.filter(first_id__in=names, second_id__in=names).order_by("first_id", "second_id")
    return {(names[row.first_id], names[row.second_id]): (str(row.score), row.why) for row in rows}


def looked() -> None:
    with system() as actor:
        while alike.look_for_alike(actor, None):
            pass


@pytest.mark.django_db
def test_what_shares_a_name_a_domain_or_a_number_is_found_and_nothing_else() -> None:
    looked()
    with system() as actor:
        rows = [
            made(actor, "海风潮声机械有限公司", city="上海"),
            made(actor, "海风潮声机械制造有限公司", city="上海"),
            made(actor, "海风潮声机械制造厂", city="北京"),
            made(actor, "星河集团", website="https://www.xinghe.cn/about", phone="021-58001234"),
            made(actor, "星河贸易", email="info@xinghe.cn", phone="021-58001299"),
            made(actor, "远山", city="上海"),
        ]
    looked()
    with system():
        assert found(*rows) == {
            ("海风潮声机械有限公司", "海风潮声机械制造有限公司"): ("0.55", ["name", "city"]),
            ("星河集团", "星河贸易"): ("0.65", ["name", "domain", "phone"]),
        }


@pytest.mark.django_db
def test_the_search_goes_on_where_it_stopped_and_asks_no_dismissed_pair_again() -> None:
    looked()
    with system() as actor:
        first, second = made(actor, "海风潮声机械", city="上海"), made(actor, "海风潮声机械厂", city="上海")
    looked()
    with acting("manager") as actor:
        pair = Likeness.objects.get(first_id=first.pk, second_id=second.pk)
        alike.dismiss(actor, Ref(pair.public_id, pair.version), Given({}))
    with system() as actor:
        third = made(actor, "海风潮声机械局", city="上海")
    looked()
    with system():
        assert set(found(first, second, third)) == {
            ("海风潮声机械", "海风潮声机械厂"),
            ("海风潮声机械", "海风潮声机械局"),
            ("海风潮声机械厂", "海风潮声机械局"),
        }
        assert Likeness.objects.get(pk=pair.pk).is_dismissed


@pytest.mark.django_db
def test_what_many_have_in_common_tells_nobody_apart() -> None:
    looked()
    with system() as actor:
        rows = [
            made(actor, f"{chr(0x4E00 + n)}号", email=f"a{n}@qq.com", phone=f"021-580012{n:02}")
            for n in range(30)
        ]
    looked()
    with system():
        assert found(*rows) == {}


@pytest.mark.django_db
def test_a_pair_is_shown_to_whoever_sees_both_and_dismissed_by_them_alone(signed_in: SignedIn) -> None:
    looked()
    with system() as actor:
        mine, theirs = (
            made(actor, "海风潮声机械", city="上海"),
            made(actor, "海风潮声机械厂", OTHER, city="上海"),
        )
    looked()
    with system():
        pair = Likeness.objects.get(first_id=mine.pk, second_id=theirs.pk)
    for reader, is_shown in (("manager", True), ("director", True), ("seller", False), ("field", False)):
        page = signed_in(reader).get("/customers/alike").content.decode()
        assert (theirs.code in page) == is_shown, reader
    with acting("seller") as actor, pytest.raises(NotVisible):
        alike.dismiss(actor, Ref(pair.public_id, pair.version), Given({}))
    client = signed_in("manager")
    address = f"/customers/alike/{pair.public_id}/dismiss"
    assert client.post(address, {"version": "x"}).status_code == 422
    assert client.post(address, {"version": pair.version}, follow=True).status_code == 200
    assert theirs.code not in client.get("/customers/alike").content.decode()
    assert client.post(address, {"version": pair.version}).status_code == 409


@pytest.mark.django_db
def test_a_dismissal_is_undone_from_its_message(signed_in: SignedIn) -> None:
    looked()
    with system() as actor:
        one, other = (made(actor, name, city="上海") for name in ("海风潮声机械", "海风潮声机械厂"))
    looked()
    with system():
        pair = Likeness.objects.get(first_id=one.pk, second_id=other.pk)
    client = signed_in("manager")
    undo = f"/customers/alike/{pair.public_id}/reopen?version={pair.version + 1}"
    dismissed = client.post(
        f"/customers/alike/{pair.public_id}/dismiss", {"version": pair.version}, follow=True
    )
    assert undo in dismissed.content.decode()
    assert other.code not in client.get("/customers/alike").content.decode()
    assert other.code in client.post(undo, follow=True).content.decode()
    assert client.post(undo).status_code == 409


@pytest.mark.django_db
def test_the_database_itself_shows_a_pair_only_to_whoever_sees_both() -> None:
    looked()
    with system() as actor:
        mine, theirs = (
            made(actor, "海风潮声机械", city="上海"),
            made(actor, "海风潮声机械厂", OTHER, city="上海"),
        )
    looked()
    for reader, count in (("seller", 0), ("manager", 1)):
        with acting(reader):
            pairs = Likeness.objects.filter(first_id=mine.pk, second_id=theirs.pk)
            assert (reader, pairs.count(), pairs.update(score="0.50")) == (reader, count, count)


def test_the_job_looks_until_nothing_is_left_and_a_removed_customer_leaves_no_pair(own_database: str) -> None:
    with system() as actor:
        rows = [made(actor, name, city="上海") for name in ("海风潮声机械", "海风潮声机械厂")]
    look(0)
    with acting("director") as actor:
        assert any(one.first.pk == rows[0].pk for one in alike.open_pairs(actor))
        assert remove_customers(actor, [rows[0].pk]) == []
        assert all(one.first.pk != rows[0].pk for one in alike.open_pairs(actor))


@pytest.mark.django_db
def test_the_page_takes_no_more_statements_for_more_pairs(signed_in: SignedIn) -> None:
    client = signed_in("manager")

    def statements() -> int:
        client.get("/customers/alike")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/customers/alike").status_code == 200
        return len(captured)

    looked()
    few = statements()
    with system() as actor:
        for n in range(6):
            made(actor, f"海风潮声机械{n}", city="上海")
    looked()
    assert statements() <= few + 1 <= 18
