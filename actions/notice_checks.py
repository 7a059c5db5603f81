"""Checks of one notice that a schema cannot say: dates in order, names that fit, nothing open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Optional, Union

from actions.answers import APPS, INCIDENTS, STAYS
from actions.notice_types import ClassRule, CriterionRule, Notice

#: Where (a path of keys and indexes) and what to mend.
Finding = tuple[tuple[Union[str, int], ...], str]
_WORDS = {"incident": INCIDENTS, "app": APPS, "stay": STAYS}


def check_notice(notice: Notice, stem: str) -> Iterator[Finding]:
    """Yield what is wrong in a notice whose fields all have the right form.

    Args:
        notice: as built from its file.
        stem: the file's name without ``.yml``, which must be the campaign's.
    """
    if notice.campaign != stem:
        yield ("campaign",), f"{notice.campaign} stands in {stem}.yml; name the file like it"
    if list(notice.revisions) != sorted(set(notice.revisions)):
        yield ("revisions",), "must go from the oldest day to the newest, each once"
    yield from _hours(notice)
    yield from _order(notice)
    codes: list[str] = [rule.code for rule in notice.classes]
    for index, rule in enumerate(notice.classes):
        if rule.code in codes[:index]:
            yield ("classes", index, "code"), f"{rule.code} stands twice; one entry a class"
        yield from _class(rule, index, codes)
    yield from _criterion(notice.other.criterion, ("other", "criterion"))
    if notice.other.route.app or notice.other.route.until is None:
        yield ("other", "route"), "needs `until` and no `app`: it holds whatever the app answer is"
    for index, code in enumerate(notice.bank_transfer.classes if notice.bank_transfer else ()):
        if code not in codes:
            yield ("bank_transfer", "classes", index), f"{code} is no class of this notice"


def _hours(notice: Notice) -> Iterator[Finding]:
    outage, center = notice.outage, notice.call_center
    together = {outage.starts is None, outage.ends is None, outage.hours_section is None}
    if len(together) > 1:
        yield ("outage",), "starts, ends and hours_section go together; give all three or none"
    elif outage.starts and outage.ends and outage.starts >= outage.ends:
        yield ("outage", "ends"), "must be later than starts"
    if center.opens_at >= center.closes_at:
        yield ("call_center", "closes_at"), "must be later than opens_at"
    for index, contact in enumerate(notice.office_contacts):
        if contact.weekdays_from >= contact.weekdays_to:
            yield ("office_contacts", index, "weekdays_to"), "must be later than weekdays_from"


def _order(notice: Notice) -> Iterator[Finding]:
    site, center = notice.site, notice.call_center
    pairs: list[tuple[Optional[date], Optional[date], tuple[str, ...], str]] = [
        (site.opens_on, site.apply_by, ("site", "apply_by"), "site.opens_on"),
        (site.apply_by, site.receive_by, ("site", "receive_by"), "site.apply_by"),
        (
            notice.automatic.sending.starts,
            notice.automatic.receive_by,
            ("automatic", "receive_by"),
            "automatic.sending.starts",
        ),
    ]
    for name, sending in (("automatic", notice.automatic.sending), ("site", site.sending)):
        if sending is not None:
            at = (name, "sending", "ends")
            pairs.append((sending.starts, sending.ends, at, f"{name}.sending.starts"))
    if center.weekends is not None:
        at3 = ("call_center", "weekends", "ends")
        pairs.append((center.weekends.starts, center.weekends.ends, at3, "weekends.starts"))
    for earlier, later, where, name in pairs:
        if earlier is not None and later is not None and later < earlier:
            yield where, f"{later} is before {name} ({earlier}); look both up in the notice"
    if notice.automatic.sending.starts is None:
        yield ("automatic", "sending", "starts"), "is missing; add the first day of the period"


def _class(rule: ClassRule, index: int, codes: list[str]) -> Iterator[Finding]:
    here = ("classes", index)
    for number, criterion in enumerate(rule.criteria):
        yield from _criterion(criterion, (*here, "criteria", number))
        if criterion.question in [other.question for other in rule.criteria[:number]]:
            mend = f"{criterion.question} is asked twice; one criterion a question"
            yield (*here, "criteria", number, "question"), mend
    extension = rule.extension
    if (extension.how == "after_report") != (extension.report_by is not None):
        yield (*here, "extension", "report_by"), "goes with `how: after_report`, and only with it"
    same_as = rule.unused.same_as
    if same_as is not None and (same_as not in codes or same_as == rule.code):
        yield (*here, "unused", "same_as"), f"{same_as} is no other class of this notice"
    led = [app for route in rule.routes for app in (route.app or APPS)]
    if sorted(led) != sorted(APPS):
        mend = f"must lead each of {', '.join(APPS)} to one place; {', '.join(led)} are led"
        yield (*here, "routes"), mend
    for number, route in enumerate(rule.routes):
        if (route.to == "call_center") != (route.until is not None):
            mend = "goes with `to: call_center`, and only with it"
            yield (*here, "routes", number, "until"), mend
        if (route.until is None) != (route.until_basis is None):
            yield (*here, "routes", number, "until_basis"), "goes with `until`, and only with it"


def _criterion(criterion: CriterionRule, where: tuple[Union[str, int], ...]) -> Iterator[Finding]:
    if criterion.question == "balance":
        if criterion.at_least is None or criterion.left_after is None or criterion.accepts:
            yield where, "a balance needs `at_least` and `left_after`, and no `accepts`"
        return
    if not criterion.accepts or criterion.at_least is not None or criterion.left_after is not None:
        yield where, f"{criterion.question} needs `accepts`, and no `at_least` or `left_after`"
    for index, option in enumerate(criterion.accepts):
        at = (*where, "accepts", index, "value")
        if criterion.question == "expires":
            if not isinstance(option.value, date):
                yield at, f"{option.value!r} is not a day written as 2023-02-24"
        elif option.value not in _WORDS[criterion.question]:
            yield at, f"{option.value} is not one of {', '.join(_WORDS[criterion.question])}"
