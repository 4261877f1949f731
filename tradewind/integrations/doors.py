"""The addresses at which people leave for another door and come back; unknown where it is not configured."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect, render

from tradewind.integrations.dingtalk.provider import Adapter as DingTalk
from tradewind.integrations.feishu.provider import Adapter as Feishu
from tradewind.integrations.oidc.provider import Adapter as Oidc
from tradewind.integrations.wecom.provider import Adapter as WeCom


def _oidc(request: HttpRequest) -> Oidc:
    return Oidc(request, "oidc")


ADAPTERS: dict[str, Any] = {"oidc": _oidc, "wecom": WeCom, "feishu": Feishu, "dingtalk": DingTalk}
registry.load()


class Back(OAuth2CallbackView):  # type: ignore[misc]
    """Back from the other service; an answer that lacks what is documented is a failure like any other."""

    def dispatch(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        complete = self.adapter.complete_login

        def completed(*given: Any, **also: Any) -> Any:
            try:
                return complete(*given, **also)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                raise OAuth2Error("not the documented answer") from error

        self.adapter.complete_login = completed
        answer: HttpResponse = super().dispatch(request, *args, **named)
        return answer


def leave(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Off to the other service, by a button's POST.

    By a page that goes on by itself: browsers let a form of ours lead nowhere else, also not by a redirect.
    """
    if request.method != "POST":
        return redirect("account_login")
    answer = _answer(OAuth2LoginView(), request, provider_id)
    if isinstance(answer, HttpResponseRedirectBase):
        return render(request, "own_account/leaving.html", {"url": answer.url})
    return answer


def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from it, with a code that tells who it is."""
    return _answer(Back(), request, provider_id)


def _answer(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    """The library makes its adapter for each request; where nothing is configured there is none."""
    if provider_id not in ADAPTERS:
        raise Http404
    try:
        view.request, view.adapter = request, ADAPTERS[provider_id](request)
        view.adapter.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    try:
        answer: HttpResponse = view.dispatch(request)
    except ImmediateHttpResponse as error:
        left: HttpResponse = error.response
        return left
    return answer
