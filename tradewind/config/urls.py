"""Every address of the product."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.i18n import set_language

from tradewind.config import health
from tradewind.config.api import api
from tradewind.domains.activities.pages import calendar, completing, composer
from tradewind.domains.analytics import pages as analytics
from tradewind.domains.approvals.pages import asking, designer, inbox
from tradewind.domains.approvals.pages import record as approvals
from tradewind.domains.customers import pages as customers
from tradewind.domains.ledger import month_pages as months
from tradewind.domains.ledger import pages as figures
from tradewind.domains.orders import pages as orders
from tradewind.domains.organization import access_pages as access
from tradewind.domains.organization import agreement_pages, role_pages
from tradewind.domains.organization import audit_pages as audit
from tradewind.domains.organization import away_pages as away
from tradewind.domains.organization import calendar_pages as workdays
from tradewind.domains.organization import door_pages as people_doors
from tradewind.domains.organization import personal_pages as personal
from tradewind.domains.organization import post_pages as posts
from tradewind.domains.organization import staff_pages as staff
from tradewind.domains.organization import unit_pages as units
from tradewind.domains.pipeline import pages as deals
from tradewind.domains.planning import pages as plans
from tradewind.domains.planning import tracking_pages as tracking
from tradewind.integrations import doors
from tradewind.platform.services.notify import pages as notifications
from tradewind.platform.surface.account import factor_pages as factors
from tradewind.platform.surface.account import linking, token_pages
from tradewind.platform.surface.account import pages as own
from tradewind.platform.surface.favourites import pages as favourites
from tradewind.platform.surface.resource import wiring

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),  # first, because it is asked most
    path("", analytics.home, name="home"),
    path("overview", analytics.overview_page, name="overview"),
    path("figures", figures.figures, name="figures"),
    path("figures.csv", figures.export, name="figures_export"),
    path("figures/explain", figures.explain_page, name="explain"),
    path("approvals", inbox.listing, name="approvals"),
    path("approvals/decide", inbox.decide_many, name="approvals_decide"),
    path("approvals/ask/<str:subject>/<uuid:public_id>", asking.ask, name="approval_ask"),
    path("approvals/<uuid:public_id>", approvals.record, name="approval"),
    path("approvals/<uuid:public_id>/act", approvals.act, name="approval_act"),
    path("approvals/<uuid:public_id>/again", asking.ask_again, name="approval_again"),
    path("settings/approvals", designer.listing, name="approval_processes"),
    path("settings/approvals/<uuid:public_id>", designer.process, name="approval_process"),
    path("customers/alike", customers.listing, name="customers_alike"),
    path("customers/alike/<uuid:public_id>/dismiss", customers.dismiss, name="customer_not_same"),
    path("customers/alike/<uuid:public_id>/reopen", customers.reopen, name="customers_same_again"),
    path("opportunities/narrowed", deals.listing, name="deals"),
    path("opportunities/board", deals.board_page, name="deal_board"),
    path("opportunities/funnel", deals.funnel_page, name="deal_funnel"),
    path("opportunities/<uuid:public_id>", deals.record, name="deal"),
    path("opportunities/<uuid:public_id>/win", deals.win_page, name="deal_win"),
    path("opportunities/<uuid:public_id>/lose", deals.lose_page, name="deal_lose"),
    path("targets", plans.listing, name="targets"),
    path("targets/new", plans.new, name="plan_new"),
    path("targets/<uuid:public_id>", plans.record, name="plan"),
    path("targets/<uuid:public_id>/spread", plans.spread_page, name="plan_spread"),
    path("targets/<uuid:public_id>/step", plans.step_page, name="plan_step"),
    path("tracking", tracking.tracking_page, name="tracking"),
    path("tracking.csv", tracking.export, name="tracking_export"),
    path("workdays", workdays.workdays, name="workdays"),
    path("opportunities/<uuid:public_id>/reopen", deals.reopen_page, name="deal_reopen"),
    path("opportunities/<uuid:public_id>/move", deals.move_page, name="deal_move"),
    path("opportunities/<uuid:public_id>/next-step", deals.step_page, name="deal_step"),
    path("opportunities/<uuid:public_id>/closing", deals.closing_page, name="deal_closing"),
    path("favourites/keep", favourites.keep, name="favourite_keep"),
    path("favourites/drop", favourites.drop, name="favourite_drop"),
    path("orders/new", orders.new, name="order_new"),
    path("orders/<uuid:public_id>", orders.record, name="order"),
    path("orders/<uuid:public_id>/edit", orders.edit, name="order_edit"),
    path("orders/<uuid:public_id>/confirm", orders.confirm, name="order_confirm"),
    path("orders/<uuid:public_id>/cancel", orders.cancel, name="order_cancel"),
    path("orders/<uuid:public_id>/copy", orders.copy, name="order_copy"),
    path("people/new", staff.hire, name="person_new"),
    path("people/<uuid:public_id>", staff.person, name="person"),
    path("people/<uuid:public_id>/link", staff.link, name="person_link"),
    path("people/<uuid:public_id>/move", staff.move, name="person_move"),
    path("people/<uuid:public_id>/roles", role_pages.held, name="person_roles"),
    path("people/<uuid:public_id>/away", away.away, name="person_away"),
    path("people/<uuid:public_id>/see-as", access.see_as, name="person_see_as"),
    path("see-as/end", access.see_as_oneself, name="see_as_end"),
    path("stand-ins/<uuid:public_id>/end", away.end, name="stand_in_end"),
    path("settings/roles", role_pages.listing, name="roles"),
    path("settings/roles/new", role_pages.new, name="role_new"),
    path("settings/roles/<slug:key>", role_pages.role, name="role"),
    path("settings/roles/<slug:key>/undo", role_pages.undo, name="role_undo"),
    path("settings/roles/<slug:key>/retire", role_pages.retire, name="role_retire"),
    path("settings/audit", audit.page, name="audit"),
    path("settings/audit.csv", audit.export, name="audit_export"),
    path("me/data", personal.mine, name="my_data"),
    path("people/<uuid:public_id>/data", personal.of_person, name="person_data"),
    path("erase/<str:resource>/<uuid:public_id>", personal.erase, name="erase"),
    path("settings/periods", months.periods, name="periods"),
    path("settings/periods/fiscal-year", months.fiscal, name="fiscal_year"),
    path("settings/periods/<str:month>/close", months.close, name="period_close"),
    path("settings/periods/<str:month>/reopen", months.reopen, name="period_reopen"),
    path("access/<str:resource>/<uuid:public_id>", access.access, name="access"),
    path("access/<str:resource>/<uuid:public_id>/unshare", access.unshare, name="unshare"),
    path("people/<uuid:public_id>/posts/new", posts.add, name="post_add"),
    path("people/<uuid:public_id>/posts/<str:assignment>", posts.change, name="post_change"),
    path("people/<uuid:public_id>/posts/<str:assignment>/withdraw", posts.withdraw, name="post_withdraw"),
    path("people/<uuid:public_id>/leave", staff.leave, name="person_leave"),
    path(
        "people/<uuid:public_id>/assignments/<str:assignment>/correct",
        staff.correct,
        name="assignment_correct",
    ),
    path(
        "people/<uuid:public_id>/assignments/<str:assignment>/withdraw",
        staff.withdraw,
        name="assignment_withdraw",
    ),
    path("organization", units.chart, name="organization"),
    path("units/new", units.create, name="unit_new"),
    path("units/<uuid:public_id>", units.unit, name="unit"),
    path("units/<uuid:public_id>/rename", units.rename, name="unit_rename"),
    path("units/<uuid:public_id>/move", units.move, name="unit_move"),
    path("units/<uuid:public_id>/close", units.close, name="unit_close"),
    path("units/<uuid:public_id>/terms", agreement_pages.terms, name="unit_terms"),
    path("conduct", agreement_pages.conduct, name="conduct"),
    path("conduct/change", agreement_pages.conduct_change, name="conduct_change"),
    path("units/<uuid:public_id>/head", units.head, name="unit_head"),
    path("units/<uuid:public_id>/positions", units.new_position, name="position_new"),
    path("positions/<uuid:public_id>", units.change_position, name="position"),
    path("positions/<uuid:public_id>/remove", units.remove_position, name="position_remove"),
    path("activities/calendar", calendar.calendar_page, name="activity_calendar"),
    path("activities/compose", composer.compose, name="activity_compose"),
    path("activities/<uuid:public_id>/complete", completing.complete_page, name="activity_complete"),
    path("activities/<uuid:public_id>/cancel", completing.cancel_page, name="activity_cancel"),
    path("activities/<uuid:public_id>/reopen", completing.reopen_page, name="activity_reopen"),
    path("notifications", notifications.listing, name="notifications"),
    path("notifications/bell", notifications.bell, name="notification_bell"),
    path("notifications/read", notifications.read_all, name="notifications_read"),
    path("notifications/<uuid:public_id>", notifications.open_one, name="notification_open"),
    path("language", set_language, name="set_language"),
    # Only the doors we use: no sign-up, no mail.
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/code", factors.AskCode.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey", factors.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("sign-in/with/<str:provider_id>", doors.leave, name="sign_in_with"),
    path("sign-in/with/<str:provider_id>/back", doors.come_back, name="openid_connect_callback"),
    *(
        path(f"sign-in/with/{name}/back", doors.come_back, {"provider_id": name}, name=f"{name}_callback")
        for name in ("wecom", "feishu", "dingtalk")
    ),
    path("sign-out/", account.logout, name="account_logout"),
    path("account", own.profile, name="account"),
    path("account/unlink", linking.unlink, name="account_unlink"),
    path("account/password", own.ChangePassword.as_view(), name="account_change_password"),
    path("account/confirm", own.ConfirmPassword.as_view(), name="account_reauthenticate"),
    path("account/confirm/code", factors.AskCodeAgain.as_view(), name="mfa_reauthenticate"),
    path("account/confirm/passkey", factors.AskPasskeyAgain.as_view(), name="mfa_reauthenticate_webauthn"),
    path("account/second-factor", factors.Overview.as_view(), name="mfa_index"),
    path("account/second-factor/app", factors.SetUpApp.as_view(), name="mfa_activate_totp"),
    path("account/second-factor/app/remove", factors.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("account/second-factor/codes", factors.Codes.as_view(), name="mfa_view_recovery_codes"),
    path("account/second-factor/codes/new", factors.NewCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("account/passkeys/new", factors.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/rename", factors.RenamePasskey.as_view(), name="mfa_edit_webauthn"),
    path("account/passkeys/<int:pk>/remove", factors.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("account/sessions", own.sessions, name="account_sessions"),
    path("account/sessions/end", own.end, name="account_sessions_end"),
    path("account/tokens", token_pages.listing, name="account_tokens"),
    path("account/tokens/new", token_pages.new, name="account_token_new"),
    path("account/tokens/<uuid:public_id>/revoke", token_pages.revoke, name="account_token_revoke"),
    path("people/<uuid:public_id>/sign-in", people_doors.shown, name="person_doors"),
    path("people/<uuid:public_id>/sign-in/end", people_doors.end, name="person_doors_end"),
    path("people/<uuid:public_id>/sign-in/reset", people_doors.reset, name="person_doors_reset"),
    path("people/<uuid:public_id>/sign-in/withdraw", people_doors.withdraw, name="person_doors_withdraw"),
    re_path(
        r"^welcome/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("welcome/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    *wiring.pages(),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
handler400 = "tradewind.config.health.unreadable"
handler404 = "tradewind.config.health.missing"
handler500 = "tradewind.config.health.failed"
