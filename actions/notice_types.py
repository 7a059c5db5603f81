"""What one campaign office's notice says, as typed facts; each names the section it stands in.

A field that a notice is silent about is ``None`` (or empty): the assistant then says so, and
never takes the fact from another campaign's notice. Days are days in Japan; the last day of a
period belongs to it whole. Field names are the keys of ``notices/*.yml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Literal, Optional, Union

from actions.answers import Question
from actions.eligibility.decision import ClassCode, RouteTo

#: One value of an answer as a rule names it: a day, or one of the answer's own words.
Accepted = Union[date, str]


@dataclass(frozen=True)
class Outage:
    """When coupons could not be used: the day always, hours only where the notice gives them."""

    day: date
    part_of_day: str
    section: str
    starts: Optional[time] = None
    ends: Optional[time] = None
    hours_section: Optional[str] = None


@dataclass(frozen=True)
class Option:
    """One accepted answer, and the section (and item number) that names it."""

    value: Accepted
    section: str


@dataclass(frozen=True)
class CriterionRule:
    """One condition of a class, put to one answer.

    Either ``accepts`` lists the answers that meet it, or ``at_least`` is the least balance in
    yen that does, counted when the day ``left_after`` is over.
    """

    id: str
    question: Question
    section: str
    accepts: tuple[Option, ...] = ()
    at_least: Optional[int] = None
    left_after: Optional[date] = None


@dataclass(frozen=True)
class RouteRule:
    """Where a class leads. ``app`` names the answers it holds for; empty: whatever the answer.

    ``until`` is the last day on which the call center takes such cases; the other two places
    have their dates in :class:`Automatic` and :class:`ApplicationSite`. ``until_basis`` says
    whether the notice states that day or it is inferred (then a note says from what).
    """

    to: RouteTo
    section: str
    app: tuple[str, ...] = ()
    until: Optional[date] = None
    until_basis: Optional[Literal["notice", "inferred"]] = None


@dataclass(frozen=True)
class UseArea:
    """Where the extended coupon can be used, in our own words."""

    text: str
    section: str


@dataclass(frozen=True)
class Extension:
    """The coupon can be used again, through the day ``until``.

    ``how`` is ``automatic`` (nothing to do), ``after_check`` (the call center's enquiry, then
    the amount is put back on the coupon: ``returns_balance``) or ``after_report`` (the
    traveller reports to the call center by ``report_by``, then the office extends).
    """

    until: date
    how: Literal["automatic", "after_check", "after_report"]
    section: str
    returns_balance: bool = False
    report_by: Optional[date] = None
    #: The first extension, already over before the notice: its last day.
    earlier_until: Optional[date] = None
    use_area: Optional[UseArea] = None
    #: Where ``until`` stands, if not in ``section``.
    until_section: Optional[str] = None


@dataclass(frozen=True)
class Unused:
    """What becomes of the amount that is still there when the day ``left_after`` is over.

    ``kind`` is ``points`` or ``transfer`` (money, by the office). ``same_as`` names the class
    whose procedure then applies. ``details`` is when the office says more (Chiba's 2/25
    coupons), ``needed`` what it will ask for, ``from_day`` the first day it is done.
    """

    kind: Literal["points", "transfer"]
    left_after: date
    section: str
    same_as: Optional[ClassCode] = None
    from_day: Optional[date] = None
    payer: Optional[str] = None
    details: Optional[str] = None
    needed: tuple[str, ...] = ()
    #: The list in ``needed`` ends in 「など」.
    and_more: bool = False


@dataclass(frozen=True)
class ClassRule:
    """One class of the notice under our code, with the label travellers see in their notice."""

    code: ClassCode
    label: str
    section: str
    remedy_section: str
    criteria: tuple[CriterionRule, ...]
    extension: Extension
    unused: Unused
    routes: tuple[RouteRule, ...]


@dataclass(frozen=True)
class OtherTrouble:
    """Payment trouble outside the classes: which answer means it, and where it leads."""

    criterion: CriterionRule
    route: RouteRule


@dataclass(frozen=True)
class Points:
    """The cashless points to choose one of; ``tentative`` where the notice calls them planned."""

    choices: tuple[str, ...]
    section: str
    tentative: bool = False


@dataclass(frozen=True)
class Sending:
    """When something is sent or paid: the notice's ``wording``, and its days where it has any."""

    wording: str
    section: str
    starts: Optional[date] = None
    ends: Optional[date] = None


@dataclass(frozen=True)
class Automatic:
    """Who needs no procedure (coupon charged into the app), and what comes to them when."""

    who: str
    delivered_to: str
    sending: Sending
    receive_by: date
    section: str


@dataclass(frozen=True)
class LostNumber:
    """Who tells the inquiry number again when the paper is lost: the ``issuer``, namely ``who``."""

    issuer: str
    who: tuple[str, ...]
    section: str
    #: The list in ``who`` ends in 「など」.
    and_more: bool = False


@dataclass(frozen=True)
class Address:
    """A web address that the notice gives."""

    url: str
    section: str


@dataclass(frozen=True)
class Promise:
    """Something the notice says will be told later, in our own words."""

    text: str
    section: str


