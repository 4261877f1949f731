"""Orders through the pages and the API: what is typed comes to the same cent, and nothing of it is lost."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import SignedIn, system
from tests.stories.selling import LINES, NEW, TOTAL, confirm, draft
from tests.stories.staff import is_sound
from tradewind.config.commands.test import TEST_DAY
from tradewind.domains.customers.models import Customer
from tradewind.domains.orders.models import Order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def customer(db: None) -> Customer:
    with system():
        return Customer.objects.create(code="CNEW", name=NEW)


def form(lines: list[dict[str, str]], **head: str) -> dict[str, str]:
    asked = {"customer": NEW, "line-TOTAL_FORMS": str(len(lines)), "line-INITIAL_FORMS": "0", **head}
    return asked | {f"line-{n}-{name}": value for n, row in enumerate(lines) for name, value in row.items()}


ROWS = [
    {"product": "ZN-ERP", "quantity": "3", "unit_price": "68000", "discount": "7.5", "tax": "13"},
    {"product": "", "quantity": "", "unit_price": "", "discount": "", "tax": "13"},
    {"product": "ZN-SCAN", "quantity": "2.5", "unit_price": "19.99", "discount": "", "tax": "13"},
]


def test_an_order_goes_its_way_through_the_pages(signed_in: SignedIn) -> None:
    client = signed_in("seller")
    assert client.get("/orders/new").status_code == 200
    made = client.post("/orders/new", form(ROWS, seen_total=str(TOTAL)))
    assert made.status_code == 302
    url = made.headers["Location"]
    page = client.get(url).content.decode()
    assert "213,287.48" in page
    edited = client.get(f"{url}/edit").content.decode()
    assert 'value="68000"' in edited
    assert 'value="7.5"' in edited
    assert client.post(f"{url}/edit", form(ROWS[:1], version="1")).status_code == 302
    assert client.post(f"{url}/edit", form(ROWS[:1], version="1")).status_code == 409
    assert client.post(f"{url}/confirm", {"version": "1"}).status_code == 409
    assert client.post(f"{url}/confirm", {"version": "2"}).status_code == 302
    page = client.get(url).content.decode()
    assert "SO0" in page
    assert "213,231.00" in page
    assert client.get(f"{url}/edit").status_code == 302
    empty = client.post(f"{url}/cancel", {"version": "3", "reason": ""})
    assert (empty.status_code, "<details" in empty.content.decode()) == (422, True)
    assert client.post(f"{url}/cancel", {"version": "3", "reason": "客户改变计划"}).status_code == 302
    assert "客户改变计划" in client.get(url).content.decode()
    assert client.post(f"{url}/copy").status_code == 302
    assert is_sound()


@pytest.mark.parametrize(
    ("rows", "head", "status", "where"),
    [
        ([{**ROWS[0], "product": "无"}], {}, 422, "line-0-product"),
        ([ROWS[0], {**ROWS[2], "quantity": "-1"}], {}, 422, "line-1-quantity"),
        ([{**ROWS[0], "discount": "101"}], {}, 422, "line-0-discount"),
        ([{**ROWS[0], "unit_price": "much"}], {}, 422, "line-0-unit_price"),
        ([{**ROWS[0], "quantity": ""}], {}, 422, "line-0-quantity"),
        ([ROWS[0]], {"customer": "没有这家公司"}, 422, "id_customer_error"),
        ([ROWS[0]], {"seen_total": "5"}, 409, "notice-error"),
        ([ROWS[0]], {"line-TOTAL_FORMS": "many"}, 422, "notice-error"),
    ],
)
def test_bad_input_comes_back_with_everything_typed(
    signed_in: SignedIn, rows: list[dict[str, str]], head: dict[str, str], status: int, where: str
) -> None:
    answer = signed_in("seller").post("/orders/new", form(rows, **head))
    page = answer.content.decode()
    assert answer.status_code == status
    assert where in page
    assert "field-error" in page or "notice-error" in page
    if "line-TOTAL_FORMS" not in head:
        assert 'value="68000"' in page or rows[0]["unit_price"] != "68000"


def test_the_totals_are_worked_out_without_saving_where_no_script_does(signed_in: SignedIn) -> None:
    with system():
        count = Order.objects.count()
    page = signed_in("seller").post("/orders/new", form(ROWS, calculate="yes")).content.decode()
    assert "213,287.48" in page
    with system():
        assert Order.objects.count() == count


def test_an_order_page_keeps_its_budget_of_statements(signed_in: SignedIn) -> None:
    first, client = confirm(draft()), signed_in("manager")
    counts = []
    for one in (confirm(draft()), confirm(draft(lines=LINES[:1])), first):
        client.get(f"/orders/{one.public_id}")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/orders/{one.public_id}").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= counts[2] <= 22


# -- The same through the API ----------------------------------------------------------------------


def call(client: Client, path: str, body: object, version: int | None = None) -> Any:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return client.post(f"/api/v1/orders{path}", json.dumps(body), "application/json", headers=headers)


BODY = {
    "customer": "CNEW",
    "total": str(TOTAL),
    "lines": [
        {
            "product": "ZN-ERP",
            "quantity": "3",
            "unit_price": "68000",
            "discount_rate": "0.075",
            "tax_rate": 0.13,
        },
        {"product": "ZN-SCAN", "quantity": 2.5, "unit_price": "19.99", "tax_rate": "0.13"},
    ],
}


def test_an_order_goes_its_way_through_the_api(signed_in: SignedIn) -> None:
    client = signed_in("seller")
    made = call(client, "", BODY)
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    body = made.json()
    assert (body["state"], body["name"][:2], body["total"]) == ("draft", "DR", str(TOTAL))
    assert [row["net"] for row in body["lines"]] == ["188700.00", "49.98"]
    path = f"/{body['id']}"
    assert client.get(f"/api/v1/orders{path}").json() == body
    assert call(client, f"{path}/confirm", {}).status_code == 422
    assert call(client, f"{path}/confirm", {}, 7).status_code == 412
    confirmed = call(client, f"{path}/confirm", {}, 1)
    assert (confirmed.status_code, confirmed.json()["name"][:2]) == (200, "SO")
    assert call(client, f"{path}/cancel", {"reason": " "}, 2).json()["field"] == "reason"
    gone = call(client, f"{path}/cancel", {"reason": "x"}, 2)
    assert (gone.json()["state"], gone.json()["cancelled_on"]) == ("cancelled", str(TEST_DAY))
    assert call(client, f"{path}/confirm", {}, 3).json()["code"] == "orders.cancelled"
    assert is_sound()


def test_the_api_names_the_line_and_its_field(signed_in: SignedIn) -> None:
    bad = {**BODY, "lines": [{**BODY["lines"][1], "quantity": "0"}]}  # type: ignore[dict-item]
    answer = call(signed_in("seller"), "", bad)
    assert (answer.status_code, answer.json()["field"]) == (422, "lines.0.quantity")
    assert call(signed_in("seller"), "", {**BODY, "total": "1"}).status_code == 409
    assert call(signed_in("finance"), "", BODY).status_code == 403
