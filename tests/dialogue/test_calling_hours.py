"""When the call center answers: weekdays, holidays, weekends where the notice says so, edges."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.calling_hours import Calling, Hours, calling

JST = timezone(timedelta(hours=9))
WEEKDAYS = Hours(time(10), time(18))
MARCH_TOO = Hours(time(10), time(18), date(2023, 3, 1), date(2023, 3, 31))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=JST)


@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        # 2023-03-25 is a Saturday in March: only some notices serve it.
        (MARCH_TOO, "2023-03-25T10:00", Calling(True, until=at("2023-03-25T18:00"))),
        (WEEKDAYS, "2023-03-25T10:00", Calling(False, opens=at("2023-03-27T10:00"))),
        # 2023-03-21, a Tuesday, is the vernal equinox.
        (MARCH_TOO, "2023-03-21T12:00", Calling(True, until=at("2023-03-21T18:00"))),
        (WEEKDAYS, "2023-03-21T12:00", Calling(False, opens=at("2023-03-22T10:00"))),
        # The edges of a day.
        (WEEKDAYS, "2023-03-22T09:59:59", Calling(False, opens=at("2023-03-22T10:00"))),
        (WEEKDAYS, "2023-03-22T10:00", Calling(True, until=at("2023-03-22T18:00"))),
        (WEEKDAYS, "2023-03-22T17:59:59", Calling(True, until=at("2023-03-22T18:00"))),
        (WEEKDAYS, "2023-03-22T18:00", Calling(False, opens=at("2023-03-23T10:00"))),
        (WEEKDAYS, "2023-03-24T20:00", Calling(False, opens=at("2023-03-27T10:00"))),
        # March ends on a Friday: the Saturday after it is a weekend like any other.
        (MARCH_TOO, "2023-03-31T18:00", Calling(False, opens=at("2023-04-03T10:00"))),
        # Golden Week: Wednesday 3 May to Sunday 7 May.
        (WEEKDAYS, "2023-05-02T18:00", Calling(False, opens=at("2023-05-08T10:00"))),
    ],
)
def test_open_now_or_next(hours: Hours, moment: str, expected: Calling) -> None:
    assert calling(hours, at(moment)) == expected


@given(
    day=st.dates(date(2023, 2, 24), date(2030, 12, 31)),
    clock=st.times(),
    hours=st.sampled_from([WEEKDAYS, MARCH_TOO]),
)
def test_the_next_opening_is_open_and_nothing_before_it(
    day: date, clock: time, hours: Hours
) -> None:
    now = datetime.combine(day, clock, JST)
    found = calling(hours, now)
    if found.open_now:
        assert found.until is not None
        assert found.until > now
        return
    assert found.opens is not None
    assert found.opens > now
    assert calling(hours, found.opens).open_now
    assert not calling(hours, found.opens - timedelta(seconds=1)).open_now
