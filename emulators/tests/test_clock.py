from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bonito_emulators.azure import Clock, Pace
from bonito_emulators.azure.clock import Progress, stamp

START = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)


@given(looks=st.integers(0, 50))
def test_something_lasts_for_as_many_looks_as_told(looks: int) -> None:
    progress = Progress(Pace(looks=looks), clock=Clock())
    assert [progress.look() for _ in range(looks + 2)] == [False] * looks + [True, True]
    assert progress.over


def test_without_a_pace_it_is_over_at_once() -> None:
    assert Progress(Pace(), clock=Clock()).over


def test_something_lasts_until_its_time_has_passed() -> None:
    clock = Clock()
    progress = Progress(Pace(seconds=3600), clock=clock)
    assert not progress.look()
    clock.advance(3599 - 1800)
    assert not progress.look()
    clock.advance(1801)
    assert progress.over


def test_of_looks_and_seconds_the_first_to_end_decides() -> None:
    clock = Clock()
    by_looks = Progress(Pace(looks=1, seconds=3600), clock=clock)
    assert [by_looks.look(), by_looks.look()] == [False, True]
    by_time = Progress(Pace(looks=9, seconds=3600), clock=clock)
    clock.advance(3600)
    assert by_time.look()


def test_looking_without_counting_changes_nothing() -> None:
    progress = Progress(Pace(looks=1), clock=Clock())
    assert not any(progress.over for _ in range(5))
    assert [progress.look(), progress.look()] == [False, True]


def test_the_clock_starts_where_told_and_goes_forward() -> None:
    clock = Clock(START)
    clock.advance(86_400)
    assert clock.now() >= START + timedelta(days=1)


def test_moments_are_written_as_arm_writes_them() -> None:
    assert stamp(START) == "2026-01-02T03:04:05.6789010Z"
