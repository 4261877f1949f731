"""The record of acts: searched by whoever may, exports on it; people erased without breaking a seal."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tests.conftest import SignedIn, acting, sign_in, system
from tests.spine.test_record import Owner, report, sealed
from tests.stories.access import change_role
from tests.stories.staff import on_day
from tradewind.config.commands.test import TEST_DAY
from tradewind.config.verification import verify
from tradewind.domains.customers import commands as customers
from tradewind.domains.customers.models import Contact, Customer
from tradewind.domains.organization import personal, staffing
from tradewind.domains.organization.agreements import Terms, keep_agreement
from tradewind.domains.organization.models import Agreement, Person
from tradewind.domains.organization.queries import person_ref, unit_ref
from tradewind.domains.organization.staffing import Leaving
from tradewind.kernel.errors import NotAllowed, Refused
from tradewind.platform.spine.access.scopes import ERASED
from tradewind.platform.spine.auditing import Wanted, acts
from tradewind.platform.spine.command import Given, Ref
from tradewind.platform.spine.models import Command


def a_contact(name: str = "王敏慧") -> Contact:
    with acting("seller") as actor:
        customer = Customer.objects.filter(owner_id=actor.person_id).order_by("id")[0]
        given = {
            "customer_id": customer.pk,
            "name": name,
            "mobile": "13511112222",
            "email": "min@example.com",
        }
        made = customers.create_contact(actor, Given(given))
        return customers.edit_contact(actor, Ref(made.public_id, 1), Given({"mobile": "13533334444"}))


@pytest.mark.django_db
def test_an_administrator_finds_who_changed_what_from_what_to_what(signed_in: SignedIn) -> None:
    contact = a_contact()
    page = signed_in("admin").get("/settings/audit?person=陈小雨&resource=customers.contact").content.decode()
    for words in ("陈小雨", contact.name, "13511112222", "13533334444", "customers.contact.edit"):
        assert words in page
    assert "13533334444" not in signed_in("admin").get("/settings/audit?person=林岚").content.decode()
    later = TEST_DAY + timedelta(days=400)
    assert "没有找到" in signed_in("admin").get(f"/settings/audit?first={later}").content.decode()


@pytest.mark.django_db
def test_the_record_goes_on_page_by_page_each_act_once() -> None:
    with system():
        every = list(Command.objects.order_by("-id").values_list("id", flat=True)[:120])
    with acting("admin") as actor:
        found: list[int] = []
        before = None
        while len(found) < 120:
            part = acts(actor, Wanted(before=before), 50)
            found += [one.id for one in part]
            before = part[-1].id
    assert found[:120] == every


@pytest.mark.django_db
def test_the_page_turns_to_older_acts_and_back_to_newer_ones(signed_in: SignedIn) -> None:
    client = signed_in("admin")

    def turned(page: str, to: str) -> str:
        address = re.search(rf'<a [^>]*href="([^"]+)"[^>]* rel="{to}"', page)
        assert address, to
        return client.get("/settings/audit" + html.unescape(address[1])).content.decode()

    def ids(page: str) -> list[int]:
        return [int(one) for one in re.findall(r"</code> #(\d+)", page)]

    people = client.get("/settings/audit").content.decode()
    first = client.get("/settings/audit?system=on").content.decode()
    assert "系统</span>" not in people
    assert "系统</span>" in first
    assert 'rel="prev"' not in first
    assert "上一期" not in first
    second = turned(first, "next")
    third = turned(second, "next")
    assert len({*ids(first), *ids(second), *ids(third)}) == 150
    assert ids(turned(third, "prev")) == ids(second)
    assert ids(turned(turned(third, "prev"), "prev")) == ids(first)


@pytest.mark.django_db
def test_what_a_role_may_do_since_a_change_is_told_in_words(signed_in: SignedIn) -> None:
    change_role("seller", customers__customer__view="team")
    page = signed_in("admin").get("/settings/audit?verb=organization.role.change").content.decode()
    assert "客户 · 查看: 本部门" in page
    assert "{&#x27;" not in page


@pytest.mark.django_db
def test_who_acted_the_day_and_the_object_lead_on(signed_in: SignedIn) -> None:
    contact = a_contact()
    with system():
        seller = Person.objects.get(sign_in="seller")
    page = (
        signed_in("admin").get("/settings/audit?person=陈小雨&verb=customers.contact.edit").content.decode()
    )
    for words in (
        f'href="/people/{seller.public_id}"',
        f'href="/contacts/{contact.public_id}"',
        "?first=2",
        "联系人 · 手机",
        "修改",
    ):
        assert words in page
    assert "customers_contact ·" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["person=nobody.at.all", "first=yesterday", "resource=no.such", "verb=x"])
def test_what_cannot_be_looked_for_is_said_at_its_field(signed_in: SignedIn, query: str) -> None:
    assert signed_in("admin").get(f"/settings/audit?{query}").status_code == 422
    assert signed_in("admin").get(f"/settings/audit.csv?{query}").status_code == 422


@pytest.mark.django_db
def test_nobody_else_searches_the_record_nor_does_the_database_let_them(signed_in: SignedIn) -> None:
    assert signed_in("director").get("/settings/audit").status_code == 403
    for name in ("director", "seller"):
        with acting(name) as actor:
            with pytest.raises(NotAllowed):
                acts(actor, Wanted(), 1)
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT * FROM tw_audit(NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1)")


@pytest.mark.django_db
def test_exports_stand_on_the_record_with_what_was_asked(signed_in: SignedIn) -> None:
    client = signed_in("manager")
    for address in ("/customers.csv?grade=A", "/tracking.csv", "/figures.csv?measure=won_deals"):
        assert client.get(address).status_code == 200
    page = signed_in("admin").get("/settings/audit?verb=export").content.decode()
    for words in ("customers.customer.export", "grade=A", "planning.target.export", "ledger.entry.export"):
        assert words in page
    lines = signed_in("admin").get("/settings/audit.csv?verb=export").content.decode("utf-8-sig")
    assert "grade=A" in lines
    assert "audit.act.export" in signed_in("admin").get("/settings/audit?verb=export").content.decode()


@pytest.mark.django_db
def test_everybody_reads_what_is_known_of_them_and_looking_is_recorded(signed_in: SignedIn) -> None:
    page = signed_in("seller").get("/me/data").content.decode()
    for words in ("陈小雨", "上海销售部", "客户与销售", "业绩与计划", "负责人"):
        assert words in page
    assert not re.search(r"<t[hd][^>]*>[a-z]+_[a-z_.]+<", page), "tables and columns have words"
    told = json.loads(signed_in("seller").get("/me/data?as=json").content)
    with acting("seller") as actor:
        assert (
            told["rows"]["customers_customer.owner_id"]
            == Customer.objects.filter(owner_id=actor.person_id).count()
        )
    with system():
        seller = Person.objects.get(sign_in="seller")
        looked = Command.objects.filter(name=personal.DISCLOSE, object_id=seller.pk)
        assert looked.count() == 2
    assert signed_in("manager").get(f"/people/{seller.public_id}/data").status_code == 403
    assert signed_in("hr").get(f"/people/{seller.public_id}/data").status_code == 200


def test_a_contact_is_erased_with_its_history_and_the_seal_holds(own_database: str, owner: Owner) -> None:
    contact = a_contact()
    sealed()
    client, address = sign_in("admin"), f"/erase/customers.contact/{contact.public_id}"
    assert "手机" in client.get(address).content.decode()
    assert client.post(address, {"version": contact.version, "reason": "本人要求"}).status_code == 302
    with system():
        row = Contact.objects.get(pk=contact.pk)
        assert (row.name, row.mobile, row.email, row.customer_id) == (ERASED, "", "", contact.customer_id)
    for secret in ("王敏慧", "13511112222", "13533334444", "min@example.com"):
        assert secret not in client.get(f"/contacts/{contact.public_id}").content.decode()
        held = owner.execute(
            "SELECT count(*) FROM spine_history WHERE old::text LIKE %s OR new::text LIKE %s",
            [f"%{secret}%"] * 2,
        ).fetchone()
        assert held == (0,), secret
    sealed()
    assert (report().broken_seals, report().changed_rows) == ((), ())
    assert all(one.is_right for one in verify())


def test_the_contact_of_a_sales_unit_is_erased_in_its_contract_too(own_database: str, owner: Owner) -> None:
    """Li Zhiyuan leaves the agent; his name and phone leave its contract, number and term stay."""
    with system():
        contracts = {one.unit.code: one for one in Agreement.objects.select_related("unit")}
    mine, other = contracts["ny1"], contracts["yt1"]
    assert (mine.their_contact, mine.their_phone) == ("李致远", "13800001101")
    agreed_with("yt1", "李致远", "13900002202")  # somebody of the same name elsewhere
    erased("partner")
    with system():
        after, same_name = (Agreement.objects.get(pk=one.pk) for one in (mine, other))
        assert (after.their_contact, after.their_phone) == (ERASED, "")
        kept = ("number", "starts_on", "ends_on", "contact_id", "acknowledged_on", "acknowledged_by_id")
        assert [getattr(after, name) for name in kept] == [getattr(mine, name) for name in kept]
        assert same_name.their_contact == "李致远"
    assert mentions(owner, "organization_agreement", mine.pk, "李致远", "13800001101") == 0
    page = sign_in("admin").get("/settings/audit?verb=erase").content.decode()
    assert 'title="organization.agreement.erase"' in page
    assert "李致远" not in sign_in("director").get(f"/units/{mine.unit.public_id}").content.decode()
    sealed()
    assert (report().broken_seals, report().changed_rows) == ((), ())


def test_who_was_the_contact_once_is_erased_in_the_history_and_the_new_one_stays(
    own_database: str, owner: Owner
) -> None:
    agreed_with("ny1", "骆英", "13700003303")
    with system():
        row = Agreement.objects.select_related("unit").get(unit__code="ny1")
    assert mentions(owner, "organization_agreement", row.pk, "李致远") > 0
    erased("partner")
    with system():
        row.refresh_from_db()
        assert (row.their_contact, row.their_phone) == ("骆英", "13700003303")
    assert mentions(owner, "organization_agreement", row.pk, "李致远", "13800001101") == 0
    sealed()
    assert (report().broken_seals, report().changed_rows) == ((), ())


def agreed_with(code: str, contact: str, phone: str) -> None:
    with acting("director") as actor:
        row = Agreement.objects.select_related("contact").get(unit__code=code)
        given = Terms(row.kind, row.starts_on, row.contact.sign_in, row.last_on, row.number, contact, phone)
        keep_agreement(actor, unit_ref(actor, code), given)
    sealed()


def erased(sign_in_name: str) -> None:
    with acting("hr") as actor:
        staffing.leave(actor, person_ref(actor, sign_in_name), Leaving(TEST_DAY))
    sealed()
    with on_day(TEST_DAY + timedelta(days=1)), acting("hr") as actor:
        personal.erase_person(actor, person_ref(actor, sign_in_name), Given({}, "本人要求"))


def mentions(owner: Owner, table: str, row: int, *secrets: str) -> int:
    """How many rows of history still name one of these."""
    found = owner.execute(
        "SELECT count(*) FROM spine_history WHERE table_name = %s AND row_id = %s"
        " AND concat(old::text, new::text) LIKE ANY (%s)",
        [table, row, [f"%{secret}%" for secret in secrets]],
    ).fetchone()
    assert found is not None
    return int(found[0])


@pytest.mark.django_db
def test_only_an_act_of_erasing_blanks_history() -> None:
    contact = a_contact()
    with system(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT tw_erase('customers_contact', %s, ARRAY['mobile'])", [contact.pk])
    with acting("seller"), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT tw_erase('customers_contact', %s, ARRAY['mobile'])", [contact.pk])
    for name in ("seller", "director"):
        assert sign_in(name).post(f"/erase/customers.contact/{contact.public_id}").status_code == 403


@pytest.mark.django_db
def test_whoever_has_left_is_erased_and_their_figures_stay() -> None:
    with acting("hr") as actor:
        with pytest.raises(Refused) as here:
            personal.erase_person(actor, person_ref(actor, "seller"), Given({}))
        assert here.value.code == "organization.still_here"
        staffing.leave(actor, person_ref(actor, "seller"), Leaving(TEST_DAY))
    with system():
        seller = Person.objects.get(sign_in="seller")
        before = sign_in("director").get("/api/v1/figures?measure=bookings").json()["total"]
    with on_day(TEST_DAY + timedelta(days=1)):
        with acting("hr") as actor:
            personal.erase_person(actor, person_ref(actor, "seller"), Given({}, "本人要求"))
            seller.refresh_from_db()
            with pytest.raises(Refused):
                personal.erase_person(actor, Ref(seller.public_id, seller.version), Given({}))
        with system():
            seller.refresh_from_db()
            assert (seller.name, seller.sign_in) == (ERASED, f"erased-{seller.pk}")
            assert seller.user is not None
            assert (seller.user.username, seller.user.is_active) == (f"erased-{seller.pk}", False)
        page = sign_in("admin").get("/settings/audit?verb=erase").content.decode()
        assert "陈小雨" not in page
        assert sign_in("director").get("/api/v1/figures?measure=bookings").json()["total"] == before
