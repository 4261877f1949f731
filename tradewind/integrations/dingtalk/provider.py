"""DingTalk as the library does it, under addresses that can be set."""

from allauth.socialaccount.providers.dingtalk.provider import DingTalkProvider
from allauth.socialaccount.providers.dingtalk.views import DingTalkOAuth2Adapter
from django.http import HttpRequest

USUAL, USUAL_DOOR = "https://api.dingtalk.com", "https://login.dingtalk.com"


class Adapter(DingTalkOAuth2Adapter):  # type: ignore[misc]
    """Where DingTalk is; an address that is set stands for both of its hosts."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        at = self.get_provider().app.settings["url"]
        self.authorize_url = f"{at or USUAL_DOOR}/oauth2/auth"
        self.access_token_url = f"{at or USUAL}/v1.0/oauth2/userAccessToken"
        self.profile_url = f"{at or USUAL}/v1.0/contact/users/me"


class Provider(DingTalkProvider):  # type: ignore[misc]
    oauth2_adapter_class = Adapter


provider_classes = [Provider]
