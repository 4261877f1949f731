"""What the closed lists of activities are called, and the picture of each kind."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tradewind.domains.activities.values import Kind, Priority, Result, State

Words = str | Promise

KINDS: Mapping[str, Words] = {
    Kind.CALL.value: _("Call"),
    Kind.MESSAGE.value: _("Message"),
    Kind.MAIL.value: _("Mail"),
    Kind.MEETING.value: _("Meeting"),
    Kind.VISIT.value: _("Visit"),
    Kind.TASK.value: _("Task"),
    Kind.NOTE.value: _("Note"),
}
ICONS: Mapping[str, str] = {
    Kind.CALL.value: "phone",
    Kind.MESSAGE.value: "message-circle",
    Kind.MAIL.value: "mail",
    Kind.MEETING.value: "users",
    Kind.VISIT.value: "map-pin",
    Kind.TASK.value: "checkbox",
    Kind.NOTE.value: "note",
}
STATES: Mapping[str, Words] = {
    State.PLANNED.value: _("Planned"),
    State.DONE.value: _("Done"),
    State.CANCELLED.value: _("Cancelled"),
}
RESULTS: Mapping[str, Words] = {
    Result.REACHED.value: _("Got through"),
    Result.APPOINTMENT.value: _("Appointment made"),
    Result.INTERESTED.value: _("Interested"),
    Result.QUOTE.value: _("Wants a quote"),
    Result.NOT_REACHED.value: _("Not reached"),
    Result.NOT_INTERESTED.value: _("Not interested"),
}
PRIORITIES: Mapping[str, Words] = {
    Priority.HIGH.value: _("High"),
    Priority.NORMAL.value: _("Normal"),
    Priority.LOW.value: _("Low"),
}


def pairs(words: Mapping[str, Words]) -> list[tuple[str, Words]]:
    """Value and words, as a model field wants its choices."""
    return list(words.items())
