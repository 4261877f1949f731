"""Signing in through other systems: whoever is known here comes in, nobody else, and no secret is logged."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from pytest_django.fixtures import Settings

from tests.conftest import system
from tests.stories import outside
from tests.stories.entering import browser, is_in, set_up_app, sign_in_page
from tests.stories.outside import Identity, Outside, serving
from tradewind.config import sign_in
from tradewind.domains.organization.models import Person
from tradewind.platform.spine.models import User

pytestmark = pytest.mark.django_db
Open = Callable[[str, Outside], None]
SECRETS = ("client-secret", "corp-secret", "app-secret", "at-secret", "a-secret", "u-secret", "d-secret")


def configured(settings: Settings, door: str, at: str) -> None:
    """As if the environment named this door."""
    named = {
        "oidc": {"URL": at, "CLIENT_ID": "tradewind", "CLIENT_SECRET": "client-secret"},
        "wecom": {"URL": at, "CORP_ID": "ww1", "AGENT_ID": "1000002", "SECRET": "corp-secret"},
        "feishu": {"URL": at, "APP_ID": "cli_1", "APP_SECRET": "client-secret"},
        "dingtalk": {"URL": at, "APP_KEY": "ding1", "APP_SECRET": "client-secret"},
    }[door]
    environment = {f"TRADEWIND_{door.upper()}_{word}": value for word, value in named.items()}
    assert sign_in.problems(environment) == []
    settings.SOCIALACCOUNT_PROVIDERS = sign_in.providers(environment)
    settings.SIGN_IN_NAME_CLAIMS = sign_in.name_claims(environment)


def leave(client: Client, door: str, query: str = "", agent: str = "") -> tuple[str, dict[str, str]]:
    """Press the button; where it leads and what is said there."""
    headers = {"User-Agent": agent} if agent else {}
    page = client.post(f"/sign-in/with/{door}{query}", headers=headers).content.decode()
    found = re.search(r'content="0;url=([^"]+)"', page)
    assert found is not None, page[:3000]
    parts = urlsplit(unescape(found[1]))
    return f"{parts.scheme}://{parts.netloc}{parts.path}", {
        name: values[0] for name, values in parse_qs(parts.query).items()
    }


def come_back(client: Client, door: str, said: dict[str, str], code: str = "the-code") -> Any:
    word = "authCode" if door == "dingtalk" else "code"
    return client.get(f"/sign-in/with/{door}/back", {word: code, "state": said["state"]})


def through(door: str, client: Client | None = None) -> tuple[Client, Any]:
    client = client or browser()
    _, said = leave(client, door)
    return client, come_back(client, door, said)


SERVERS: dict[str, Callable[[str], Outside]] = {
    "oidc": Identity,
    "wecom": lambda name: outside.wecom({"userid": name}),
    "feishu": outside.feishu,
    "dingtalk": outside.dingtalk,
}


@pytest.mark.parametrize("door", SERVERS)
def test_whoever_is_known_here_comes_in_through_another_door(settings: Settings, door: str) -> None:
    with serving(SERVERS[door]("seller")) as there:
        configured(settings, door, there.url)
        client, answer = through(door)
        assert answer.status_code == 302
        assert is_in(client)
        again, _ = through(door)
        assert is_in(again)
    with system():
        (link,) = SocialAccount.objects.all()
        assert (link.provider, link.user.get_username()) == (door, "seller")


@pytest.mark.parametrize("door", SERVERS)
def test_whoever_is_not_known_here_is_told_so_and_nobody_is_made(
    settings: Settings, door: str, caplog: pytest.LogCaptureFixture
) -> None:
    with system():
        before = (User.objects.count(), Person.objects.count())
    with serving(SERVERS[door]("eve")) as there:
        configured(settings, door, there.url)
        client, answer = through(door)
    assert answer.status_code == 403
    assert "这里还没有您的账号" in answer.content.decode()
    assert "eve" in answer.content.decode()
    assert not is_in(client)
    with system():
        assert (User.objects.count(), Person.objects.count()) == before
        assert not SocialAccount.objects.exists()
    assert not [secret for secret in SECRETS if secret in caplog.text]


def test_the_sign_in_page_offers_only_what_is_configured(settings: Settings) -> None:
    assert "/sign-in/with/" not in browser().get("/sign-in/").content.decode()
    configured(settings, "wecom", "http://127.0.0.1:1")
    page = browser().get("/sign-in/").content.decode()
    assert re.findall(r"/sign-in/with/(\w+)", page) == ["wecom"]
    assert browser().post("/sign-in/with/feishu").status_code == 404
    assert browser().get("/sign-in/with/feishu/back?code=x").status_code == 404


def test_wecom_is_asked_as_documented_in_and_outside_its_own_browser(settings: Settings) -> None:
    configured(settings, "wecom", "")
    where, said = leave(browser(), "wecom")
    assert where == "https://login.work.weixin.qq.com/wwlogin/sso/login"
    back = "http://testserver/sign-in/with/wecom/back"
    assert {**said, "state": ""} == {
        "appid": "ww1",
        "agentid": "1000002",
        "login_type": "CorpApp",
        "redirect_uri": back,
        "state": "",
    }
    where, said = leave(browser(), "wecom", agent="Mozilla/5.0 wxwork/4.1 MicroMessenger/7")
    assert where == "https://open.weixin.qq.com/connect/oauth2/authorize"
    assert (said["scope"], said["response_type"], said["agentid"]) == ("snsapi_base", "code", "1000002")


@pytest.mark.parametrize("told", [{"openid": "o1"}, {}, {"userid": ""}])
def test_somebody_outside_the_corp_does_not_come_in(settings: Settings, told: dict[str, str]) -> None:
    with serving(outside.wecom(told)) as there:
        configured(settings, "wecom", there.url)
        client, answer = through("wecom")
    assert answer.status_code == 403
    assert not is_in(client)


@pytest.mark.parametrize("door", SERVERS)
@pytest.mark.parametrize("said", [{}, [], {"data": 1}, {"code": 99991663}, {"errcode": 40029}])
def test_nonsense_from_the_other_side_lets_nobody_in(settings: Settings, door: str, said: Any) -> None:
    there = SERVERS[door]("seller")
    path = list(there.answers)[-1]
    there.answers[path] = lambda asked: said
    with serving(there):
        configured(settings, door, there.url)
        client, answer = through(door)
    assert answer.status_code == 403
    assert not is_in(client)


def wrong_key(there: Identity) -> None:
    there.signing = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def other_audience(there: Identity) -> None:
    there.audience = "another-app"


def expired(there: Identity) -> None:
    there.lives_s = -60


def two_people(there: Identity) -> None:
    there.told_subject = "somebody-else"


@pytest.mark.parametrize("spoil", [wrong_key, other_audience, expired, two_people])
def test_a_forged_or_foreign_identity_is_refused(
    settings: Settings, spoil: Callable[[Identity], None]
) -> None:
    there = Identity("seller")
    spoil(there)
    with serving(there):
        configured(settings, "oidc", there.url)
        client, answer = through("oidc")
    assert answer.status_code == 403
    assert not is_in(client)


def test_a_code_that_was_not_asked_for_is_refused(settings: Settings) -> None:
    with serving(outside.wecom({"userid": "seller"})) as there:
        configured(settings, "wecom", there.url)
        victim = browser()
        answer = come_back(victim, "wecom", {"state": "made-up"})
        assert answer.status_code == 403
        _, said = leave(browser(), "wecom")
        assert come_back(victim, "wecom", said).status_code == 403, "the state is another browser's"
    assert not is_in(victim)


def test_a_second_factor_is_asked_for_here_too(settings: Settings) -> None:
    _, codes = set_up_app(sign_in_page("seller"))
    with serving(Identity("seller")) as there:
        configured(settings, "oidc", there.url)
        client, _ = through("oidc")
    assert not is_in(client)
    client.post("/sign-in/code", {"code": codes[0]})
    assert is_in(client)


def test_an_account_of_another_name_is_linked_by_its_person(settings: Settings) -> None:
    with serving(outside.feishu("ou-strange")) as there:
        configured(settings, "feishu", there.url)
        client = sign_in_page("seller")
        _, said = leave(client, "feishu", "?process=connect")
        come_back(client, "feishu", said)
        assert "关联于" in client.get("/account").content.decode()
        other, _ = through("feishu")
        assert is_in(other)
        client.post("/account/unlink", {"provider": "feishu"})
        third, answer = through("feishu")
        assert answer.status_code == 403
        assert not is_in(third)


def test_whoever_left_does_not_come_in_through_another_door(settings: Settings) -> None:
    with system():
        User.objects.filter(username="seller").update(is_active=False)
    with serving(Identity("seller")) as there:
        configured(settings, "oidc", there.url)
        client, _ = through("oidc")
    assert not is_in(client)


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        ({"TRADEWIND_WECOM_CORP_ID": "ww1"}, "TRADEWIND_WECOM_AGENT_ID"),
        ({"TRADEWIND_OIDC_URL": "http://sso.example.com"}, "https"),
    ],
)
def test_what_is_set_half_or_wrongly_is_said(environment: dict[str, str], problem: str) -> None:
    assert any(problem in line for line in sign_in.problems(environment))


def test_what_is_configured_is_printed_without_secrets() -> None:
    environment = {
        "TRADEWIND_WECOM_CORP_ID": "ww1",
        "TRADEWIND_WECOM_AGENT_ID": "1000002",
        "TRADEWIND_WECOM_SECRET": "corp-secret",
        "TRADEWIND_SECOND_FACTOR": "admin boss",
    }
    lines = sign_in.described(environment, {"admin"})
    assert lines == [
        "WeCom: ww1 at its usual address",
        "second factor required of admin, boss",
        "not built in, so these must be roles of your own: boss",
    ]
