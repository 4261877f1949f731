"""From where somebody asks, and with what, in words people know."""

import re

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tradewind.platform.spine.access.sessions import Visitor

# The first that is found names it; the more particular stand first.
BROWSERS = (
    ("wxwork/", "WeCom"),
    ("MicroMessenger/", "WeChat"),
    ("DingTalk/", "DingTalk"),
    ("Lark/", "Feishu"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def visitor_of(request: HttpRequest) -> Visitor:
    """The address as far as the proxy in front is trusted, and what the browser calls itself."""
    address = get_adapter(request).get_client_ip(request)
    return Visitor(address, request.headers.get("User-Agent", ""))


def device_named(agent: str) -> str:
    """A browser and its system: "Chrome · Windows". What says neither stays as it calls itself, shortened."""
    found = [next((name for sign, name in signs if sign in agent), "") for signs in (BROWSERS, SYSTEMS)]
    if any(found):
        return " · ".join(name for name in found if name)
    return re.sub(r"\s+", " ", agent)[:40] or _("An unknown device")
