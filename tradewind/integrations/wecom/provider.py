"""WeCom's way in: a code for the corp's app, exchanged for the member's userid.

As documented by WeCom: the browser goes to its sign-in page (inside the WeCom app: to its consent address)
with corp id and agent id; with the returned code and the app's token `auth/getuserinfo` names the member.
Somebody who is no member of the corp gets an openid instead, and is nobody here.
"""

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base import ProviderAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from django.http import HttpRequest
from django.utils.http import urlencode

USUAL_API = "https://qyapi.weixin.qq.com"
USUAL_DOOR = "https://login.work.weixin.qq.com"
USUAL_DOOR_INSIDE = "https://open.weixin.qq.com"
INSIDE = "wxwork/"


class Client(OAuth2Client):  # type: ignore[misc]
    """Asks for the app's token, with which the code is then redeemed."""

    agent_id = ""

    def get_redirect_url(self, authorization_url: str, scope: list[str], extra_params: dict[str, str]) -> str:
        common = {"appid": self.consumer_key, "agentid": self.agent_id, "redirect_uri": self.callback_url}
        if self.state:
            common["state"] = self.state
        if authorization_url.endswith("/authorize"):
            asked = common | {"response_type": "code", "scope": "snsapi_base"}
            return f"{authorization_url}?{urlencode(asked)}#wechat_redirect"
        return f"{authorization_url}?{urlencode(common | {'login_type': 'CorpApp'})}"

    def get_access_token(self, code: str, pkce_code_verifier: str | None = None) -> dict[str, Any]:
        given = {"corpid": self.consumer_key, "corpsecret": self.consumer_secret}
        return asked(self.access_token_url, given) | {"code": code}


class Adapter(OAuth2Adapter):  # type: ignore[misc]
    """Where WeCom is; an address that is set stands for all of its hosts."""

    provider_id = "wecom"
    client_class = Client
    access_token_method = "GET"  # noqa: S105 the method, not a token

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        at = self.get_provider().app.settings["url"]
        self.access_token_url = f"{at or USUAL_API}/cgi-bin/gettoken"
        self.profile_url = f"{at or USUAL_API}/cgi-bin/auth/getuserinfo"
        if INSIDE in request.headers.get("User-Agent", ""):
            self.authorize_url = f"{at or USUAL_DOOR_INSIDE}/connect/oauth2/authorize"
        else:
            self.authorize_url = f"{at or USUAL_DOOR}/wwlogin/sso/login"

    def get_client(self, request: HttpRequest, app: Any) -> Client:
        client: Client = super().get_client(request, app)
        client.agent_id = app.settings["agent_id"]
        return client

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **named: Any) -> Any:
        """Who came back with this code."""
        given = {"access_token": token.token, "code": named["response"]["code"]}
        told = asked(self.profile_url, given)
        if not told.get("userid"):
            raise OAuth2Error("not a member of the corp")
        return self.get_provider().sociallogin_from_response(request, {"userid": str(told["userid"])})


class Provider(OAuth2Provider):  # type: ignore[misc]
    """The corp's app in WeCom."""

    id = "wecom"
    name = "WeCom"
    account_class = ProviderAccount
    oauth2_adapter_class = Adapter

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data["userid"])

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"username": data["userid"]}

    def get_default_scope(self) -> list[str]:
        return []


provider_classes = [Provider]


def asked(url: str, given: dict[str, str]) -> dict[str, Any]:
    """An answer of WeCom, which says by `errcode` whether it is one. It holds tokens and is not logged."""
    with get_adapter().get_requests_session() as session:
        answer = session.get(url, params=given)
    answer.raise_for_status()
    told: dict[str, Any] = answer.json()
    if not isinstance(told, dict) or told.get("errcode") != 0:
        raise OAuth2Error("WeCom refused")
    return told
