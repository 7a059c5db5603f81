"""The campaign offices' notices as data: ``load_notices`` reads and checks ``notices/*.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Optional

from actions.notice_files import NoticesError, Problem, read_notices
from actions.notice_types import (
    Address,
    ApplicationSite,
    Automatic,
    BankTransfer,
    CallCenter,
    ClassRule,
    CouponFact,
    CriterionRule,
    Delivery,
    Extension,
    InquiryNumber,
    LostNumber,
    Note,
    Notice,
    OfficeContact,
    Option,
    OtherTrouble,
    Outage,
    PaperCoupon,
    Points,
    Promise,
    RouteRule,
    Sending,
    Unused,
    UseArea,
    Weekends,
)

__all__ = [
    "DIRECTORY",
    "Address",
    "ApplicationSite",
    "Automatic",
    "BankTransfer",
    "CallCenter",
    "ClassRule",
    "CouponFact",
    "CriterionRule",
    "Delivery",
    "Extension",
    "InquiryNumber",
    "LostNumber",
    "Note",
    "Notice",
    "NoticesError",
    "OfficeContact",
    "Option",
    "OtherTrouble",
    "Outage",
    "PaperCoupon",
    "Points",
    "Problem",
    "Promise",
    "RouteRule",
    "Sending",
    "Unused",
    "UseArea",
    "Weekends",
    "load_notices",
]

DIRECTORY = Path(__file__).resolve().parent.parent / "notices"


def load_notices(directory: Optional[Path] = None) -> Mapping[str, Notice]:
    """Return every notice by its campaign, in the order in which campaigns are offered.

    The result is read-only and kept: loading the same directory again costs nothing.

    Args:
        directory: where the YAML files and ``schema.json`` stand; the project's own without it.

    Raises:
        NoticesError: with every problem of every file, each one line: file, field, mend.
    """
    return _load(directory if directory is not None else DIRECTORY)


@lru_cache(maxsize=4)
def _load(directory: Path) -> Mapping[str, Notice]:
    return MappingProxyType(read_notices(directory))
