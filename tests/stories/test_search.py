"""One search box over everything: each finds what they may see, in few statements."""

import pytest

from tests.conftest import SignedIn, acting
from tradewind.domains.activities.models import Activity
from tradewind.domains.pipeline.models import Opportunity
from tradewind.platform.surface.search import searchable
from tradewind.platform.surface.shell.palette import latin

pytestmark = pytest.mark.django_db


def groups(signed_in: SignedIn, who: str, words: str) -> dict[str, list[dict[str, str]]]:
    answer = signed_in(who).get("/api/v1/search", {"q": words})
    assert answer.status_code == 200
    return {group["key"]: group["items"] for group in answer.json()["groups"]}


def test_a_deal_is_found_by_its_number_and_leads_to_its_page(signed_in: SignedIn) -> None:
    with acting("seller"):
        deal = Opportunity.objects.filter(customer__isnull=False).select_related("customer")[0]
    assert deal.customer
    (hit,) = groups(signed_in, "seller", deal.number)["pipeline.opportunity"]
    assert hit["url"] == f"/opportunities/{deal.public_id}"
    assert hit["label"] == deal.title
    assert hit["detail"].startswith(f"{deal.number} · {deal.customer.name} · ")
    assert signed_in("seller").get(hit["url"]).status_code == 200


def test_whoever_types_a_number_finds_what_has_it_first(signed_in: SignedIn) -> None:
    with acting("director"):
        about = Activity.objects.filter(about_kind="pipeline.opportunity").values("about_id")
        number = Opportunity.objects.filter(pk__in=about)[0].number
    answer = signed_in("director").get("/api/v1/search", {"q": number}).json()
    assert [group["key"] for group in answer["groups"]][:2] == ["pipeline.opportunity", "activities.activity"]


def test_a_customer_brings_its_newest_deals(signed_in: SignedIn) -> None:
    hits = groups(signed_in, "director", "有限公司")["pipeline.opportunity"]
    assert len(hits) == 6
    assert all("有限公司" in hit["detail"] for hit in hits)
    numbers = [hit["detail"].split()[0] for hit in hits]
    assert numbers == sorted(numbers, reverse=True)


def test_people_are_found_by_name_and_sign_in(signed_in: SignedIn) -> None:
    for words in ("陈小", "seller"):
        labels = [hit["label"] for hit in groups(signed_in, "field", words)["organization.person"]]
        assert "陈小雨" in labels


def test_nobody_finds_what_they_may_not_see(signed_in: SignedIn) -> None:
    with acting("director"):
        other = Opportunity.objects.filter(owner__sign_in="chu.ning")[0].number
    assert "pipeline.opportunity" in groups(signed_in, "director", other)
    assert groups(signed_in, "seller", other) == {}
    assert signed_in("hr").get("/api/v1/search", {"q": other}).json() == {"groups": []}


@pytest.mark.parametrize("words", ["", "   ", "%", "_", "\\", "'; DROP TABLE x", "🐍", "x" * 100])
def test_any_words_are_only_words(signed_in: SignedIn, words: str) -> None:
    assert groups(signed_in, "director", words) == {}


def test_words_without_end_are_refused(signed_in: SignedIn) -> None:
    assert signed_in("director").get("/api/v1/search", {"q": "x" * 101}).status_code == 422


def test_a_kind_of_record_is_declared_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        searchable("pipeline.opportunity", "Deals", "briefcase", lambda actor, words, limit: [])


def test_chinese_pages_are_found_by_pinyin() -> None:
    assert latin("商机") == ["sj", "shangji"]
    assert latin("新建：客户") == ["xjkh", "xinjiankehu"]
    assert latin("Opportunities") == []
