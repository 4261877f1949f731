"""Pure decisions about who works where from when to when: moving, correcting, leaving.

A timeline is somebody's stints in order. Days are half-open: a stint holds on `starts_on`, no longer on
`ends_on`. Every function returns the new timeline, or raises `Refused` naming the field.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from tradewind.domains.organization.values import Posting
from tradewind.kernel.errors import Malformed, Refused

DAY = timedelta(days=1)
WHOLE = 100  # percent of somebody's working time


@dataclass(frozen=True, slots=True)
class Post:
    """Where somebody works and as what: a unit, a position in it or none, its head or not (ids)."""

    unit_id: int
    position_id: int | None = None
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Stint:
    """A post held from a day on until `ends_on`, or until further notice. `id` is its row; None: not yet."""

    post: Post
    starts_on: date
    ends_on: date | None = None
    id: int | None = None

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


Timeline = tuple[Stint, ...]


def held_on(timeline: Timeline, day: date) -> Stint | None:
    """The stint of a day; None before the first, after the last and in a gap."""
    return next((stint for stint in timeline if day in stint), None)


def moved(timeline: Timeline, day: date, post: Post) -> Timeline:
    """In another post from `day` on, until the next change that is already known.

    The stint of that day ends where the new one begins; on its first day it is replaced. Somebody who had
    left comes back. Refused before the first assignment, and where nothing would change.
    """
    if day < timeline[0].starts_on:
        raise Refused("organization.before_first", field="starts_on", day=timeline[0].starts_on)
    now = held_on(timeline, day)
    if now is None:
        following = next((stint.starts_on for stint in timeline if stint.starts_on > day), None)
        return joined([*timeline, Stint(post, day, following)])
    if now.post == post:
        raise Refused("organization.same_post", field="unit")
    others = [stint for stint in timeline if stint is not now]
    if now.starts_on == day:
        return joined([*others, replace(now, post=post)])
    return joined([*others, replace(now, ends_on=day), Stint(post, day, now.ends_on)])


def left(timeline: Timeline, day: date) -> Timeline:
    """Gone from `day` on: the stint before it ends there, later ones fall away.

    Refused on or before the first day, and for somebody who has left already.
    """
    if day <= timeline[0].starts_on:
        raise Refused("organization.ends_before_start", field="last_on", day=timeline[0].starts_on)
    last = timeline[-1].ends_on
    if last is not None and last <= day:
        raise Refused("organization.left_already", field="last_on", day=last)
    kept = [stint for stint in timeline if stint.starts_on < day]
    ended = kept[-1].ends_on is None or kept[-1].ends_on > day
    return (*kept[:-1], replace(kept[-1], ends_on=day) if ended else kept[-1])


def corrected(timeline: Timeline, wrong: Stint, right: Stint) -> Timeline:
    """What was recorded as `wrong` was truly `right`; a neighbour that touched it still touches it.

    Refused where it would end before it starts, swallow a neighbour whole, or lie over one.
    """
    if right.ends_on is not None and right.ends_on <= right.starts_on:
        raise Refused("organization.ends_before_start", field="last_on", day=right.starts_on)
    at = timeline.index(wrong)
    before, after = list(timeline[:at]), list(timeline[at + 1 :])
    if before:
        before[-1] = _until(before[-1], wrong, right)
    if after:
        after[0] = _from(after[0], wrong, right)
    return joined([*before, replace(right, id=wrong.id), *after])


def _until(former: Stint, wrong: Stint, right: Stint) -> Stint:
    touched = former.ends_on == wrong.starts_on
    if right.starts_on <= former.starts_on or (
        not touched and right.starts_on < (former.ends_on or date.max)
    ):
        raise Refused("organization.over_neighbour", field="starts_on", day=former.starts_on)
    return replace(former, ends_on=right.starts_on) if touched else former


def _from(following: Stint, wrong: Stint, right: Stint) -> Stint:
    touched = following.starts_on == wrong.ends_on
    over = right.ends_on is None or (following.ends_on is not None and right.ends_on >= following.ends_on)
    if over or (not touched and (right.ends_on or date.max) > following.starts_on):
        raise Refused("organization.over_neighbour", field="last_on", day=following.starts_on)
    return replace(following, starts_on=right.ends_on or following.starts_on) if touched else following


def withdrawn(timeline: Timeline, wrong: Stint) -> Timeline:
    """As if this stint had never been recorded: the one before it, if it touched, goes on instead.

    Refused for the first one: correct that instead.
    """
    at = timeline.index(wrong)
    if at == 0:
        raise Refused("organization.first_stays")
    before = list(timeline[:at])
    if before[-1].ends_on == wrong.starts_on:
        before[-1] = replace(before[-1], ends_on=wrong.ends_on)
    return joined([*before, *timeline[at + 1 :]])


def stepped_down(timeline: Timeline, unit_id: int, day: date) -> Timeline:
    """No longer head of the unit from `day` on; unchanged for somebody who is not its head that day."""
    now = held_on(timeline, day)
    if now is None or not now.post.is_head or now.post.unit_id != unit_id:
        return timeline
    return moved(timeline, day, replace(now.post, is_head=False))


def joined(stints: Sequence[Stint]) -> Timeline:
    """The stints in order, those that touch in the same post as one."""
    made: list[Stint] = []
    for stint in sorted(stints, key=lambda stint: stint.starts_on):
        if made and made[-1].post == stint.post and made[-1].ends_on == stint.starts_on:
            made[-1] = replace(made[-1], ends_on=stint.ends_on, id=made[-1].id or stint.id)
        else:
            made.append(stint)
    return tuple(made)


def headships(timeline: Timeline) -> frozenset[Stint]:
    """The stints as head of a unit, whatever their rows."""
    return frozenset(replace(stint, id=None) for stint in timeline if stint.post.is_head)


def postings(timeline: Timeline) -> tuple[Posting, ...]:
    """Which unit is credited on each day: that of the day, else the one worked in last, else the first.

    The same rule as `queries.postings` states for the database.
    """
    units = [stint.post.unit_id for stint in timeline]
    turns = [None, *(stint.starts_on for stint in timeline[1:]), None]
    return tuple(Posting(unit, *days) for unit, days in zip(units, pairwise(turns), strict=True))


@dataclass(frozen=True, slots=True)
class Beside:
    """An additional post 兼任 with a share of the working time (1 to 99 percent); days as those of stints."""

    post: Post
    share: int
    starts_on: date
    ends_on: date | None = None
    id: int | None = None

    def __contains__(self, day: date) -> bool:
        return self.meets(day, day + DAY)

    def meets(self, starts_on: date, ends_on: date | None) -> bool:
        """Does it hold on any of these days?"""
        return self.starts_on < (ends_on or date.max) and starts_on < (self.ends_on or date.max)


def with_post(timeline: Timeline, others: Sequence[Beside], one: Beside) -> tuple[Beside, ...]:
    """The additional posts together with a further one.

    Refused outside the days of employment, in a unit where somebody works already on one of the days, and
    where the shares of a day would leave nothing for the main assignment.
    """
    if not 1 <= one.share <= WHOLE - 1:
        raise Malformed("organization.bad_share", field="share")
    if one.ends_on is not None and one.ends_on <= one.starts_on:
        raise Refused("organization.ends_before_start", field="last_on", day=one.starts_on)
    here = next((run for run in employed(timeline) if run[0] <= one.starts_on < (run[1] or date.max)), None)
    if here is None:
        comes = next((start for start, _ in employed(timeline) if start > one.starts_on), None)
        if comes is None:
            raise Refused("organization.left_already", field="starts_on", day=timeline[-1].ends_on)
        raise Refused("organization.before_first", field="starts_on", day=comes)
    if here[1] is not None and (one.ends_on or date.max) > here[1]:
        raise Refused("organization.left_already", field="last_on", day=here[1])
    _check_apart(timeline, others, one)
    for day in sorted({one.starts_on, *(other.starts_on for other in others)}):
        taken = sum(other.share for other in others if day in other)
        if day in one and taken + one.share >= WHOLE:
            raise Refused("organization.share_taken", field="share", left=WHOLE - 1 - taken, day=day)
    return (*others, one)


def employed(timeline: Timeline) -> list[tuple[date, date | None]]:
    """From when to when (not included) somebody works here: stints that touch, together."""
    runs: list[tuple[date, date | None]] = []
    for stint in timeline:
        if runs and runs[-1][1] == stint.starts_on:
            runs[-1] = (runs[-1][0], stint.ends_on)
        else:
            runs.append((stint.starts_on, stint.ends_on))
    return runs


def _check_apart(timeline: Timeline, others: Sequence[Beside], one: Beside) -> None:
    places: tuple[Stint | Beside, ...] = (*timeline, *others)
    for other in places:
        if other.post.unit_id == one.post.unit_id and one.meets(other.starts_on, other.ends_on):
            raise Refused("organization.works_there", field="unit", day=other.starts_on)


def still_beside(timeline: Timeline, posts: Sequence[Beside]) -> tuple[Beside, ...]:
    """The additional posts on the days of a new timeline on which somebody works here at all.

    Refused where the main assignment comes into a unit that one of them is in.
    """
    kept: list[Beside] = []
    for start, end in employed(timeline):
        for one in posts:
            if one.meets(start, end):
                until = min(one.ends_on or end, end) if end else one.ends_on
                row = None if any(other.id == one.id for other in kept) else one.id
                kept.append(replace(one, starts_on=max(start, one.starts_on), ends_on=until, id=row))
    for one in kept:
        _check_apart(timeline, (), one)
    return tuple(kept)


def without(others: Sequence[Beside], gone: Beside) -> tuple[Beside, ...]:
    """The other posts when one is withdrawn: what it followed on goes on in its place.

    That is the same unit with the same share, cut only where somebody became or ceased to be its head. With
    another share it was another post: prolonged, it might take more of a day than there is.
    """

    def goes_on(one: Beside) -> bool:
        is_same = (one.post.unit_id, one.share) == (gone.post.unit_id, gone.share)
        return is_same and one.ends_on == gone.starts_on

    return tuple(replace(one, ends_on=gone.ends_on) if goes_on(one) else one for one in others)


def head_beside(posts: Sequence[Beside], row: int | None, day: date, is_head: bool) -> tuple[Beside, ...]:
    """Head or no longer head in one of the additional posts, from a day of it on."""
    made: list[Beside] = []
    for one in posts:
        post = replace(one.post, is_head=is_head)
        if one.id != row or one.post == post:
            made.append(one)
        elif one.starts_on >= day:
            made.append(replace(one, post=post))
        else:
            made += [replace(one, ends_on=day), replace(one, post=post, starts_on=day, id=None)]
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Changes:
    """What turns the rows of one timeline into those of another: ids to remove, stints to write."""

    gone: tuple[int, ...]
    changed: tuple[Stint, ...]
    fresh: tuple[Stint, ...]


def changes(former: Timeline, new: Timeline) -> Changes:
    """The difference between two timelines of one person."""
    known = {stint.id: stint for stint in former}
    kept = {stint.id for stint in new}
    return Changes(
        tuple(sorted(row for row in known if row is not None and row not in kept)),
        tuple(stint for stint in new if stint.id in known and stint != known[stint.id]),
        tuple(stint for stint in new if stint.id is None),
    )
