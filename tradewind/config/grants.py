"""What each database role may do with the tables of libraries; they hold no rows of the business."""

from tradewind.platform.spine.access.protect import ALL, OpenTable, register_open

QUEUE = "SELECT, INSERT"

register_open(
    OpenTable("django_cache", app=ALL, wide=ALL),
    OpenTable("django_content_type"),
    OpenTable("auth_group"),
    OpenTable("auth_group_permissions"),
    OpenTable("auth_permission"),
    OpenTable("account_emailaddress", app="SELECT", wide="SELECT"),
    OpenTable("account_emailconfirmation"),
    OpenTable("mfa_authenticator", app=ALL, wide=ALL),
    OpenTable("socialaccount_socialaccount", app=ALL, wide=ALL),
    OpenTable("socialaccount_socialapp"),  # other doors are named in the environment
    OpenTable("socialaccount_socialtoken", app="SELECT, DELETE", wide="SELECT, DELETE"),  # stays empty
    # Commands queue jobs with the change; only the worker's own connection takes them out.
    OpenTable("procrastinate_jobs", app=QUEUE, wide=QUEUE, jobs=ALL),
    OpenTable("procrastinate_events", app=QUEUE, wide=QUEUE, jobs=ALL),
    OpenTable("procrastinate_periodic_defers", jobs=ALL),
    OpenTable("procrastinate_workers", jobs=ALL),
)
