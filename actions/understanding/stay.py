"""Whether the trip was overnight or a day trip."""

from __future__ import annotations

import re
from typing import Optional

from .patterns import pattern
from .polarity import last_polarity

_OVERNIGHT = pattern("stay", "overnight")
_DAY_TRIP = re.compile(
    r"日帰り(?!温泉|入浴|の?湯|客)|(?:その日|当日|同日|同じ日)(?:の?うち)?(?:に|で)?(?:帰|かえ)|0泊|でいゆーす|day\s?trip|とんぼ返り"
)
_OTHER = re.compile(r"車中泊|夜行|野宿|(?:親戚|実家|友人|友達|知人)(?:の)?(?:家|宅)?(?:に|で)")


#: 来月は泊まりで, 一泊してみたいなあ: another journey, or none.
_NOT_YET = pattern("stay", "not_yet")


def read_stay(text: str) -> tuple[Optional[str], tuple[str, ...]]:
    """Return ``overnight`` or ``day_trip``, or what it could be where the words leave it open.

    Args:
        text: canonical text (``variants.canonical``).
    """
    text = _NOT_YET.sub("", text)
    overnight = last_polarity(text, _OVERNIGHT)
    day_trip = last_polarity(text, _DAY_TRIP)
    if re.search(
        r"泊まらず|泊まって(?:い)?(?:な|ませ)|宿泊せず|宿泊なし|泊なし|泊まりな(?:し|い)|0泊|宿泊ではな|泊まりじゃな",
        text,
    ):
        overnight = "no"
        day_trip = "yes" if day_trip is None else day_trip
    if _OTHER.search(text) and overnight != "no" and day_trip is None:
        return None, ("overnight", "day_trip")
    if overnight is None and day_trip is None:
        return None, ()
    if "doubted" in (overnight, day_trip):
        return None, ("overnight", "day_trip")
    if overnight == "yes" and day_trip in (None, "no"):
        return "overnight", ()
    if day_trip == "yes" and overnight in (None, "no"):
        return "day_trip", ()
    if overnight == "no" and day_trip is None:
        return "day_trip", ()
    if day_trip == "no" and overnight is None:
        return "overnight", ()
    return None, ("overnight", "day_trip")
