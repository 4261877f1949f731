"""Every address of the product."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.i18n import set_language

from tradewind.config import health
from tradewind.config.api import api
from tradewind.domains.analytics import pages as analytics
from tradewind.domains.ledger import pages as figures
from tradewind.domains.organization import calendar_pages as calendar
from tradewind.domains.organization import pages as people
from tradewind.domains.pipeline import pages as deals
from tradewind.domains.planning import pages as plans
from tradewind.domains.planning import tracking_pages as tracking
from tradewind.platform.surface.favourites import pages as favourites
from tradewind.platform.surface.resource import wiring

urlpatterns: list[URLPattern | URLResolver] = [
    path("", analytics.home, name="home"),
    path("overview", analytics.overview_page, name="overview"),
    path("figures", figures.figures, name="figures"),
    path("figures.csv", figures.export, name="figures_export"),
    path("figures/explain", figures.explain_page, name="explain"),
    path("opportunities", deals.listing, name="deals"),
    path("opportunities/board", deals.board_page, name="deal_board"),
    path("opportunities/funnel", deals.funnel_page, name="deal_funnel"),
    path("opportunities/<str:public_id>", deals.record, name="deal"),
    path("opportunities/<str:public_id>/win", deals.win_page, name="deal_win"),
    path("opportunities/<str:public_id>/lose", deals.lose_page, name="deal_lose"),
    path("targets", plans.listing, name="targets"),
    path("targets/new", plans.new, name="plan_new"),
    path("targets/<str:public_id>", plans.record, name="plan"),
    path("targets/<str:public_id>/spread", plans.spread_page, name="plan_spread"),
    path("targets/<str:public_id>/step", plans.step_page, name="plan_step"),
    path("tracking", tracking.tracking_page, name="tracking"),
    path("tracking.csv", tracking.export, name="tracking_export"),
    path("workdays", calendar.workdays, name="workdays"),
    path("opportunities/<str:public_id>/reopen", deals.reopen_page, name="deal_reopen"),
    path("opportunities/<str:public_id>/move", deals.move_page, name="deal_move"),
    path("opportunities/<str:public_id>/next-step", deals.step_page, name="deal_step"),
    path("opportunities/<str:public_id>/closing", deals.closing_page, name="deal_closing"),
    path("people", people.directory, name="people"),
    *wiring.pages(),
    path("people/<str:public_id>/link", people.link, name="person_link"),
    path("favourites/keep", favourites.keep, name="favourite_keep"),
    path("favourites/drop", favourites.drop, name="favourite_drop"),
    path("language", set_language, name="set_language"),
    # Only the doors we use: no sign-up, no mail.
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    re_path(
        r"^welcome/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("welcome/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("api/v1/", api.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
handler404 = "tradewind.config.health.missing"
handler500 = "tradewind.config.health.failed"
