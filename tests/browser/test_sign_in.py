"""Signing in with a second factor in a real browser: an app's code, recovery codes, passkeys by CDP."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from tests.browser.conftest import Visitor
from tests.browser.running import Site
from tests.browser.watching import Watch
from tests.stories.entering import code_of, wait_for_room_in_period
from tradewind.demo.cast import PASSWORD

pytestmark = pytest.mark.browser
HOME = re.compile(r"//[^/]+/$")
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def local(page: Page, at: Site, path: str) -> None:
    """The same site by its name: browsers give no passkeys to bare numbers."""
    page.goto(f"http://localhost:{at.port}{path}")


def enter(page: Page, at: Site, name: str) -> None:
    local(page, at, "/sign-in/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")


@contextmanager
def key_at(page: Page) -> Iterator[tuple[CDPSession, str]]:
    """A device that keeps passkeys, as the browser's own tools make it."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable", {"enableUI": False})
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    yield tools, made["authenticatorId"]
    tools.send("WebAuthn.disable")


def test_a_passkey_is_the_second_factor_and_opens_the_door_alone(
    contexts: Callable[..., BrowserContext], demo: Site, watch: Watch
) -> None:
    page = contexts(demo).new_page()
    with key_at(page) as (tools, device):
        enter(page, demo, "field")
        page.wait_for_url(HOME)
        local(page, demo, "/account/passkeys/new")
        page.check("[name=passwordless]")
        page.locator("form[data-passkey] button").click()
        page.wait_for_url("**/account/second-factor/codes")
        expect(page.locator("[data-codes] li")).to_have_count(10)
        assert len(tools.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1
        local(page, demo, "/account/second-factor")
        expect(page.get_by_text("通行密钥").first).to_be_visible()

        sign_out(page)
        enter(page, demo, "field")
        page.wait_for_url("**/sign-in/code")
        page.locator("form[data-passkey] button").click()
        page.wait_for_url(HOME)

        sign_out(page)
        page.locator("form[data-passkey=sign-in] button").click()
        page.wait_for_url(HOME)
        expect(page.locator("body")).to_have_attribute("data-person", "field")

        local(page, demo, "/account/second-factor")
        page.locator("a[href$='/remove']").click()
        page.locator(".account-step form button").click()
        page.wait_for_url("**/account/second-factor")
        expect(page.locator("a[href$='/remove']")).to_have_count(0)
    assert watch.troubles == []


def sign_out(page: Page) -> None:
    page.locator(".person summary").click()
    page.locator(".person [data-do=sign-out]").click()
    page.wait_for_url("**/sign-in/")


def test_a_device_that_gives_no_passkey_is_told_what_to_do(
    contexts: Callable[..., BrowserContext], demo: Site, watch: Watch
) -> None:
    page = contexts(demo).new_page()
    with key_at(page) as (tools, device):
        tools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
        local(page, demo, "/sign-in/")
        page.locator("form[data-passkey=sign-in] button").click()
        expect(page.locator("[data-passkey-error]").first).to_be_visible()
        expect(page.locator("form[data-passkey=sign-in] button")).to_be_enabled()
    assert watch.troubles == []


def test_an_app_is_set_up_by_its_picture_and_asked_for_at_the_door(visitor: Visitor, watch: Watch) -> None:
    page = visitor("partner")
    page.locator(".person summary").click()
    page.locator(".person a[href='/account']").click()
    page.locator(".account-menu a[href='/account/second-factor']").click()
    page.locator("a[href='/account/second-factor/app']").click()
    picture = page.locator(".account-qr")
    assert picture.evaluate("image => image.naturalWidth > 0"), "the policy lets it be shown"
    secret = page.locator("[data-secret]").text_content() or ""
    wait_for_room_in_period(8)
    page.fill("[name=code]", "000000")
    page.press("[name=code]", "Enter")
    expect(page.locator(".field-error")).to_be_visible()
    page.fill("[name=code]", code_of(secret))
    page.press("[name=code]", "Enter")
    page.wait_for_url("**/codes")
    codes = page.locator("[data-codes] li").all_text_contents()
    sign_out(page)
    page.fill("[name=login]", "partner")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/sign-in/code")
    page.fill("[name=code]", codes[0])
    page.press("[name=code]", "Enter")
    page.wait_for_url(HOME)
    page.goto("/account/second-factor/app/remove")
    page.locator(".account-step form button").click()
    page.wait_for_url("**/account/second-factor")
    assert watch.troubles == []


def test_a_token_is_made_shown_once_and_revoked(visitor: Visitor, watch: Watch) -> None:
    page = visitor("manager")
    page.goto("/account/tokens")
    page.locator("a[href='/account/tokens/new']").first.click()
    page.fill("[name=name]", "晚报")
    page.select_option("[name=area_customers]", "read")
    page.locator(".account-body form button").click()
    key = page.locator("#new-token").input_value()
    assert key.startswith("tw_")
    page.reload()  # sends the form again, which makes no second one
    expect(page.locator("#new-token")).to_have_count(0)
    expect(page.locator(".account-list li")).to_have_count(1)
    page.locator("form[action$='/revoke'] button").click()
    expect(page.locator(".account-over")).to_have_count(1)
    assert watch.troubles == []


@pytest.mark.parametrize("width", [390, 1280])
def test_signing_out_another_device_ends_it_within_seconds(
    visitor: Visitor, watch: Watch, width: int
) -> None:
    here, there = visitor("hr", width=width), visitor("hr")
    here.goto("/account/sessions")
    here.locator("form[action='/account/sessions/end'] button").first.click()
    here.wait_for_url("**/account/sessions")
    expect(here.locator(".account-list li")).to_have_count(1)
    with watch.expecting(401):
        there.goto("/figures")
        there.wait_for_url("**/sign-in/**")
    assert [trouble for trouble in watch.troubles if "401" not in trouble] == []
