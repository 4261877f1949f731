"""Every address of the product."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.i18n import set_language

from tradewind.config import health
from tradewind.config.api import api
from tradewind.domains.ledger import pages as figures
from tradewind.domains.orders import pages as orders
from tradewind.domains.organization import pages as people
from tradewind.domains.organization import staff_pages as staff
from tradewind.domains.organization import unit_pages as units
from tradewind.domains.pipeline import pages as deals

urlpatterns: list[URLPattern | URLResolver] = [
    path("", figures.home, name="home"),
    path("figures", figures.figures, name="figures"),
    path("figures.csv", figures.export, name="figures_export"),
    path("figures/explain", figures.explain_page, name="explain"),
    path("opportunities", deals.listing, name="deals"),
    path("opportunities/<str:public_id>", deals.record, name="deal"),
    path("opportunities/<str:public_id>/win", deals.win_page, name="deal_win"),
    path("opportunities/<str:public_id>/lose", deals.lose_page, name="deal_lose"),
    path("orders/new", orders.new, name="order_new"),
    path("orders/<str:public_id>", orders.record, name="order"),
    path("orders/<str:public_id>/edit", orders.edit, name="order_edit"),
    path("orders/<str:public_id>/confirm", orders.confirm, name="order_confirm"),
    path("orders/<str:public_id>/cancel", orders.cancel, name="order_cancel"),
    path("orders/<str:public_id>/copy", orders.copy, name="order_copy"),
    path("people", people.directory, name="people"),
    path("people/new", staff.hire, name="person_new"),
    path("people/<str:public_id>", staff.person, name="person"),
    path("people/<str:public_id>/link", people.link, name="person_link"),
    path("people/<str:public_id>/move", staff.move, name="person_move"),
    path("people/<str:public_id>/leave", staff.leave, name="person_leave"),
    path(
        "people/<str:public_id>/assignments/<str:assignment>/correct",
        staff.correct,
        name="assignment_correct",
    ),
    path(
        "people/<str:public_id>/assignments/<str:assignment>/withdraw",
        staff.withdraw,
        name="assignment_withdraw",
    ),
    path("organization", units.chart, name="organization"),
    path("units/new", units.create, name="unit_new"),
    path("units/<str:public_id>", units.unit, name="unit"),
    path("units/<str:public_id>/rename", units.rename, name="unit_rename"),
    path("units/<str:public_id>/move", units.move, name="unit_move"),
    path("units/<str:public_id>/close", units.close, name="unit_close"),
    path("units/<str:public_id>/head", units.head, name="unit_head"),
    path("units/<str:public_id>/positions", units.new_position, name="position_new"),
    path("positions/<str:public_id>", units.change_position, name="position"),
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
