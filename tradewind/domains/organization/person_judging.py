"""What rows about people would make or change, read set-based: nothing is written here."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import F, Func

from tradewind.domains.organization import authorizing, rules, staffing, structure, timelines
from tradewind.domains.organization.models import Assignment, Grant, Person, Position, Unit
from tradewind.domains.organization.outside import check_roles, outside_units, standing_with
from tradewind.domains.organization.queries import clock
from tradewind.domains.organization.roles import check_given, roles
from tradewind.domains.organization.timelines import Beside, Post, Stint, Timeline, held_on
from tradewind.domains.organization.values import OUTSIDE
from tradewind.kernel.errors import DomainError, Malformed, NotAllowed, Refused
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import command_name
from tradewind.platform.spine.models import User
from tradewind.platform.surface.resource import Change

Values = Mapping[str, Any]
Answer = Values | Change | DomainError
NEW_POSITION = -1
"""The id of a position that is still to be made."""
TITLES = 8


def judge_people(actor: Actor, given: Sequence[Values]) -> Sequence[Answer]:
    """What each row would make (or change, where it has an `id`), or why it is refused; ten statements."""
    staff = _Staff(actor, given)
    answers: list[Answer] = []
    for values in given:
        try:
            answers.append(staff.changed(values) if "id" in values else staff.made(values))
        except DomainError as refusal:
            answers.append(refusal)
    return answers


class _Staff:
    """The directory as it is, as far as these rows speak of it."""

    def __init__(self, actor: Actor, given: Sequence[Values]) -> None:
        self.actor, self.today = actor, clock().today()
        self.people = Person.objects.in_bulk([values["id"] for values in given if "id" in values])
        self.timelines, self.posts = _assignments_of(self.people)
        self.roles = _roles_of(self.people)
        self.with_whom = standing_with(self.people)
        self.outside = outside_units(other for others in self.with_whom.values() for other in others)
        self.names = _sign_ins_taken([str(values["sign_in"]) for values in given if "id" not in values])
        worked = {stint.post.unit_id for timeline in self.timelines.values() for stint in timeline}
        self.units = Unit.objects.in_bulk(
            {values["unit_id"] for values in given if "unit_id" in values} | worked
        )
        rows = Position.objects.filter(unit__in=self.units).values_list("id", "unit_id", "title")
        self.positions = {(unit, title): pk for pk, unit, title in rows}
        self.titles = {pk: title for (_, title), pk in self.positions.items()}
        self.heads = _heads_of(self.units)
        self.claimed: dict[int, str] = {}
        asked = ((values.get("unit_id"), values.get("position")) for values in given if "id" not in values)
        self.counts = Counter(asked)

    # -- somebody new ----------------------------------------------------------------------------

    def made(self, values: Values) -> Values:
        """What hiring would write. Raises the refusal."""
        sign_in, name = rules.check_sign_in(str(values["sign_in"])), rules.check_name(str(values["name"]))
        if sign_in.lower() in self.names:
            raise Malformed("organization.sign_in_taken", field="sign_in")
        role = str(values.get("role") or "")
        if role:
            check_given(self.actor, role)
        if role and self.units[values["unit_id"]].kind == OUTSIDE:
            check_roles([role])
        unit_id, title = values["unit_id"], str(values.get("position") or "").strip()
        self._position(unit_id, title)
        stint = Stint(Post(unit_id, None, bool(values.get("is_head"))), values.get("starts_on") or self.today)
        self._check_open(stint)
        self._check_head(stint, 0, name)
        self.names.add(sign_in.lower())
        headcount = values.get("headcount") or self.counts[values.get("unit_id"), values.get("position")]
        return {
            "sign_in": sign_in,
            "name": name,
            "role": role,
            "unit_id": unit_id,
            "position": title,
            "is_head": stint.post.is_head,
            "starts_on": stint.starts_on,
            "headcount": headcount,
        }

    # -- somebody known --------------------------------------------------------------------------

    def changed(self, values: Values) -> Change:
        """What the row says otherwise than it is. Raises the refusal."""
        person = self.people[values["id"]]
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        if "name" in values and rules.check_name(str(values["name"])) != person.name:
            before["name"], after["name"] = person.name, rules.check_name(str(values["name"]))
        role = str(values.get("role") or "")
        if role and role not in self.roles[person.pk]:
            before["role"], after["role"] = self._given_up(person, role), role
        if values.keys() & {"unit_id", "position", "is_head"}:
            former, new = self._move(person, values)
            before, after = before | former, after | new
        return Change(before, after)

    def _given_up(self, person: Person, role: str) -> str:
        """The one role that this one takes the place of, or none; raises what setting roles would."""
        held = self.roles[person.pk]
        if len(held) > 1:
            raise Refused("organization.several_roles", field="role")
        if person.pk == self.actor.person_id:
            raise Refused("organization.own_roles", field="role")
        if not self.actor.can(command_name(authorizing.set_roles)):
            raise NotAllowed("not_allowed", field="role")
        for key in {role, *(held & roles().by_key.keys())}:
            check_given(self.actor, key)
        here = (
            one.post.unit_id for one in self.timelines[person.pk] if (one.ends_on or date.max) > self.today
        )
        if any(self.units[unit].kind == OUTSIDE for unit in here):
            check_roles([role])
        return next(iter(held), "")

    def _move(self, person: Person, values: Values) -> tuple[dict[str, Any], dict[str, Any]]:
        """The post of that day and the one the row says; nothing where they are the same."""
        timeline, said = self.timelines[person.pk], values.get("starts_on")
        day = said or max(self.today, timeline[0].starts_on if timeline else self.today)
        ends_on = timeline[-1].ends_on if timeline else self.today
        if ends_on is not None and ends_on <= day:
            raise Refused("organization.left_already", field="unit", day=ends_on)
        held = held_on(timeline, day)
        post = self._post(held.post if held else None, values)
        if held is not None and held.post == post:
            self._check_head(held, person.pk, person.name)
            return {}, {}
        new = self._moved(timeline, self.posts[person.pk], day, post)
        stint = held_on(new, day)
        assert stint is not None  # noqa: S101 moved puts somebody there on that day
        self._check_open(stint)
        self._check_head(stint, person.pk, person.name)
        if not self.actor.can(command_name(staffing.move)):
            raise NotAllowed("not_allowed")
        staffing.check_another(self.actor, person.pk)
        self._check_border(person, new, values)
        former = held or Stint(Post(0), day)
        return self._told(former, None if held is None else former.starts_on), {
            **self._told(stint, day),
            "position": self._title(post, values),
        }

    def _moved(self, timeline: Timeline, posts: Sequence[Beside], day: date, post: Post) -> Timeline:
        """The timeline that moving makes. A row says nothing against what was recorded from a past day on."""
        held = held_on(timeline, day)
        if held is not None and held.starts_on == day < self.today:
            unit = self.units[held.post.unit_id].name
            raise Refused("organization.recorded_otherwise", field="unit", unit=unit, day=day)
        new = timelines.moved(timeline, day, post)
        timelines.still_beside(new, posts)
        return new

    def _check_border(self, person: Person, new: Timeline, values: Values) -> None:
        """As `outside.check_border`, before anything is written."""
        here = {one.post.unit_id for one in new if (one.ends_on or date.max) > self.today}
        outside = {unit for unit in here if self.units[unit].kind == OUTSIDE}
        if any(self.outside[other] != outside for other in self.with_whom[person.pk]):
            raise Refused("organization.stand_in_outside", field="unit")
        if not outside:
            return
        if any(one.ends_on is None or one.ends_on > self.today for one in self.posts[person.pk]):
            raise Refused("organization.post_outside", field="unit")
        check_roles([str(values["role"])] if values.get("role") else self.roles[person.pk])

    def _told(self, stint: Stint, starts_on: date | None) -> dict[str, Any]:
        return {
            "unit_id": stint.post.unit_id or None,
            "position": self.titles.get(stint.post.position_id or 0, ""),
            "is_head": stint.post.is_head,
            "starts_on": starts_on,
            "ends_on": stint.ends_on,
        }

    def _post(self, now: Post | None, values: Values) -> Post:
        """What the row says of the post; what it leaves open stays while the unit stays."""
        unit_id = values.get("unit_id") or (now.unit_id if now else 0)
        if unit_id not in self.units:
            raise Malformed("organization.unknown_unit", field="unit")
        stays = now if now is not None and now.unit_id == unit_id else Post(unit_id)
        position_id = stays.position_id
        if "position" in values:
            position_id = self._position(unit_id, str(values["position"] or "").strip())
        is_head = bool(values["is_head"]) if "is_head" in values else stays.is_head
        return Post(unit_id, position_id, is_head)

    def _title(self, post: Post, values: Values) -> str:
        if post.position_id == NEW_POSITION:
            return str(values["position"]).strip()
        return self.titles.get(post.position_id or 0, "")

    # -- rules that concern the unit -------------------------------------------------------------

    def _position(self, unit_id: int, title: str) -> int | None:
        """The position of this title in the unit; one that is to be made, for whoever may make it."""
        if not title:
            return None
        if (unit_id, title) in self.positions:
            return self.positions[unit_id, title]
        if len(title) > rules.LONGEST_NAME["title"]:
            raise Malformed("organization.title_too_long", field="position")
        if self.actor.can(command_name(structure.create_position)):
            return NEW_POSITION
        titles = [title for unit, title in self.positions if unit == unit_id]
        raise Malformed(
            "organization.no_such_position", field="position", titles=tuple(titles[:TITLES]) or "—"
        )

    def _check_open(self, stint: Stint) -> None:
        closed_on = self.units[stint.post.unit_id].closed_on
        if closed_on and (stint.ends_on or date.max) > closed_on:
            raise Refused("organization.unit_closed", field="unit")

    def _check_head(self, stint: Stint, person_id: int, name: str) -> None:
        """One head of a unit in a file; and nobody who becomes its head later stands in the way."""
        if not stint.post.is_head:
            return
        unit_id = stint.post.unit_id
        if unit_id in self.claimed:
            raise Refused("organization.second_head", field="is_head", name=self.claimed[unit_id])
        for head, called, day in self.heads[unit_id]:
            if head != person_id and stint.starts_on < day < (stint.ends_on or date.max):
                raise Refused("organization.other_head", field="is_head", name=called, day=day)
        self.claimed[unit_id] = name


def _assignments_of(people: Mapping[int, Person]) -> tuple[dict[int, Timeline], dict[int, list[Beside]]]:
    """The same as `queries.timeline_of` and `queries.beside` say of each."""
    stints: dict[int, list[Stint]] = {pk: [] for pk in people}
    posts: dict[int, list[Beside]] = {pk: [] for pk in people}
    for row in Assignment.objects.filter(person__in=people).order_by("starts_on", "id"):
        post = Post(row.unit_id, row.position_id, row.is_head)
        if row.share is None:
            stints[row.person_id].append(Stint(post, row.starts_on, row.ends_on, row.pk))
        else:
            posts[row.person_id].append(Beside(post, row.share, row.starts_on, row.ends_on, row.pk))
    return {pk: tuple(one) for pk, one in stints.items()}, posts


def _roles_of(people: Mapping[int, Person]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for person, role in Grant.objects.filter(person__in=people).values_list("person_id", "role"):
        found[person].add(role)
    return found


def _heads_of(units: Mapping[int, Unit]) -> dict[int, list[tuple[int, str, date]]]:
    """Who is or becomes head of these units: person, name and first day."""
    found: dict[int, list[tuple[int, str, date]]] = defaultdict(list)
    rows = Assignment.objects.filter(unit__in=units, is_head=True)
    for unit, person, name, day in rows.values_list("unit_id", "person_id", "person__name", "starts_on"):
        found[unit].append((person, name, day))
    return found


def _sign_ins_taken(names: Sequence[str]) -> set[str]:
    """Those of these sign-in names, in small letters, that somebody has."""
    wanted = [name.strip().lower() for name in names]
    rows = User.objects.annotate(small=Func(F("username"), function="lower")).filter(small__in=wanted)
    return set(rows.values_list("small", flat=True))
