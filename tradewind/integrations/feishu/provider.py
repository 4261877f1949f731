"""Feishu as the library does it, under an address that can be set (Lark abroad has another)."""

from typing import Any

from allauth.socialaccount.providers.feishu.client import FeishuOAuth2Client
from allauth.socialaccount.providers.feishu.provider import FeishuProvider
from allauth.socialaccount.providers.feishu.views import FeishuOAuth2Adapter
from django.http import HttpRequest

USUAL = "https://open.feishu.cn"


class Adapter(FeishuOAuth2Adapter):  # type: ignore[misc]
    """Where Feishu is."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        at = self.get_provider().app.settings["url"] or USUAL
        self.authorization_url = f"{at}/open-apis/authen/v1/index"
        self.access_token_url = f"{at}/open-apis/authen/v1/access_token"
        self.app_access_token_url = f"{at}/open-apis/auth/v3/app_access_token/internal/"
        self.user_info_url = f"{at}/open-apis/authen/v1/user_info"

    def get_client(self, request: HttpRequest, app: Any) -> FeishuOAuth2Client:
        client = super().get_client(request, app)
        client.app_access_token_url = self.app_access_token_url
        return client


class Provider(FeishuProvider):  # type: ignore[misc]
    oauth2_adapter_class = Adapter


provider_classes = [Provider]
