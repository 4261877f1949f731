"""What each database role may do with the tables of libraries; they hold no rows of the business."""

from tradewind.platform.spine.access.protect import ALL, OpenTable, register_open

QUEUE = "SELECT, INSERT"

register_open(
    OpenTable("django_session", app=ALL, wide=ALL),
    OpenTable("django_cache", app=ALL, wide=ALL),
    OpenTable("django_content_type"),
    OpenTable("auth_group"),
    OpenTable("auth_group_permissions"),
    OpenTable("auth_permission"),
    OpenTable("account_emailaddress", app="SELECT", wide="SELECT"),
    OpenTable("account_emailconfirmation"),
    # Commands queue jobs with the change; only the worker's own connection takes them out.
    OpenTable("procrastinate_jobs", app=QUEUE, wide=QUEUE, jobs=ALL),
    OpenTable("procrastinate_events", app=QUEUE, wide=QUEUE, jobs=ALL),
    OpenTable("procrastinate_periodic_defers", jobs=ALL),
    OpenTable("procrastinate_workers", jobs=ALL),
)
