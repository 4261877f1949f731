"""Every address of the product."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.i18n import set_language

from tradewind.config import health
from tradewind.config.api import api
from tradewind.domains.activities.pages import calendar, completing, composer
from tradewind.domains.ledger import pages as figures
from tradewind.domains.organization import pages as people
from tradewind.domains.pipeline import pages as deals
from tradewind.platform.services.notify import pages as notifications
from tradewind.platform.surface.resource import wiring

urlpatterns: list[URLPattern | URLResolver] = [
    path("", figures.home, name="home"),
    path("figures", figures.figures, name="figures"),
    path("figures.csv", figures.export, name="figures_export"),
    path("figures/explain", figures.explain_page, name="explain"),
    path("opportunities", deals.listing, name="deals"),
    path("opportunities/<str:public_id>", deals.record, name="deal"),
    path("opportunities/<str:public_id>/win", deals.win_page, name="deal_win"),
    path("opportunities/<str:public_id>/lose", deals.lose_page, name="deal_lose"),
    path("people", people.directory, name="people"),
    path("activities/calendar", calendar.calendar_page, name="activity_calendar"),
    path("activities/compose", composer.compose, name="activity_compose"),
    path("activities/<uuid:public_id>/complete", completing.complete_page, name="activity_complete"),
    path("activities/<uuid:public_id>/cancel", completing.cancel_page, name="activity_cancel"),
    path("activities/<uuid:public_id>/reopen", completing.reopen_page, name="activity_reopen"),
    path("notifications", notifications.listing, name="notifications"),
    path("notifications/read", notifications.read_all, name="notifications_read"),
    path("notifications/<uuid:public_id>", notifications.open_one, name="notification_open"),
    *wiring.pages(),
    path("people/<str:public_id>/link", people.link, name="person_link"),
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
