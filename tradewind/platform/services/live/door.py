"""Who may listen: signed-in people, from pages of this very site."""

from collections.abc import Mapping
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest
from django.http.cookie import parse_cookie
from django.http.request import split_domain_port, validate_host

from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_user
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.access.sessions import mark_of


def is_from_our_pages(headers: Mapping[str, str]) -> bool:
    """Does a page of ours ask? Cookies alone do not say: browsers send them along to every port of a host."""
    host, _ = split_domain_port(headers.get("host", ""))
    if not validate_host(host, settings.ALLOWED_HOSTS):
        return False
    if "origin" in headers:
        return headers["origin"] in settings.LIVE_ORIGINS
    return headers.get("sec-fetch-site", "same-origin") == "same-origin"


def actor_behind(cookies: str) -> Actor:
    """Who is signed in with these cookies, read once; `nobody` without a session. To be run in a thread."""
    close_old_connections()  # one that died since the last time is replaced
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(_key(cookies))
    with scope(Actor.nobody()):
        user = get_user(request)
        return actor_of_user(user) if user.is_authenticated else Actor.nobody()


def session_behind(cookies: str) -> str:
    """The mark of the session that these cookies name."""
    return mark_of(_key(cookies) or "")


def _key(cookies: str) -> str | None:
    return parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME)
