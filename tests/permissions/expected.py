"""What each role gets at each address."""

from tests.permissions.expecting import (
    API_READ,
    DOOR,
    NOBODYS,
    SELLING,
    Expected,
    api,
    by_role,
    declared,
    page,
    staffing,
)

OPEN = Expected(by_role(200), by_role(200))
API_CHANGE = api(405, 422)
PLAN_VERBS = ("spread", "cells", "lock", "unlock", "submit", "reopen", "approve", "close")
FROM_ABOVE = by_role(403, admin=200, director=200, manager=200, finance=200, nobody=DOOR)
ADMINS = by_role(403, admin=200, nobody=DOOR)
# The deal asked for is the seller's: to hr and the partner it looks like a missing one.
UNSEEN = {"hr": 404, "partner": 404}
# Who is who in the company is nothing for outside sales units.
DIRECTORY = Expected(by_role(200, partner=404, nobody=DOOR), by_role(200, partner=404, nobody=DOOR))
# What a role answers on a deal depends on whose it is: tests below, per row.
MATRIX: dict[str, Expected] = {
    "": page(),
    "overview": Expected(FROM_ABOVE, FROM_ABOVE),
    "approvals": page(),
    "approvals/decide": page(302, 422),
    "approvals/ask/<str:subject>/<uuid:public_id>": Expected(
        by_role(200, hr=404, nobody=DOOR),
        by_role(422, hr=404, nobody=DOOR),
        "approvals/ask/catalog.product.price/<uuid:public_id>",
    ),
    # The request asked for is the seller's, in review with the manager.
    "approvals/<uuid:public_id>": Expected(
        by_role(200, nobody=DOOR, **UNSEEN), by_role(200, nobody=DOOR, **UNSEEN)
    ),
    "approvals/<uuid:public_id>/act": Expected(
        by_role(302, nobody=DOOR, **UNSEEN), by_role(422, nobody=DOOR, **UNSEEN)
    ),
    "approvals/<uuid:public_id>/again": Expected(
        by_role(409, nobody=DOOR, **UNSEEN), by_role(409, nobody=DOOR, **UNSEEN)
    ),
    **dict.fromkeys(
        ("settings/approvals", "settings/approvals/<uuid:public_id>"),
        Expected(by_role(403, admin=200, nobody=DOOR), by_role(403, admin=200, nobody=DOOR)),
    ),
    "api/v1/approvals": api(200, 422),
    "api/v1/approvals/subjects": API_READ,
    **dict.fromkeys(("api/v1/approvals/path", "api/v1/approvals/decide"), API_CHANGE),
    "api/v1/approvals/<uuidstr:public_id>": Expected(by_role(200, nobody=401, **UNSEEN), API_READ.post),
    **{
        f"api/v1/approvals/<uuidstr:public_id>/{act}": API_CHANGE
        for act in ("decide", "resubmit", "withdraw", "remind", "comment", "sign", "delegate", "copy")
    },
    "figures": page(),
    "figures.csv": page(),
    "figures/explain": page(address="figures/explain?measure=won_deals"),
    "opportunities": page(),
    **declared("activities", create=SELLING, edit=SELLING, bring_in="no_one", hidden="hr partner"),
    "activities/calendar": page(),
    "activities/compose": Expected(by_role(302), by_role(404, finance=403, hr=403, nobody=DOOR)),
    "activities/<uuid:public_id>/complete": Expected(
        by_role(200, finance=403, nobody=DOOR, **UNSEEN), by_role(422, finance=403, nobody=DOOR, **UNSEEN)
    ),
    **{
        f"activities/<uuid:public_id>/{act}": Expected(
            by_role(302, nobody=DOOR, **UNSEEN), by_role(409, finance=403, nobody=DOOR, **UNSEEN)
        )
        for act in ("cancel", "reopen")
    },
    "notifications": page(),
    "notifications/bell": page(),
    "notifications/read": page(302, 302),
    "notifications/<uuid:public_id>": page(302, 404),
    **{f"api/v1/activities/{act}": api(405, 422) for act in ("complete", "postpone", "log")},
    **{
        f"api/v1/activities/<uuidstr:public_id>/{act}": api(405, 422)
        for act in ("complete", "cancel", "reopen", "reassign")
    },
    **declared(
        "customers", create=SELLING, edit=SELLING, bring_in="admin director manager", hidden="hr partner"
    ),
    **declared(
        "contacts", create=SELLING, edit=SELLING, bring_in="admin director manager", hidden="hr partner"
    ),
    **declared("products", create="admin", edit="admin", bring_in="admin"),
    **declared("opportunities", create=SELLING, edit=SELLING, bring_in="no_one", hidden="hr partner"),
    **declared("orders", hidden="hr partner"),
    "api/v1/orders": api(200, 422),
    **declared("units", bring_in="admin hr", hidden="partner"),
    **declared("people", bring_in="admin hr", hidden="partner"),
    **declared("skills", create="admin hr", edit="admin hr", bring_in="admin hr", hidden="partner"),
    "conduct": Expected(
        by_role(200, seller=403, hr=403, nobody=DOOR),
        by_role(403, partner=409, nobody=DOOR),
    ),
    "conduct/change": Expected(
        by_role(403, admin=200, director=200, nobody=DOOR),
        by_role(403, admin=422, director=422, nobody=DOOR),
    ),
    "units/<uuid:public_id>/terms": Expected(
        by_role(403, admin=200, director=200, nobody=DOOR),
        by_role(403, admin=422, director=422, nobody=DOOR),
    ),
    "people/<uuid:public_id>/posts/new": staffing(),
    **{
        f"people/<uuid:public_id>/posts/<str:assignment>{act}": Expected(
            by_role(403, admin=404, hr=404, nobody=DOOR), by_role(403, admin=404, hr=404, nobody=DOOR)
        )
        for act in ("", "/withdraw")
    },
    "customers/alike": Expected(by_role(200, hr=403, nobody=DOOR), by_role(200, hr=403, nobody=DOOR)),
    **{
        f"customers/alike/<uuid:public_id>/{act}": Expected(
            by_role(302), by_role(422, finance=403, hr=403, nobody=DOOR), f"customers/alike/{NOBODYS}/{act}"
        )
        for act in ("dismiss", "reopen")
    },
    "opportunities/narrowed": page(),
    "opportunities/board": Expected(by_role(200, hr=403, nobody=DOOR), by_role(200, hr=403, nobody=DOOR)),
    "opportunities/funnel": page(),
    "targets": page(),
    "targets/new": Expected(
        by_role(403, admin=200, director=200, nobody=DOOR), by_role(403, admin=422, director=422, nobody=DOOR)
    ),
    "targets/<uuid:public_id>": Expected(
        by_role(200, hr=404, nobody=DOOR), by_role(200, hr=404, nobody=DOOR)
    ),
    "targets/<uuid:public_id>/spread": Expected(by_role(302), by_role(422, hr=404, nobody=DOOR)),
    "targets/<uuid:public_id>/step": Expected(by_role(302), by_role(422, hr=404, nobody=DOOR)),
    "tracking": page(),
    "tracking.csv": page(),
    "workdays": Expected(by_role(200, nobody=DOOR), by_role(403, admin=422, nobody=DOOR)),
    "favourites/keep": page(405, 422),
    "favourites/drop": page(405, 200),
    "opportunities/<uuid:public_id>": Expected(
        by_role(200, nobody=DOOR, **UNSEEN), by_role(200, nobody=DOOR, **UNSEEN)
    ),
    "opportunities/<uuid:public_id>/win": Expected(
        by_role(302), by_role(422, finance=403, nobody=DOOR, **UNSEEN)
    ),
    "opportunities/<uuid:public_id>/lose": Expected(
        by_role(302), by_role(422, finance=403, nobody=DOOR, **UNSEEN)
    ),
    **{
        f"opportunities/<uuid:public_id>/{verb}": Expected(
            by_role(302), by_role(422, finance=403, nobody=DOOR, **UNSEEN)
        )
        for verb in ("reopen", "move", "next-step")
    },
    "opportunities/<uuid:public_id>/closing": Expected(
        by_role(302, nobody=DOOR, **UNSEEN), by_role(302, nobody=DOOR, **UNSEEN)
    ),
    "orders/new": Expected(
        by_role(200, finance=403, hr=403, nobody=DOOR), by_role(422, finance=403, hr=403, nobody=DOOR)
    ),
    "orders/<uuid:public_id>": Expected(
        by_role(200, nobody=DOOR, **UNSEEN), by_role(200, nobody=DOOR, **UNSEEN)
    ),
    "orders/<uuid:public_id>/edit": Expected(
        by_role(200, finance=403, hr=403, partner=404, nobody=DOOR),
        by_role(422, finance=403, hr=403, partner=404, nobody=DOOR),
    ),
    "orders/<uuid:public_id>/confirm": Expected(by_role(302), by_role(422, nobody=DOOR, **UNSEEN)),
    "orders/<uuid:public_id>/cancel": Expected(by_role(302), by_role(422, nobody=DOOR, **UNSEEN)),
    "orders/<uuid:public_id>/copy": Expected(by_role(302), by_role(302, finance=403, nobody=DOOR, **UNSEEN)),
    "people": page(),
    "people/new": staffing(),
    "people/<uuid:public_id>": DIRECTORY,
    "people/<uuid:public_id>/link": Expected(by_role(302), by_role(403, admin=200, partner=404, nobody=DOOR)),
    "people/<uuid:public_id>/move": staffing(),
    "people/<uuid:public_id>/roles": staffing(post=409),
    "people/<uuid:public_id>/away": Expected(
        by_role(403, admin=200, director=200, hr=200, nobody=DOOR),
        by_role(403, admin=422, director=422, hr=422, nobody=DOOR),
    ),
    "people/<uuid:public_id>/see-as": Expected(
        by_role(403, admin=302, nobody=DOOR), by_role(403, admin=302, nobody=DOOR)
    ),
    "see-as/end": page(302, 302),
    "stand-ins/<uuid:public_id>/end": Expected(
        by_role(404, partner=403, nobody=DOOR),
        by_role(404, partner=403, nobody=DOOR),
        f"stand-ins/{NOBODYS}/end",
    ),
    "settings/roles": Expected(
        by_role(200, partner=403, nobody=DOOR), by_role(200, partner=403, nobody=DOOR)
    ),
    "settings/roles/new": Expected(
        by_role(403, admin=200, nobody=DOOR), by_role(403, admin=422, nobody=DOOR)
    ),
    "settings/roles/<slug:key>": Expected(
        by_role(200, partner=403, nobody=DOOR),
        by_role(403, admin=409, nobody=DOOR),
        "settings/roles/seller",
    ),
    "settings/roles/<slug:key>/undo": Expected(
        by_role(403, admin=302, nobody=DOOR),
        by_role(403, admin=409, nobody=DOOR),
        "settings/roles/seller/undo",
    ),
    "settings/roles/<slug:key>/retire": Expected(
        by_role(403, admin=302, nobody=DOOR),
        by_role(403, admin=422, nobody=DOOR),
        "settings/roles/seller/retire",
    ),
    "settings/audit": Expected(by_role(403, admin=200, nobody=DOOR), by_role(403, admin=200, nobody=DOOR)),
    "settings/audit.csv": Expected(
        by_role(403, admin=200, nobody=DOOR), by_role(403, admin=200, nobody=DOOR)
    ),
    "me/data": page(),
    "people/<uuid:public_id>/data": staffing(post=200),
    "erase/<str:resource>/<uuid:public_id>": Expected(
        by_role(403, admin=200, hr=200, nobody=DOOR),
        by_role(403, admin=409, hr=409, nobody=DOOR),
        "erase/organization.person/<uuid:public_id>",
    ),
    "settings/periods": Expected(FROM_ABOVE, FROM_ABOVE),
    "settings/periods/fiscal-year": Expected(
        by_role(403, admin=302, finance=302, nobody=DOOR), by_role(403, admin=422, finance=422, nobody=DOOR)
    ),
    "settings/periods/<str:month>/close": Expected(
        by_role(302, nobody=DOOR),
        by_role(403, admin=409, finance=409, nobody=DOOR),
        "settings/periods/2100-01/close",
    ),
    "settings/periods/<str:month>/reopen": Expected(
        by_role(302, nobody=DOOR),
        by_role(403, admin=409, director=409, nobody=DOOR),
        "settings/periods/2100-01/reopen",
    ),
    "access/<str:resource>/<uuid:public_id>": Expected(
        by_role(200, nobody=DOOR, **UNSEEN),
        by_role(422, finance=403, nobody=DOOR, **UNSEEN),
        "access/pipeline.opportunity/<uuid:public_id>",
    ),
    "access/<str:resource>/<uuid:public_id>/unshare": Expected(
        by_role(302, finance=403, hr=403, partner=404, nobody=DOOR),
        by_role(302, finance=403, hr=403, partner=404, nobody=DOOR),
        "access/pipeline.opportunity/<uuid:public_id>/unshare",
    ),
    "people/<uuid:public_id>/leave": staffing(),
    "people/<uuid:public_id>/assignments/<str:assignment>/correct": staffing(),
    "people/<uuid:public_id>/assignments/<str:assignment>/withdraw": staffing(post=409),
    "organization": page(),
    "units/new": staffing(),
    "units/<uuid:public_id>": DIRECTORY,
    "units/<uuid:public_id>/rename": staffing(),
    "units/<uuid:public_id>/move": staffing(),
    "units/<uuid:public_id>/close": staffing(post=409),
    "units/<uuid:public_id>/head": staffing(),
    "units/<uuid:public_id>/positions": staffing(),
    "positions/<uuid:public_id>": staffing(),
    "positions/<uuid:public_id>/remove": staffing(post=409),
    "language": Expected(by_role(302), by_role(302)),
    "sign-in/": Expected(by_role(302, nobody=200), by_role(302, nobody=200)),
    "sign-in/code": Expected(by_role(302), by_role(302)),
    "sign-in/passkey": Expected(by_role(302), by_role(302)),
    "sign-in/with/<str:provider_id>": Expected(by_role(302), by_role(404), "sign-in/with/oidc"),
    "sign-in/with/<str:provider_id>/back": Expected(by_role(404), by_role(404), "sign-in/with/oidc/back"),
    **{
        f"sign-in/with/{door}/back": Expected(by_role(404), by_role(404))
        for door in ("wecom", "feishu", "dingtalk")
    },
    "account": page(),
    "account/unlink": page(405, 302),
    "account/password": page(200, 422),
    "account/confirm": page(),
    "account/confirm/code": page(302, 302),
    "account/confirm/passkey": page(302, 302),
    "account/second-factor": page(200, 405),
    "account/second-factor/app": page(302, 302),
    "account/second-factor/app/remove": page(404, 404),
    "account/second-factor/codes": page(404, 405),
    "account/second-factor/codes/new": page(302, 302),
    "account/passkeys/new": page(302, 302),
    "account/passkeys/<int:pk>/rename": page(302, 302, "account/passkeys/1/rename"),
    "account/passkeys/<int:pk>/remove": page(302, 302, "account/passkeys/1/remove"),
    "account/sessions": page(),
    "account/sessions/end": page(405, 302),
    "account/tokens": page(),
    "account/tokens/new": page(302, 302),
    "account/tokens/<uuid:public_id>/revoke": page(405, 404, f"account/tokens/{NOBODYS}/revoke"),
    "people/<uuid:public_id>/sign-in": Expected(ADMINS, ADMINS),
    **{
        f"people/<uuid:public_id>/sign-in/{act}": Expected(
            by_role(405, nobody=DOOR), by_role(403, admin=302, nobody=DOOR)
        )
        for act in ("end", "reset")
    },
    "people/<uuid:public_id>/sign-in/withdraw": Expected(
        by_role(405, nobody=DOOR), by_role(403, admin=404, nobody=DOOR)
    ),
    "sign-out/": Expected(by_role(200, nobody=302), by_role(302)),
    "^welcome/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": Expected(
        by_role(200), by_role(200), "welcome/1-set-password/"
    ),
    "welcome/done/": Expected(by_role(200), by_role(405)),
    "healthz": OPEN,
    "readyz": OPEN,
    "metrics": OPEN,
    "api/v1/": api(404, 404),
    "api/v1/openapi.json": OPEN,
    "api/v1/figures": api(200, 405, "api/v1/figures?measure=won_deals"),
    "api/v1/figures/explain": api(200, 405, "api/v1/figures/explain?measure=win_rate"),
    "api/v1/months": Expected(
        by_role(403, admin=200, director=200, manager=200, finance=200, nobody=401), API_READ.post
    ),
    "api/v1/months/<month>/close": Expected(
        API_CHANGE.get, by_role(403, admin=409, finance=409, nobody=401), "api/v1/months/2100-01/close"
    ),
    "api/v1/months/<month>/reopen": Expected(
        API_CHANGE.get, by_role(403, admin=409, director=409, nobody=401), "api/v1/months/2100-01/reopen"
    ),
    "api/v1/plans": Expected(API_READ.get, by_role(422, nobody=401)),
    "api/v1/plans/<public_id>": Expected(by_role(200, hr=404, nobody=401), API_READ.post),
    **{f"api/v1/plans/<public_id>/{verb}": API_CHANGE for verb in PLAN_VERBS},
    "api/v1/tracking": API_READ,
    "api/v1/overview": Expected(
        by_role(403, admin=200, director=200, manager=200, finance=200, nobody=401), API_READ.post
    ),
    "api/v1/search": api(200, 405, "api/v1/search?q=OP"),
    "api/v1/opportunities/move": api(405, 422),
    "api/v1/opportunities/board": Expected(by_role(200, hr=403, nobody=401), API_READ.post),
    "api/v1/opportunities/funnel": API_READ,
    **{
        f"api/v1/opportunities/<uuidstr:public_id>/{verb}": api(405, 422)
        for verb in ("win", "lose", "reopen", "move", "move/undo")
    },
    "api/v1/orders/<uuidstr:public_id>/confirm": api(405, 422),
    "api/v1/orders/<uuidstr:public_id>/cancel": api(405, 422),
}
