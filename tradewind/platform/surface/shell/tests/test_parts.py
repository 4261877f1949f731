from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from tradewind.platform.surface.shell import assets
from tradewind.platform.surface.shell.context import Who
from tradewind.platform.surface.shell.messages import undoable
from tradewind.platform.surface.shell.templatetags.shell import day, percent


def render(source: str, **context: object) -> str:
    return Template("{% load shell %}" + source).render(Context(context))


class Delivery(forms.Form):
    on = forms.DateField(label="Delivered", help_text="The day it arrived")
    note = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_date_carries_its_weekday_in_the_readers_language() -> None:
    with override("zh-hans"):
        assert day(date(2026, 11, 22)) == "2026-11-22 周日"
    with override("en"):
        assert day(date(2026, 11, 22)) == "2026-11-22 Sun"


@pytest.mark.parametrize(("share", "text"), [(Decimal("0.1234"), "12.3%"), (1, "100.0%"), (None, "")])
def test_a_share_shows_as_percent_with_one_decimal(share: Decimal | None, text: str) -> None:
    assert percent(share) == text


def test_a_field_ties_label_help_and_error_to_its_control() -> None:
    html = render("{% field form.on %}", form=Delivery({"on": "never"}))
    assert '<label for="id_on">Delivered</label>' in html
    assert 'aria-describedby="id_on_helptext id_on_error"' in html
    assert 'id="id_on_error"' in html
    assert 'type="date"' in html


def test_chart_data_cannot_close_its_script_element() -> None:
    figure = {"kind": "bar", "unit": "money", "labels": ["</script><b>"], "values": ["1"]}
    assert "</script><b>" not in render('{% chart figure title="T" %}', figure=figure)


def test_a_title_given_to_a_part_is_escaped() -> None:
    assert "<b>" not in render("{% empty_state title=word %}{% endempty_state %}", word="<b>")


def test_a_message_may_offer_an_undo_at_an_address_of_ours() -> None:
    request = RequestFactory().get("/")
    request.session = {}  # type: ignore[assignment]
    kept = request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    messages.success(request, "Saved")
    undoable(request, "Archived", "/customers/1/restore?version=3")
    html = render_to_string("shell/_messages.html", {"messages": kept}, request)
    assert html.count("<form") == 1
    assert 'action="/customers/1/restore?version=3"' in html
    assert "csrfmiddlewaretoken" in html
    with pytest.raises(ValueError, match="this site"):
        undoable(request, "Archived", "https://elsewhere.example/")


def test_crumbs_lead_back_and_end_here() -> None:
    html = render('{% crumbs "Plans" "/plans" "2026" "/plans/2026" here="T-7" %}')
    assert html.index('href="/plans"') < html.index('href="/plans/2026"') < html.index("T-7")


@pytest.mark.parametrize(
    ("name", "initials"), [("许远航", "远航"), ("李四", "李四"), ("Dustin Brinkmann", "DB"), ("admin", "ad")]
)
def test_a_person_is_pictured_by_two_letters(name: str, initials: str) -> None:
    assert Who("x", name).initials == initials


def test_pages_render_before_the_front_end_is_built(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.FRONTEND_DIST = tmp_path
    assert assets.address("app.js") == f"{settings.STATIC_URL}app.js"


def test_a_misspelt_asset_is_named(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "manifest.json").write_text('{"app.js": "app-1.js"}', encoding="utf-8")
    settings.FRONTEND_DIST = tmp_path
    assert assets.address("app.js").endswith("app-1.js")
    with pytest.raises(assets.UnknownAssetError):
        assets.address("ap.js")
