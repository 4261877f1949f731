"""Timelines against the plainest second version: a calendar that says for each day what somebody does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tradewind.domains.organization import timelines
from tradewind.domains.organization.timelines import Beside, Post, Stint, Timeline
from tradewind.kernel.errors import Refused

BEGIN = date(2026, 1, 1)
SHANGHAI, HANGZHOU, HEAD = Post(1), Post(2), Post(1, None, is_head=True)
Calendar = list[Post | None]
LONG = 40


def on(day: int) -> date:
    return BEGIN + timedelta(days=day)


def stint(post: Post, start: int, end: int | None = None, row: int | None = None) -> Stint:
    return Stint(post, on(start), None if end is None else on(end), row)


def calendar(timeline: Timeline) -> Calendar:
    """What somebody does on each of the first forty days."""
    held = [timelines.held_on(timeline, on(day)) for day in range(LONG)]
    return [one.post if one else None for one in held]


@st.composite
def histories(draw: st.DrawFn) -> Timeline:
    """Up to five stints on forty days, sometimes with a gap, the last one sometimes open."""
    edges = sorted(draw(st.sets(st.integers(0, LONG - 2), min_size=2, max_size=7)))
    posts = st.builds(Post, st.integers(1, 3), st.none(), st.booleans())
    made: list[Stint] = []
    for row, (start, end) in enumerate(pairwise(edges)):
        if not made or draw(st.integers(0, 4)):
            made.append(stint(draw(posts), start, end, row + 1))
    if draw(st.booleans()):
        made[-1] = stint(made[-1].post, (made[-1].starts_on - BEGIN).days, None, made[-1].id)
    return timelines.joined(made)


@given(histories(), st.integers(0, LONG - 1), st.builds(Post, st.integers(1, 3)))
def test_a_move_holds_from_its_day_to_the_next_known_change_and_nowhere_else(
    timeline: Timeline, day: int, post: Post
) -> None:
    was = calendar(timeline)
    changes = [(one.starts_on - BEGIN).days for one in timeline if one.starts_on > on(day)]
    now = timelines.held_on(timeline, on(day))
    if on(day) < timeline[0].starts_on or (now and now.post == post):
        with pytest.raises(Refused):
            timelines.moved(timeline, on(day), post)
        return
    ends = [(now.ends_on - BEGIN).days] if now and now.ends_on else []
    until = min(changes + ends, default=LONG)
    expected = was[:day] + [post] * (until - day) + was[until:]
    assert calendar(timelines.moved(timeline, on(day), post)) == expected


@given(histories(), st.integers(0, LONG - 1))
def test_nobody_works_after_leaving_and_nothing_before_changes(timeline: Timeline, day: int) -> None:
    last = timeline[-1].ends_on
    assume(on(day) > timeline[0].starts_on and (last is None or last > on(day)))
    gone = timelines.left(timeline, on(day))
    assert calendar(gone) == calendar(timeline)[:day] + [None] * (LONG - day)
    assert all(one.id for one in gone), "leaving makes no new assignment"


@given(histories(), st.data())
def test_a_correction_changes_its_own_days_and_moves_no_other_edge(
    timeline: Timeline, data: st.DataObject
) -> None:
    wrong = data.draw(st.sampled_from(timeline))
    start, end = data.draw(st.integers(0, LONG - 2)), data.draw(st.integers(1, LONG - 1))
    right = stint(data.draw(st.builds(Post, st.integers(1, 3))), start, end)
    try:
        made = timelines.corrected(timeline, wrong, right)
    except Refused:
        return
    assert calendar(made)[start:end] == [right.post] * (end - start)
    first, last = (wrong.starts_on - BEGIN).days, (wrong.ends_on - BEGIN).days if wrong.ends_on else LONG
    outside = [day for day in range(LONG) if day < min(first, start) or day >= max(last, end)]
    assert [calendar(made)[day] for day in outside] == [calendar(timeline)[day] for day in outside]
    assert all(one.starts_on < (one.ends_on or date.max) for one in made)
    assert all((one.ends_on or date.max) <= two.starts_on for one, two in pairwise(made))


@given(histories(), st.data())
def test_withdrawing_a_move_undoes_it(timeline: Timeline, data: st.DataObject) -> None:
    day = data.draw(st.integers(0, LONG - 1))
    now = timelines.held_on(timeline, on(day))
    post = Post(9)
    assume(now is not None and now.starts_on < on(day))
    moved = timelines.moved(timeline, on(day), post)
    made = timelines.held_on(moved, on(day))
    assert made is not None
    assert timelines.withdrawn(moved, made) == timeline


@given(histories())
def test_each_day_credits_the_unit_of_the_day_else_the_last_else_the_first(timeline: Timeline) -> None:
    for day in (on(n) for n in range(-3, LONG + 3)):
        begun = [one for one in timeline if one.starts_on <= day]
        nearest = begun[-1] if begun else timeline[0]
        assert [p.unit_id for p in timelines.postings(timeline) if day in p] == [nearest.post.unit_id]


@given(histories(), histories())
def test_the_difference_leads_from_one_timeline_to_the_other(former: Timeline, new: Timeline) -> None:
    known = {one.id for one in former}
    new = tuple(one if one.id in known else replace(one, id=None) for one in new)
    difference = timelines.changes(former, new)
    rows = {one.id: one for one in former if one.id not in difference.gone}
    rows |= {one.id: one for one in difference.changed}
    assert sorted([*rows.values(), *difference.fresh], key=lambda one: one.starts_on) == list(new)


def test_a_move_on_the_first_day_of_a_stint_replaces_it() -> None:
    planned = (stint(SHANGHAI, 0, 20, 1), stint(HANGZHOU, 20, None, 2))
    assert timelines.moved(planned, on(20), Post(3)) == (planned[0], stint(Post(3), 20, None, 2))


def test_moving_back_before_a_planned_move_makes_one_assignment_of_two() -> None:
    planned = (stint(SHANGHAI, 0, 20, 1), stint(HANGZHOU, 20, None, 2))
    assert timelines.moved(planned, on(20), SHANGHAI) == (stint(SHANGHAI, 0, None, 1),)


def test_somebody_who_left_can_come_back() -> None:
    left = (stint(SHANGHAI, 0, 10, 1),)
    assert timelines.moved(left, on(15), HANGZHOU) == (*left, stint(HANGZHOU, 15))


def test_stepping_down_keeps_the_unit() -> None:
    assert timelines.stepped_down((stint(HEAD, 0, None, 1),), 1, on(5)) == (
        stint(HEAD, 0, 5, 1),
        stint(SHANGHAI, 5),
    )
    other = (stint(HEAD, 0, None, 1),)
    assert timelines.stepped_down(other, 2, on(5)) == other


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("organization.before_first", lambda t: timelines.moved(t, on(-1), Post(3))),
        ("organization.same_post", lambda t: timelines.moved(t, on(3), SHANGHAI)),
        ("organization.ends_before_start", lambda t: timelines.left(t, on(0))),
        ("organization.left_already", lambda t: timelines.left(t, on(30))),
        ("organization.ends_before_start", lambda t: timelines.corrected(t, t[1], stint(HANGZHOU, 12, 12))),
        ("organization.over_neighbour", lambda t: timelines.corrected(t, t[1], stint(HANGZHOU, 0, 20))),
        ("organization.over_neighbour", lambda t: timelines.corrected(t, t[0], stint(SHANGHAI, 0, 20))),
        ("organization.over_neighbour", lambda t: timelines.corrected(t, t[0], stint(SHANGHAI, 0))),
        ("organization.first_stays", lambda t: timelines.withdrawn(t, t[0])),
    ],
)
def test_what_makes_no_sense_is_refused(code: str, change: object) -> None:
    timeline = (stint(SHANGHAI, 0, 10, 1), stint(HANGZHOU, 10, 20, 2))
    with pytest.raises(Refused) as refused:
        change(timeline)  # type: ignore[operator]
    assert refused.value.code == code


def busy(timeline: Timeline, posts: Sequence[Beside]) -> list[dict[int, int]]:
    """For each day the units somebody works in, with the share of those beside the main one (that has 0)."""
    days: list[dict[int, int]] = []
    for day in map(on, range(LONG)):
        now = timelines.held_on(timeline, day)
        days.append({now.post.unit_id: 0} if now else {})
        for one in posts:
            if one.starts_on <= day and (one.ends_on is None or day < one.ends_on):
                days[-1][one.post.unit_id] = one.share
    return days


@st.composite
def further(draw: st.DrawFn) -> Beside:
    start = draw(st.integers(0, LONG - 3))
    end = draw(st.none() | st.integers(start + 1, LONG - 1))
    return Beside(
        Post(draw(st.integers(1, 5))), draw(st.integers(1, 99)), on(start), on(end) if end else None
    )


@given(histories(), st.lists(further(), max_size=5))
def test_further_posts_never_fill_a_day_nor_lie_in_one_unit_twice(
    timeline: Timeline, wanted: list[Beside]
) -> None:
    posts: tuple[Beside, ...] = ()
    for one in wanted:
        was = busy(timeline, posts)
        days = [day for day in range(LONG) if on(day) in one]
        fits = all(
            timelines.held_on(timeline, on(day))
            and one.post.unit_id not in was[day]
            and sum(was[day].values()) + one.share < 100
            for day in days
        )
        fits = fits and (one.ends_on is not None or timeline[-1].ends_on is None)
        try:
            posts = timelines.with_post(timeline, posts, one)
        except Refused:
            assert not fits
            assert busy(timeline, posts) == was
        else:
            assert fits
            assert [
                len(after) - len(before) for after, before in zip(busy(timeline, posts), was, strict=True)
            ] == [int(day in days) for day in range(LONG)]


@given(histories(), st.lists(further(), max_size=4), st.integers(1, LONG - 1))
def test_whoever_leaves_has_no_post_left(timeline: Timeline, wanted: list[Beside], day: int) -> None:
    posts: tuple[Beside, ...] = ()
    for one in wanted:
        try:
            posts = timelines.with_post(timeline, posts, one)
        except Refused:
            continue
    try:
        gone = timelines.left(timeline, on(day))
    except Refused:
        return
    kept = timelines.still_beside(gone, posts)
    after, before = busy(gone, kept), busy(timeline, posts)
    assert after[:day] == [
        days if timelines.held_on(gone, on(n)) else {} for n, days in enumerate(before[:day])
    ]
    assert all(not days for days in after[day:])


def test_withdrawn_a_headship_gives_its_days_back_and_another_share_does_not() -> None:
    before = Beside(Post(2), 60, on(0), on(10), 7)
    led = Beside(Post(2, None, is_head=True), 60, on(10), on(20), 8)
    assert timelines.without((before,), led) == (replace(before, ends_on=on(20)),)
    less = Beside(Post(2), 30, on(10), on(20), 8)
    other = Beside(Post(3), 60, on(10), on(20), 9)
    assert timelines.without((before, other), less) == (before, other)


@given(histories(), st.lists(further(), max_size=5), st.integers(0, 4))
def test_withdrawing_a_post_never_fills_another_day(
    timeline: Timeline, wanted: list[Beside], at: int
) -> None:
    posts: tuple[Beside, ...] = ()
    for one in wanted:
        try:
            posts = timelines.with_post(timeline, posts, one)
        except Refused:
            continue
    if at >= len(posts):
        return
    gone, others = posts[at], posts[:at] + posts[at + 1 :]
    for after, before in zip(
        busy(timeline, timelines.without(others, gone)), busy(timeline, posts), strict=True
    ):
        assert after.keys() >= before.keys() - {gone.post.unit_id}
        assert sum(after.values()) <= sum(before.values())


def test_a_headship_beside_begins_and_ends_on_its_day() -> None:
    one = Beside(Post(2), 40, on(3), on(20), 7)
    led = timelines.head_beside((one,), 7, on(5), is_head=True)
    assert led == (
        Beside(Post(2), 40, on(3), on(5), 7),
        Beside(Post(2, None, is_head=True), 40, on(5), on(20)),
    )
    assert timelines.head_beside((one,), 7, on(3), is_head=True) == (
        Beside(Post(2, None, is_head=True), 40, on(3), on(20), 7),
    )
    assert timelines.head_beside((one,), 7, on(5), is_head=False) == (one,)
