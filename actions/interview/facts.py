"""What the interview needs to know across a notice's rules: the days its questions turn on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Optional

from actions.notice_types import ClassRule, CriterionRule, Notice


def outage_day(notices: Mapping[str, Notice]) -> date:
    """Return the day of the outage, which is one for all campaigns."""
    return min(notice.outage.day for notice in notices.values())


def last_day(notices: Iterable[Notice]) -> date:
    """Return the last day on which any of the notices still has something to offer."""
    return max(
        max(notice.automatic.receive_by, notice.site.receive_by, notice.site.apply_by)
        for notice in notices
    )


def expiry_days(notice: Notice) -> list[date]:
    """Return the expiry dates that the notice names, in order: those make the difference."""
    return sorted({day for rule in notice.classes for day in expiry_days_of(rule)})


def expiry_days_of(rule: ClassRule) -> list[date]:
    """Return the expiry dates that one class names."""
    return [
        option.value
        for criterion in rule.criteria
        if criterion.question == "expires"
        for option in criterion.accepts
        if isinstance(option.value, date)
    ]


def balance_day(notice: Notice, expires: Optional[date]) -> date:
    """Return the day after which the balance counts for a coupon that expires then.

    Unknown expiry: the latest such day; a coupon that expired earlier loses nothing by it.
    """
    days = {
        rule.code: criterion.left_after
        for rule in notice.classes
        for criterion in rule.criteria
        if criterion.question == "balance" and criterion.left_after is not None
    }
    fitting = [
        day
        for code, day in days.items()
        if expires is not None and _accepts_expiry(notice, code, expires)
    ]
    return max(fitting or days.values(), default=notice.outage.day)


def stay_days(notice: Notice) -> list[date]:
    """Return the expiry dates for which it matters whether the traveller stayed overnight."""
    return [
        day
        for rule in notice.classes
        if any(criterion.question == "stay" for criterion in rule.criteria)
        for day in expiry_days_of(rule)
    ]


def criterion(notice: Notice, class_code: str, criterion_id: str) -> Optional[CriterionRule]:
    """Return one criterion's rule."""
    rule = notice.rule(class_code)
    if rule is None:
        return None
    return next((found for found in rule.criteria if found.id == criterion_id), None)


def site_takes_applications(notice: Notice, as_of: datetime) -> bool:
    """Say whether the application site is open at ``as_of`` (in Japan's time)."""
    site = notice.site
    opens = datetime.combine(site.opens_on, site.opens_at or time(), as_of.tzinfo)
    return opens <= as_of and as_of.date() <= site.apply_by


def common_number(notices: Mapping[str, Notice]) -> Optional[str]:
    """Return the call center's number where every notice prints the same one."""
    numbers = {notice.call_center.number for notice in notices.values()}
    return numbers.pop() if len(numbers) == 1 else None


def common_items(notices: Mapping[str, Notice]) -> tuple[str, ...]:
    """Return the items to have ready for a call where every notice lists the same ones."""
    items = {notice.call_center.needed for notice in notices.values()}
    return items.pop() if len(items) == 1 else ()


def _accepts_expiry(notice: Notice, class_code: str, expires: date) -> bool:
    rule = notice.rule(class_code)
    return rule is not None and expires in expiry_days_of(rule)
