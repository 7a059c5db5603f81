"""Whether something is said to have happened, not to have happened, or is doubted."""

from __future__ import annotations

import re
from typing import Literal, Optional

from .patterns import pattern, source

Polarity = Literal["yes", "no", "doubted"]

#: After a verb's stem or its て: it did not happen.
NEGATED = source("polarity", "negated")
#: After a verb: it was about to happen, or is only feared.
NOT_REAL = source("polarity", "not_real")
#: After a verb: the traveller does not know.
DOUBTED = pattern("polarity", "doubted")


#: 引かれたと思ったら…, 引かれてないと店員に言われて…: what follows says how it really was.
_SAID_OR_THOUGHT = pattern("polarity", "said_or_thought")


def polarity_after(text: str, end: int) -> Polarity:
    """Say how what ends at ``end`` goes on: 引かれ|ていません → no, 引かれ|たかも → doubted."""
    tail = text[end : end + 30]
    negated = re.match(NEGATED, tail)
    if negated:
        if re.match(
            r"(?:い|なかった|かった|る|た)?(?:わけ|訳|はず)(?:が|は|も)?(?:な|ありませ)",
            tail[negated.end() :],
        ):
            return "yes"  # 引かれてないわけがない
        # 減っていないかわからない is a doubt, whichever way it is put.
        return "doubted" if _doubt_follows(tail[negated.end() :]) else "no"
    if re.match(NOT_REAL, tail):
        return "no"
    return "doubted" if DOUBTED.match(tail) else "yes"


def _doubt_follows(tail: str) -> bool:
    return bool(
        re.match(r"[いかっったんでした]{0,5}か(?:どうか|も|は?(?:わか|不明|確認|覚え))", tail)
    )


def last_polarity(text: str, pattern: re.Pattern[str]) -> Optional[Polarity]:
    """Return what is said of everything a pattern finds, or ``None`` where it finds nothing.

    Where it is said both ways, the later holds if the earlier was only thought
    (引かれたと思ったら…), and it is doubted otherwise.
    """
    seen: list[Polarity] = []
    set_aside = False
    for found in pattern.finditer(text):
        polarity = polarity_after(text, found.end())
        if re.match(r"[^。、\n]{0,6}?(?:の|ん)?(?:では|じゃ|や)なく(?:て)?", text[found.end() :]):
            set_aside = True
        if _SAID_OR_THOUGHT.match(text[found.end() :]):
            continue  # only thought, or only said by others; what follows says how it was
        if re.match(
            r"[^。\n]{0,4}?(?:ら(?!し)|れば|なら|場合|時は|ときは)(?:どう|、?何|いい|は?対象|は?補償)",
            text[found.end() :],
        ):
            polarity = "doubted"
        seen.append(polarity)
    if not seen:
        return None
    if "doubted" in seen:
        return "doubted"
    if len(set(seen)) == 1:
        return seen[0]
    # 二重じゃなくて一回引かれた: what was set aside first does not count.
    return seen[-1] if set_aside and seen[-1] == "yes" else "doubted"
