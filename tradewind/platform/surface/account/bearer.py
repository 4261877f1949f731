"""The API's other door: `Authorization: Bearer tw_…` instead of a session."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock

from django.conf import settings
from django.contrib.auth import load_backend
from django.http import HttpRequest, HttpResponse

from tradewind.kernel.errors import DomainError, declare, phrase
from tradewind.platform.spine.access.tokens import WrongToken, bearer_of
from tradewind.platform.spine.trace import request_id
from tradewind.platform.surface.shell.middleware import API, problem

SCHEME = "bearer "
AT_ONCE, WITHIN_S = 600, 60.0
"""How often one token may ask a process within a minute; the pages' processes count each for themselves."""
REMEMBERED = 5_000


class TooOften(DomainError):
    """More requests than one token may make."""

    status = 429


declare(
    {"access.token.too_often": phrase("This token asks too often. Wait a minute, then go on more slowly.")}
)


class Pace:
    """How often each key asked lately; the keys that asked longest ago are forgotten first."""

    def __init__(self, at_once: int = AT_ONCE, within_s: float = WITHIN_S) -> None:
        self.at_once, self.within_s = at_once, within_s
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def admits(self, key: str, now: float) -> bool:
        """Count one request; False, and not counted, when it is one too many."""
        with self._lock:
            asked = self._asked.setdefault(key, deque())
            self._asked.move_to_end(key)
            while len(self._asked) > REMEMBERED:
                self._asked.popitem(last=False)
            while asked and asked[0] <= now - self.within_s:
                asked.popleft()
            if len(asked) >= self.at_once:
                return False
            asked.append(now)
            return True


PACE = Pace()


class BearerMiddleware:
    """Lets a token in where it may be shown: at the API, and nowhere else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        shown = request.headers.get("Authorization", "")
        if not (request.path.startswith(API) and shown[: len(SCHEME)].lower() == SCHEME):
            return self.get_response(request)
        try:
            self._let_in(request, shown[len(SCHEME) :].strip())
        except DomainError as error:
            response = problem(error)
            if error.status == WrongToken.status:
                response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
            if error.status == TooOften.status:
                response["Retry-After"] = str(int(PACE.within_s))
            return response
        return self.get_response(request)

    def _let_in(self, request: HttpRequest, key: str) -> None:
        bearer = bearer_of(key)
        user = load_backend(settings.AUTHENTICATION_BACKENDS[0]).get_user(bearer.user_id)
        if user is None:
            raise WrongToken("access.token.wrong")
        if not PACE.admits(bearer.prefix, time.monotonic()):
            raise TooOften("access.token.too_often")
        # From here on logs and the record of commands name the token beside the request.
        request_id.set(f"{request_id.get()} {bearer.prefix}")
        request.user = user
        request.token_scopes = bearer.scopes  # type: ignore[attr-defined]
        # Nobody can make a browser show a token: there is nothing to forge.
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
