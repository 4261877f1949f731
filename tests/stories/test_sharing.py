"""Customers and deals shared with people and teams."""

import pytest

from tests.conftest import SignedIn, acting, system
from tests.stories.access import a_customer_of, a_deal_of, check_both_locks, ref
from tradewind.domains.customers import commands as customers
from tradewind.domains.customers.models import Contact, Customer
from tradewind.domains.organization.models import Person, Unit
from tradewind.domains.pipeline.models import Opportunity
from tradewind.kernel.errors import NotAllowed, NotVisible
from tradewind.platform.spine.access.scopes import scope_of
from tradewind.platform.spine.command import Given, Ref
from tradewind.platform.spine.sharing import Sharing

pytestmark = pytest.mark.django_db


def test_a_shared_customer_brings_its_contacts_and_deals_and_is_changed_only_where_said() -> None:
    mine, deal = a_customer_of("seller"), a_deal_of("seller")
    with system() as actor:
        customers.create_contact(actor, Given({"customer_id": deal.customer_id, "name": "王工"}))
        mine = Customer.objects.get(pk=deal.customer_id or 0)
        other = Person.objects.get(sign_in="chu.ning")
    with acting("chu.ning") as actor:
        assert not Customer.objects.filter(pk=mine.pk).exists()
    with acting("seller") as actor:
        customers.sharing.share(actor, ref(mine), Sharing(person_id=other.pk))
    with acting("chu.ning") as actor:
        assert Customer.objects.filter(scope_of("customers.customer").visible(actor), pk=mine.pk).exists()
        assert Contact.objects.filter(scope_of("customers.contact").visible(actor), customer=mine).exists()
        assert Opportunity.objects.filter(
            scope_of("pipeline.opportunity").visible(actor), pk=deal.pk
        ).exists()
        with pytest.raises(NotAllowed):
            customers.edit_customer(actor, ref(mine), Given({"note": "改"}))
        assert Customer.objects.filter(pk=mine.pk).update(note="改") == 0, "the database, too"
        check_both_locks(actor)
    with acting("seller") as actor:
        customers.sharing.share(actor, ref(mine), Sharing(person_id=other.pk, may_change=True))
    with acting("chu.ning") as actor:
        assert customers.edit_customer(actor, ref(mine), Given({"note": "改"})).note == "改"
        with pytest.raises(NotAllowed):
            customers.sharing.share(actor, Ref(mine.public_id, mine.version + 1), Sharing(person_id=1))
        check_both_locks(actor)
    with acting("seller") as actor:
        mine.refresh_from_db()
        customers.sharing.unshare(actor, ref(mine), Sharing(person_id=other.pk))
    with acting("chu.ning") as actor, pytest.raises(NotVisible):
        customers.edit_customer(actor, ref(mine), Given({"note": "再改"}))


def test_what_is_shared_with_a_unit_is_seen_by_whoever_works_there(signed_in: SignedIn) -> None:
    mine = a_customer_of("seller")
    address = f"/access/customers.customer/{mine.public_id}"
    client = signed_in("seller")
    assert (
        client.post(address, {"version": mine.version, "unit": "gz1", "may_change": "no"}).status_code == 302
    )
    page = client.get(address).content.decode()
    assert "广州销售部" in page
    for name, is_there in (("chu.ning", True), ("feng.lei", True), ("shen.bo", False)):
        with acting(name) as actor:
            assert Customer.objects.filter(pk=mine.pk).exists() == is_there
            check_both_locks(actor)
    assert signed_in("chu.ning").post(f"{address}/unshare", {"unit": "1"}).status_code in (302, 403)
    with system():
        unit = Unit.objects.get(code="gz1")
    assert client.post(f"{address}/unshare", {"unit": unit.pk}).status_code == 302
    with acting("chu.ning"):
        assert not Customer.objects.filter(pk=mine.pk).exists()


def test_sharing_says_at_the_field_what_is_wrong(signed_in: SignedIn) -> None:
    mine = a_customer_of("seller")
    address, client = f"/access/customers.customer/{mine.public_id}", signed_in("seller")
    for body in ({}, {"person": "manager", "unit": "gz1"}, {"person": "nobody.at.all"}, {"unit": "no-unit"}):
        asked = {"version": mine.version, "may_change": "no", **body}
        assert client.post(address, asked).status_code == 422
    stale = {"version": mine.version + 7, "person": "manager", "may_change": "no"}
    assert client.post(address, stale).status_code == 409
    assert signed_in("partner").get(address).status_code == 404
