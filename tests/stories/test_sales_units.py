"""Outside sales units: what is agreed with them, their word on conduct, and skills of positions."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.conftest import SignedIn, acting, system
from tests.stories.staff import DAY, on_day
from tests.surface.bringing import brought_in, problems
from tradewind.config.commands.test import TEST_DAY
from tradewind.domains.catalog.models import Product
from tradewind.domains.customers.models import Customer
from tradewind.domains.organization import agreements, beside, charts, staffing, structure
from tradewind.domains.organization.agreements import Conduct, Terms, Word
from tradewind.domains.organization.authorizing import Roles, set_roles
from tradewind.domains.organization.models import Agreement, Person, Position, Skill, Unit
from tradewind.domains.organization.queries import person_ref, unit_ref
from tradewind.domains.organization.skills import edit_skill
from tradewind.domains.organization.staffing import AdditionalPost, Hiring, Transfer
from tradewind.domains.organization.standing_in import Absence, arrange
from tradewind.domains.organization.structure import NewUnit, PositionFacts
from tradewind.kernel.errors import DomainError, NotAllowed, NotVisible, Refused
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import Given, Ref

pytestmark = pytest.mark.django_db
TERMS = Terms("agent", date(2026, 1, 1), "feng.lei", date(2026, 12, 31), "QD-1", "李致远", "13800001101")


def agreement(code: str) -> Agreement:
    with system():
        rows = Agreement.objects.select_related("unit", "contact", "acknowledged_by")
        return rows.get(unit__code=code)


def test_each_sales_unit_sees_its_own_contract_and_no_other(signed_in: SignedIn) -> None:
    own, other = agreement("ny1"), agreement("yt1")
    sees = {
        "partner": {"ny1"},
        "nie.feng": {"yt1"},
        "seller": set(),
        "hr": set(),
        "manager": set(),
        "director": {"ny1", "yt1"},
        "finance": {"ny1", "yt1"},
    }
    for who, codes in sees.items():
        with acting(who) as actor:
            assert set(Agreement.objects.values_list("unit__code", flat=True)) == codes, who
            for one in (own, other):
                found = agreements.agreement_of(actor, one.unit)
                assert (found is not None) == (one.unit.code in codes), who
    director, seller = signed_in("director"), signed_in("seller")
    for one in (own, other):
        assert one.number in director.get(f"/units/{one.unit.public_id}").content.decode()
        page = seller.get(f"/units/{one.unit.public_id}").content.decode()
        assert one.number not in page
        assert one.their_phone not in page


def test_a_partner_sees_their_unit_and_no_other(signed_in: SignedIn) -> None:
    mine = signed_in("luo.ying").get("/api/v1/customers?limit=200").json()["items"]
    head = signed_in("partner").get("/api/v1/customers?limit=200").json()["items"]
    others = signed_in("nie.feng").get("/api/v1/customers?limit=200").json()["items"]
    ids = [{one["id"] for one in found} for found in (mine, head, others)]
    assert ids[0] == ids[1], "both see what their unit has"
    assert ids[0].isdisjoint(ids[2])
    assert ids[0]
    assert ids[2]
    for kind in ("people", "units"):
        assert signed_in("partner").get(f"/api/v1/{kind}").json()["items"] == []
    assert "zheng.yi" not in signed_in("partner").get("/api/v1/search?q=郑毅").content.decode()


def test_what_was_agreed_is_recorded_and_changed() -> None:
    with acting("director") as actor:
        agreements.keep_agreement(actor, unit_ref(actor, "ny1"), TERMS)
    one = agreement("ny1")
    assert (one.number, one.last_on, one.contact.sign_in) == ("QD-1", date(2026, 12, 31), "feng.lei")
    assert one.acknowledged_on is not None, "their word stays"


WRONG: list[tuple[str, str | None, dict[str, Any]]] = [
    ("organization.unknown_kind", "kind", {"kind": "friend"}),
    ("organization.unknown_person", "contact", {"contact": "nobody.here"}),
    ("organization.ends_before_start", "last_on", {"last_on": date(2025, 12, 31)}),
]


@pytest.mark.parametrize(("code", "field", "wrong"), WRONG)
def test_wrong_terms_are_refused_at_their_field(code: str, field: str | None, wrong: dict[str, Any]) -> None:
    facts = {name: getattr(TERMS, name) for name in TERMS.__dataclass_fields__}
    with acting("director") as actor, pytest.raises(DomainError) as refused:
        agreements.keep_agreement(actor, unit_ref(actor, "ny1"), Terms(**{**facts, **wrong}))
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_team_of_the_company_has_no_contract() -> None:
    with acting("director") as actor, pytest.raises(Refused) as refused:
        agreements.keep_agreement(actor, unit_ref(actor, "sh1"), TERMS)
    assert refused.value.code == "organization.not_outside"


@pytest.mark.parametrize(
    ("days", "term"), [(-1, "coming"), (0, "running"), (304, "running"), (305, "ending"), (365, "over")]
)
def test_where_a_contract_stands(days: int, term: str) -> None:
    one = Agreement(starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1))
    assert agreements.term_of(one, date(2026, 1, 1) + timedelta(days=days)) == term


def owes(code: str, day: date = TEST_DAY) -> bool:
    with system():
        return agreements.owes_word(agreement(code), agreements.conduct().edition, day)


def test_the_word_is_due_at_first_after_a_year_and_after_a_new_text(signed_in: SignedIn) -> None:
    assert (owes("ny1"), owes("yt1")) == (False, True)
    assert owes("ny1", TEST_DAY + 365 * DAY)
    with on_day(TEST_DAY + DAY):
        with acting("director") as actor:
            agreements.set_conduct(actor, Conduct("不低于底价成交。", 1))
        assert owes("ny1", TEST_DAY + DAY)
        client = signed_in("partner")
        page = client.get("/conduct").content.decode()
        assert "不低于底价成交。" in page
        one = agreement("ny1")
        stale = client.post("/conduct", {"version": one.version, "edition": "1"})
        assert stale.status_code == 409, "an older text was read"
        given = client.post("/conduct", {"version": one.version, "edition": "2"})
        assert given.status_code == 302
        assert not owes("ny1", TEST_DAY + DAY)
        assert agreement("ny1").acknowledged_by.sign_in == "partner"  # type: ignore[union-attr]
        with acting("director") as actor:
            agreements.set_conduct(actor, Conduct("不低于底价成交，不跨区。", 2))
        assert owes("ny1", TEST_DAY + DAY), "also for a text of the same day"


def test_nobody_else_gives_a_units_word() -> None:
    one = agreement("ny1")
    with acting("director") as actor:
        word = Word(agreements.conduct().edition)
    with acting("director") as actor, pytest.raises(NotAllowed):
        agreements.acknowledge(actor, Ref(one.public_id, one.version), word)
    with acting("nie.feng") as actor, pytest.raises(NotVisible):
        agreements.acknowledge(actor, Ref(one.public_id, one.version), word)


def test_a_position_asks_for_skills_and_a_person_shows_them(signed_in: SignedIn) -> None:
    with acting("hr") as actor:
        facts = PositionFacts("销售", "", 3, skills=(("需求挖掘", 4),))
        with system():
            position = Position.objects.get(unit__code="sh1", title="销售")
        ref: Ref[Position] = Ref(position.public_id, position.version)
        structure.change_position(actor, ref, facts)
        again: Ref[Position] = Ref(position.public_id, position.version + 1)
        flying = PositionFacts("销售", skills=(("飞行", 2),))
        with pytest.raises(DomainError) as refused:
            structure.change_position(actor, again, flying)
    assert refused.value.code == "organization.unknown_skill"
    with system() as actor:
        openings = charts.openings(actor, Unit.objects.get(code="sh1"), TEST_DAY)
        wanted = {one.title: [(skill.name, skill.level) for skill in one.skills] for one in openings}
    assert wanted["销售"] == [("需求挖掘", "能够指导他人")]
    client = signed_in("hr")
    with system():
        skill = Skill.objects.get(name="商务谈判")
    page = client.get(f"/positions/{position.public_id}").content.decode()
    assert f"skill-{skill.pk}" in page
    version = re_version(page)
    with acting("hr") as actor:  # called otherwise while the form is open
        edit_skill(actor, Ref(skill.public_id, skill.version), Given({"name": "谈判"}))
    sent = {"version": version, "title": "销售", "headcount": "3", f"skill-{skill.pk}": "2"}
    assert client.post(f"/positions/{position.public_id}", sent).status_code == 302
    with system() as actor:
        openings = charts.openings(actor, Unit.objects.get(code="sh1"), TEST_DAY)
        assert [[one.name for one in opening.skills] for opening in openings if opening.title == "销售"] == [
            ["谈判"]
        ]


def re_version(page: str) -> str:
    at = page.index('name="version" value="') + len('name="version" value="')
    return page[at : page.index('"', at)]


def test_a_skill_that_a_position_asks_for_stays(signed_in: SignedIn) -> None:
    client = signed_in("hr")
    made = client.post("/skills/new", {"name": "英语", "area": "语言"})
    assert made.status_code == 302
    assert "英语" in client.get("/skills").content.decode()
    assert signed_in("partner").get("/api/v1/skills").json()["items"] == []


ACROSS: list[tuple[str, str, Callable[[Actor], object]]] = [
    (
        "organization.post_outside",
        "hr",
        lambda actor: beside.add_post(
            actor, person_ref(actor, "seller"), AdditionalPost("ny1", 10, TEST_DAY)
        ),
    ),
    (
        "organization.post_outside",
        "hr",
        lambda actor: beside.add_post(
            actor, person_ref(actor, "luo.ying"), AdditionalPost("gz1", 10, TEST_DAY)
        ),
    ),
    (
        "organization.role_outside",
        "hr",
        lambda actor: staffing.move(actor, person_ref(actor, "seller"), Transfer("ny1", TEST_DAY)),
    ),
    (
        "organization.role_outside",
        "hr",
        lambda actor: staffing.hire(actor, Hiring("he.ping", "何平", "ny1", TEST_DAY, role="seller")),
    ),
    (
        "organization.role_outside",
        "hr",
        lambda actor: set_roles(actor, person_ref(actor, "luo.ying"), Roles(("seller",))),
    ),
    (
        "organization.stand_in_outside",
        "director",
        lambda actor: arrange(actor, Absence("manager", "partner", TEST_DAY, TEST_DAY + DAY)),
    ),
    (
        "organization.stand_in_outside",
        "director",
        lambda actor: arrange(actor, Absence("partner", "nie.feng", TEST_DAY, TEST_DAY + DAY)),
    ),
]


@pytest.mark.parametrize(("code", "who", "act"), ACROSS)
def test_nothing_crosses_the_border_of_a_sales_unit(
    code: str, who: str, act: Callable[[Actor], object]
) -> None:
    with acting(who) as actor, pytest.raises(DomainError) as refused:
        act(actor)
    assert refused.value.code == code


@pytest.mark.parametrize("moved", ["seller", "field"])
def test_whoever_stands_in_moves_out_only_after_it(moved: str) -> None:
    """Else their rights of the company would go out with them, or a partner's in."""
    with acting("director") as actor:
        arrange(actor, Absence("seller", "field", TEST_DAY, TEST_DAY + 3 * DAY))
    with acting("admin") as actor:
        set_roles(actor, person_ref(actor, moved), Roles(("partner",)))
    with acting("hr") as actor, pytest.raises(Refused) as refused:
        staffing.move(actor, person_ref(actor, moved), Transfer("ny1", TEST_DAY + DAY))
    assert (refused.value.code, refused.value.field) == ("organization.stand_in_outside", "unit")
    with acting("hr") as actor:
        run = brought_in(actor, "organization.person", ["登录名", "部门"], [moved, "ny1"])
        assert "只能由同一单位的人代理" in problems(run, 2)["部门"]
    with on_day(TEST_DAY + 4 * DAY), acting("hr") as actor:
        staffing.move(actor, person_ref(actor, moved), Transfer("ny1", TEST_DAY + 4 * DAY))


