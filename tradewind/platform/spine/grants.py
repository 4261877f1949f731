"""What the platform's own tables let each database role do; they hold no rows of the business."""

from tradewind.platform.spine.access import sessions as _sessions  # noqa: F401 brings its functions
from tradewind.platform.spine.access import tokens as _tokens  # noqa: F401
from tradewind.platform.spine.access.protect import OpenTable, register_open
from tradewind.platform.spine.access.scopes import Scope, register
from tradewind.platform.spine.models import Share

ALL = "SELECT, INSERT, UPDATE, DELETE"

# Nobody's pages read it: what it opens is told by functions of the database.
register(Scope("spine.share", Share))
register_open(
    OpenTable("spine_user", app="SELECT, UPDATE (password, last_login)", wide=ALL),
    OpenTable("spine_session"),
    OpenTable("spine_command", app="INSERT, SELECT (id, at)", wide="SELECT, INSERT"),
    OpenTable("spine_history"),
    OpenTable("spine_seal"),
    OpenTable("spine_event", app="INSERT, SELECT (id, at)", wide="SELECT, INSERT, UPDATE"),
    OpenTable("spine_delivery", wide="SELECT, INSERT"),
)
