"""What the record of an object shows: the button that asks, and the requests about it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tradewind.domains.approvals import queries
from tradewind.domains.approvals.pages.showing import STATES, change_lines
from tradewind.domains.approvals.rules.states import State
from tradewind.domains.approvals.subjects import Subject, subject_named
from tradewind.kernel.errors import phrase
from tradewind.platform.services.notify.queries import Beside, count_beside
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.surface.resource.record import Happening, Panel, add_panel, add_timeline

_shown: set[str] = set()


def on_record(subject: Subject) -> None:
    """Show the button of this subject, and once for its object what waits and what was asked for."""
    key = subject.resource.key

    def ask(actor: Actor, row: Any) -> Mapping[str, Any] | None:
        return _asking(subject, actor, row)

    add_panel(key, Panel("actions", "approvals/_ask_button.html", ask))
    if key not in _shown:
        _shown.add(key)
        add_panel(key, Panel("head", "approvals/_pending.html", lambda actor, row: _waiting(key, actor, row)))
        add_timeline(key, lambda actor, row: _told(key, actor, row))


def _asking(subject: Subject, actor: Actor, row: Any) -> Mapping[str, Any] | None:
    if not actor.can("approvals.request.submit") or not subject.concerns(row):
        return None
    if queries.edition_in_force(subject.key) is None or queries.pending(subject.resource.key, [row.pk]):
        return None
    url = reverse("approval_ask", args=[subject.key, row.public_id])
    return {"url": url, "action": _(subject.action)}


def _waiting(resource: str, actor: Actor, row: Any) -> Mapping[str, Any] | None:
    """The request in review about this object: in full for whoever may see it, else its number alone."""
    held = queries.pending(resource, [row.pk]).get(row.pk)
    if held is None:
        return None
    seen = [one for one in queries.about(actor, resource, row.pk) if one.state == State.IN_REVIEW]
    facts: dict[str, Any] = {"number": held.number, "url": held.url if seen else ""}
    for one in seen:
        subject = subject_named(one.subject)
        facts |= {
            "name": _(subject.name),
            "requester": one.requester.name,
            "at": one.submitted_at,
            "changes": change_lines(subject, one),
            "may_decide": queries.may_decide(actor, one),
        }
    return facts


def _told(resource: str, actor: Actor, row: Any) -> Sequence[Happening]:
    """One line for each request about this object."""
    return [
        Happening(
            one.decided_at or one.submitted_at,
            "clipboard-check",
            one.requester.name,
            _("asked for: %(name)s · %(number)s · %(state)s")
            % {
                "name": _(subject_named(one.subject).name),
                "number": one.number,
                "state": STATES[State(one.state)],
            },
            one.reason,
            reverse("approval", args=[one.public_id]),
            tuple(
                (line["label"], line["before"], line["after"])
                for line in change_lines(subject_named(one.subject), one)
            ),
        )
        for one in queries.about(actor, resource, row.pk)
    ]


count_beside(Beside("approvals", "clipboard-check", phrase("Approvals"), queries.waiting))