@dataclass(frozen=True)
class ApplicationSite:
    """The special site where paper coupons and withdrawn users apply.

    ``opens_at`` only where the notice gives an hour; ``planned`` where it calls the opening
    planned. ``address`` only where the notice gives one; else ``address_promised`` says what
    it promises. ``sending`` only where the notice says when applicants get their points.
    """

    name: str
    who: str
    opens_on: date
    apply_by: date
    receive_by: date
    needed: tuple[str, ...]
    lost_number: LostNumber
    section: str
    #: The page to enter by, where the notice names one.
    reached_from: Optional[str] = None
    #: Who runs it, where the notice says so.
    run_by: Optional[str] = None
    opens_at: Optional[time] = None
    planned: bool = False
    and_more: bool = False
    sending: Optional[Sending] = None
    address: Optional[Address] = None
    address_promised: Optional[Promise] = None


@dataclass(frozen=True)
class Delivery:
    """From where the message with the link to the points comes, and who sends it again."""

    sent_to: str
    email: str
    sms: str
    section: str
    #: What to do so that it arrives, and why the sender may look different.
    advice: tuple[str, ...] = ()
    resend_from: Optional[str] = None
    resend_when: tuple[str, ...] = ()


@dataclass(frozen=True)
class BankTransfer:
    """Money in place of points for those who cannot take points.

    ``placed`` says where in the notice it stands, ``classes`` for which classes it is read.
    """

    through: str
    opens_on: date
    needed: tuple[str, ...]
    sending: Sending
    classes: tuple[ClassCode, ...]
    placed: str
    section: str
    planned: bool = False
    and_more: bool = False
    #: Kinds of account, where the notice names them.
    accounts: tuple[str, ...] = ()
    #: Further sections that say the same for another class.
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True)
class Weekends:
    """Days between which weekends and holidays are served too."""

    starts: date
    ends: date
    section: str


@dataclass(frozen=True)
class CallCenter:
    """The common compensation call center, open on weekdays ``opens_at`` to ``closes_at``.

    ``needed`` are the items it asks for. ``weekends`` is ``None`` where the notice does not
    say that weekends and holidays are served.
    """

    name: str
    number: str
    opens_at: time
    closes_at: time
    section: str
    needed: tuple[str, ...]
    needed_section: str
    weekends: Optional[Weekends] = None


@dataclass(frozen=True)
class OfficeContact:
    """One of the campaign office's own numbers; ``for_travellers`` marks the travellers' one."""

    audience: str
    number: str
    for_travellers: bool
    weekdays_from: time
    weekdays_to: time
    section: str


@dataclass(frozen=True)
class InquiryNumber:
    """What the notice says about where the inquiry number stands on the paper coupon."""

    text: str
    section: str


@dataclass(frozen=True)
class CouponFact:
    """One fact printed on the paper coupon that helps a traveller, in our own words."""

    id: str
    text: str


@dataclass(frozen=True)
class PaperCoupon:
    """What the printed coupon itself says: the sample in the notice's appendix."""

    name: str
    printed: tuple[str, ...]
    facts: tuple[CouponFact, ...]
    section: str
    campaign_site: Optional[Address] = None


@dataclass(frozen=True)
class Note:
    """How a passage was read, for whoever revises the data; travellers do not see it.

    ``kind``: ``misread`` (the scan is wrong), ``reading`` (the text can be read in two ways),
    ``inferred`` (the notice gives no such bound; it was concluded).
    """

    kind: Literal["misread", "reading", "inferred"]
    about: str
    section: str
    reading: str
    why: str


@dataclass(frozen=True, eq=False)
class Notice:
    """One revision of one campaign's notice: the whole of what its travellers can be told.

    Two notices are the same only if they are one object (they are loaded once), so that
    what was worked out for one can be kept by it at no cost.
    """

    campaign: str
    #: JIS X 0401, 1 (Hokkaido) to 47 (Okinawa): the order in which campaigns are offered.
    prefecture_code: int
    campaign_name: str
    prefecture: str
    office: str
    title: str
    revisions: tuple[date, ...]
    outage: Outage
    classes: tuple[ClassRule, ...]
    other: OtherTrouble
    points: Points
    automatic: Automatic
    site: ApplicationSite
    call_center: CallCenter
    notes: tuple[Note, ...]
    report: Optional[str] = None
    coupon_name: Optional[str] = None
    delivery: Optional[Delivery] = None
    bank_transfer: Optional[BankTransfer] = None
    office_contacts: tuple[OfficeContact, ...] = ()
    inquiry_number: Optional[InquiryNumber] = None
    paper_coupon: Optional[PaperCoupon] = None

    @property
    def revised(self) -> date:
        """Return the date of the latest addition: with office and report, the notice's ground."""
        return self.revisions[-1]

    def rule(self, code: str) -> Optional[ClassRule]:
        """Return the class of that code, or ``None`` where this notice has no such class."""
        return next((rule for rule in self.classes if rule.code == code), None)

    def label(self, code: str) -> str:
        """Return the notice's own label of a class: ``(A)``, in Chiba ``(1)①``.

        Raises:
            KeyError: this notice has no such class.
        """
        rule = self.rule(code)
        if rule is None:
            raise KeyError(code)
        return rule.label