def test_a_sales_unit_below_a_sales_unit_is_outside() -> None:
    with acting("hr") as actor:
        structure.create_unit(actor, NewUnit("ny2", "二级代理", "sales_unit", "ny1"))
        with pytest.raises(Refused) as refused:
            staffing.move(actor, person_ref(actor, "seller"), Transfer("ny2", TEST_DAY))
    assert refused.value.code == "organization.role_outside"


def test_within_their_unit_partners_stand_in_and_others_come_as_partners() -> None:
    with acting("director") as actor:
        assert arrange(actor, Absence("partner", "luo.ying", TEST_DAY, TEST_DAY + DAY)).pk
    with acting("hr") as actor:
        assert staffing.hire(actor, Hiring("he.ping", "何平", "ny1", TEST_DAY, role="partner"))


@pytest.mark.parametrize("who", ["partner", "nie.feng"])
def test_a_partner_learns_nobodys_name_but_their_colleagues(who: str, signed_in: SignedIn) -> None:
    client = signed_in(who)
    with system():
        product = Product.objects.order_by("id")[0]
        own = Customer.objects.filter(owner__sign_in=who).order_by("id")[0]
        others = set(
            Person.objects.exclude(sign_in__in=("partner", "luo.ying", "nie.feng")).values_list(
                "name", flat=True
            )
        )
        others |= {"聂风"} if who == "partner" else {"李致远", "骆英"}
    for url in (
        f"/access/catalog.product/{product.public_id}",
        f"/access/customers.customer/{own.public_id}",
        "/figures?unit=yt1" if who == "partner" else "/figures?unit=ny1",
        "/figures?person=seller",
        "/figures/explain?measure=won_value&person=wu.qiang",
    ):
        page = client.get(url).content.decode()
        assert not {name for name in others if name in page}, url
        assert ("甬泰" if who == "partner" else "南粤") not in page, url
    shared = client.post(
        f"/access/customers.customer/{own.public_id}",
        {"version": own.version, "person": "seller", "may_change": "no"},
    )
    assert shared.status_code == 422


