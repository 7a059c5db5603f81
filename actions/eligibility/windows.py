"""From when until when a route can be taken, and the dates that count, read from the notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Optional

from actions.eligibility.decision import RouteStatus
from actions.notice_types import ApplicationSite, Automatic, ClassRule, Notice, RouteRule

#: Japan Standard Time has no daylight saving: a fixed offset says it whole.
JST = timezone(timedelta(hours=9), "JST")
_LAST_SECOND = time(23, 59, 59)


@dataclass(frozen=True)
class Window:
    """From ``opens`` (``None``: it is open already) through the day of ``closes``, whole."""

    opens: Optional[datetime]
    closes: datetime

    def status(self, as_of: datetime) -> RouteStatus:
        """Say whether ``as_of`` (in JST) lies before, in or after the window."""
        if self.opens is not None and as_of < self.opens:
            return "not_yet_open"
        return "closed" if is_past(self.closes, as_of) else "open"


def is_past(last_moment: datetime, as_of: datetime) -> bool:
    """Say whether the day of ``last_moment`` is over: its last second belongs to it whole."""
    return as_of >= last_moment + timedelta(seconds=1)


def end_of(day: date) -> datetime:
    """Return 23:59:59 JST, the way in which a last day is shown."""
    return datetime.combine(day, _LAST_SECOND, JST)


@lru_cache(maxsize=256)
def window_of(notice: Notice, route: RouteRule) -> Window:
    """Return when a route can be taken.

    The automatic one runs from the first day of sending to the end of the receipt period, the
    application site from its opening to the end of its application period, the call center
    until the day that the route names.
    """
    if route.to == "automatic":
        place = notice.automatic
        starts = place.sending.starts
        return Window(_start_of(starts) if starts else None, end_of(place.receive_by))
    if route.to == "application_site":
        site = notice.site
        return Window(_start_of(site.opens_on, site.opens_at), end_of(site.apply_by))
    if route.until is None:
        raise ValueError(f"{notice.campaign}: a call center route needs `until`")
    return Window(None, end_of(route.until))


@dataclass(frozen=True)
class DueDay:
    """One day that counts for a class: ``kind`` and where the notice says it."""

    kind: str
    at: datetime
    section: str


@lru_cache(maxsize=256)
def due_days(notice: Notice, rule: ClassRule, routes: tuple[RouteRule, ...]) -> tuple[DueDay, ...]:
    """Return what a class's travellers must do by when, earliest first.

    Args:
        notice: the traveller's notice.
        rule: a class they certainly belong to.
        routes: its routes that are still possible; one, when the route is known.
    """
    return tuple(sorted(_due_days(notice, rule, routes), key=lambda due: due.at))


def _due_days(notice: Notice, rule: ClassRule, routes: tuple[RouteRule, ...]) -> Iterator[DueDay]:
    extension = rule.extension
    if extension.report_by is not None:
        yield DueDay("report_by", end_of(extension.report_by), extension.section)
    section = extension.until_section or extension.section
    yield DueDay("use_by", end_of(extension.until), section)
    if [route.to for route in routes] == ["application_site"]:
        yield DueDay("apply_by", end_of(notice.site.apply_by), notice.site.section)
    same_as = notice.rule(rule.unused.same_as) if rule.unused.same_as else None
    receipts = _receipts(notice, same_as.routes if same_as else routes)
    # With the route unknown, a day that holds on every route is certain all the same.
    if receipts and len({due.at for due in receipts}) == 1:
        yield receipts[0]


def _receipts(notice: Notice, routes: tuple[RouteRule, ...]) -> list[DueDay]:
    places: dict[str, Automatic | ApplicationSite] = {
        "automatic": notice.automatic,
        "application_site": notice.site,
    }
    return [
        DueDay("receive_by", end_of(places[route.to].receive_by), places[route.to].section)
        for route in routes
        if route.to in places
    ]


def _start_of(day: date, at: Optional[time] = None) -> datetime:
    return datetime.combine(day, at or time(0), JST)
