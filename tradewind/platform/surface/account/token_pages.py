"""One's own API tokens as pages."""

from datetime import MAXYEAR, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django import forms
from django.conf import settings
from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tradewind.kernel.errors import Malformed, Refused
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.access.scopes import found
from tradewind.platform.spine.access.tokens import LONGEST, READ, WRITE, areas, offered_to
from tradewind.platform.spine.command import Given, Ref
from tradewind.platform.surface.account import tokens
from tradewind.platform.surface.account.menu import menu, user_of
from tradewind.platform.surface.shell.middleware import sentence

REAUTH = "tradewind.account"
AREA = "area_"
WORDS = {READ: gettext_lazy("read"), WRITE: gettext_lazy("read and change")}


class TokenForm(forms.Form):
    """What it is for, what it may do, and until when: one choice for each area."""

    name = forms.CharField(label=pgettext_lazy("of an API token", "Name"), max_length=80)
    expires_on = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput)
    # Sent again, by a reload, it makes no second token.
    made_as = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, actor: Actor, given: object = None) -> None:
        soon = (timezone.now() + timedelta(days=90)).date()
        super().__init__(given, initial={"expires_on": soon, "made_as": uuid4()})  # type: ignore[arg-type]
        for key, ways in _ways(actor).items():
            choices = [("", _("nothing")), *((how, WORDS[how]) for how in ways)]
            self.fields[AREA + key] = forms.ChoiceField(
                label=_(areas()[key].label), choices=choices, required=False
            )

    def scopes(self) -> list[BoundField]:
        """The choices, as they stand in the page."""
        return [self[name] for name in self.fields if name.startswith(AREA)]

    def given(self, user_id: int) -> Given:
        """As the command takes it; the last day ends where the company is."""
        last = self.cleaned_data["expires_on"]
        if last.year >= MAXYEAR:  # there is no day after
            raise Malformed("access.token.expiry", field="expires_on")
        zone = ZoneInfo(settings.COMPANY_TIME_ZONE)
        expires_at = datetime.combine(last + timedelta(days=1), time(), zone)
        chosen = {one.name.removeprefix(AREA): self.cleaned_data[one.name] for one in self.scopes()}
        scopes = [f"{key}:{how}" for key, how in chosen.items() if how]
        values = {"name": self.cleaned_data["name"], "scopes": scopes, "expires_at": expires_at}
        return Given({**values, "user_id": user_id}, public_id=self.cleaned_data["made_as"])


def _ways(actor: Actor) -> dict[str, list[str]]:
    """What a token of this person may do at most, by area."""
    ways: dict[str, list[str]] = {}
    for key, how in offered_to(actor):
        ways.setdefault(key, []).append(how)
    return ways


def words_of(scope: str) -> str:
    """A scope in words: "Customers and contacts: read and change"."""
    key, _colon, how = scope.partition(":")
    area = areas().get(key)
    label = _(area.label) if area else key
    return _("%(what)s: %(does)s") % {"what": label, "does": WORDS.get(how, how)}


def listing(request: HttpRequest) -> HttpResponse:
    """One's own tokens."""
    return _shown(request, None)


def _shown(request: HttpRequest, made: tokens.Made | None) -> HttpResponse:
    now = timezone.now()
    rows = [
        (one, [words_of(scope) for scope in one.scopes], state(one, now))
        for one in tokens.own(actor_of_request(request))
    ]
    context = {"menu": menu(request, "account_tokens"), "rows": rows, "made": made}
    return render(request, "own_account/tokens.html", context)


def state(token: object, now: datetime) -> str:
    """Does it still open the door?"""
    if getattr(token, "revoked_at", None):
        return "revoked"
    return "expired" if token.expires_at <= now else "alive"  # type: ignore[attr-defined]


def new(request: HttpRequest) -> HttpResponse:
    """Make a token; its key is shown with the answer, and never again."""
    actor = actor_of_request(request)
    actor.require("access.token.create")
    raise_if_reauthentication_required(request, app=REAUTH)
    form = TokenForm(actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        made_as = form.cleaned_data["made_as"]
        if made_as and tokens.own(actor).filter(public_id=made_as).exists():
            return redirect("account_tokens")
        try:
            return _shown(request, tokens.create(actor, form.given(user_of(request).pk)))
        except (Malformed, Refused) as error:
            form.add_error(error.field if error.field in form.fields else None, sentence(error))
    context = {"menu": menu(request, "account_tokens"), "form": form, "longest": LONGEST.days}
    status = 422 if request.method == "POST" else 200
    return render(request, "own_account/token_new.html", context, status=status)


@require_POST
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a token."""
    actor = actor_of_request(request)
    one = found(tokens.own(actor), public_id)
    tokens.revoke(actor, Ref(public_id, one.version), tokens.Nothing())
    messages.success(request, _("The token is revoked. What uses it is refused from now on."))
    return redirect("account_tokens")
