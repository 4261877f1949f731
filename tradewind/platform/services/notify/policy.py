"""A notification is seen by the person it is for, and by nobody else."""

from tradewind.platform.services.notify.models import Notification
from tradewind.platform.spine.access.scopes import Keeping, Scope, register

NOTIFICATIONS = Scope(
    "notify.notification",
    Notification,
    person="person_id",
    personal=True,
    keeping=Keeping.DERIVED,
    writes=("UPDATE",),
)

register(NOTIFICATIONS)