def test_partners_share_out_their_work_among_colleagues(signed_in: SignedIn) -> None:
    """Without a directory to pick from they are offered the names of their unit, and no other is taken."""
    client = signed_in("partner")
    with system():
        ids = dict(Person.objects.values_list("sign_in", "public_id"))
        customer = Customer.objects.filter(owner__sign_in="luo.ying").order_by("id")[0]
    listing = client.get(f"/customers?owner={ids['luo.ying']}").content.decode()
    assert f'value="{ids["luo.ying"]}" checked' in listing
    assert customer.name in listing
    at = f"/customers/{customer.public_id}/field/owner"
    form = client.get(at).content.decode()
    assert re.findall(r'<option value="([^"]+)"', form) == [str(ids["partner"]), str(ids["luo.ying"])]
    sent = {"version": customer.version, "owner": ids["seller"]}
    assert client.post(at, sent).status_code == 422
    assert client.post(at, {**sent, "owner": ids["partner"]}).status_code == 302
    assert customer.name in client.get("/customers?view=mine").content.decode()


def test_two_who_change_the_same_contract_do_not_overwrite_each_other(signed_in: SignedIn) -> None:
    client = signed_in("director")
    with system():
        unit = Unit.objects.get(code="ny1")
    sent = {"version": unit.version, "kind": "agent", "starts_on": "2026-01-01", "contact": "feng.lei"}
    at = f"/units/{unit.public_id}/terms"
    assert client.post(at, {**sent, "number": "A"}).status_code == 302
    assert client.post(at, {**sent, "number": "B"}).status_code == 409
    text = {"version": 1, "text": "新文本"}
    assert client.post("/conduct/change", text).status_code == 302
    assert client.post("/conduct/change", {**text, "text": "另一文本"}).status_code == 409
