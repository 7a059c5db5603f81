"""What became of the coupon: charged into the app, left on paper, or the account closed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

from .patterns import pattern
from .polarity import last_polarity
from .understood import Reason


@dataclass(frozen=True)
class AppReading:
    """The app's status (``value``), or why it cannot be taken, with what it could be."""

    value: Optional[str] = None
    reason: Optional[Reason] = None
    candidates: tuple[str, ...] = ()


_CHARGED = pattern("app", "charged")
_PAPER = pattern("app", "paper")
_NO_APP = pattern("app", "no_app")
_NO_APP_WHOLE = pattern("app", "no_app_whole")
_NO_PHONE = pattern("app", "no_phone")
_INSTALLED_ONLY = pattern("app", "installed_only")
_WITHDRAWN = pattern("app", "withdrawn")
_UNINSTALLED = pattern("app", "uninstalled")
_CHANGED_PHONE = re.compile(
    r"機種変|機種を?変|(?:すまほ|携帯|電話)(?:を|が|は)?(?:買い替え|変え|かえ|替え|壊|こわ|水没|紛失|なくし|失くし|落とし|初期化|故障|盗)|初期化"
)
_BOTH = pattern("app", "both")


_UNSURE = re.compile(
    r"自信(?:が|は)?(?:な|ありませ)|定かで|うろ覚え|曖昧|あいまい|はっきり(?:し|覚え)|確信|だった(?:か|っけ|かな)(?:$|。|な)|かもしれ"
)
_NOT_YET = pattern("app", "not_yet")
_OTHER_PAPER = pattern("app", "other_paper")
_INSTALLED = pattern("app", "installed")
_IF_PAPER = re.compile(r"紙(?:のまま)?(?:だったら|なら(?!ば?あ)|だと(?:思)|でいい|でよ)")


def read_app(text: str) -> AppReading:
    """Return what the words of a message settle about charging and the app's account.

    Args:
        text: canonical text (``variants.canonical``).
    """
    text = _OTHER_PAPER.sub("", text)
    charged = last_polarity(text, _CHARGED)
    if "未ちゃーじ" in text:
        charged = "no"
    withdrawn = last_polarity(text, _WITHDRAWN)
    uninstalled = last_polarity(text, _UNINSTALLED)
    if _NOT_YET.search(text):
        charged = (
            "no"
            if re.search(
                r"でき|まだ|紙|まま|まで|して(?:い)?な|しな(?:か|い)|せず|だめ|えらー|障害|やめ|せず|間に合",
                text,
            )
            else "doubted"
        )
    no_phone = bool(_NO_PHONE.search(text))
    no_app = bool(_NO_APP_WHOLE.search(text)) or last_polarity(text, _NO_APP) == "no"
    # 紙だったら諦めもつくのに: it is not.
    paper = bool(_PAPER.search(_IF_PAPER.sub("", text))) and not re.search(
        r"紙(?:のまま|だけ)?(?:では|じゃ)(?:な|あり)|紙から|紙(?:を|で)?(?:もらって|受け取って)(?:から)?、?(?:あぷり|ちゃーじ|すぐ)",
        text,
    )
    text = re.sub(r"一部(?:だけ)?(?:じゃ|では)な(?:く|い)|半分(?:じゃ|では)な(?:く|い)", "", text)
    if _BOTH.search(text) and (charged or paper or "あぷり" in text):
        return AppReading(reason="ambiguous", candidates=("charged", "paper"))
    if uninstalled == "yes" and withdrawn == "doubted":
        return AppReading(reason="uninstalled", candidates=("charged", "withdrawn"))
    if (charged or withdrawn) and _UNSURE.search(text):
        return AppReading(reason="unsure", candidates=_offered(charged, withdrawn, uninstalled))
    if "doubted" in (withdrawn, uninstalled) or (charged == "doubted" and not (paper or no_app)):
        return AppReading(reason="unsure", candidates=_offered(charged, withdrawn, uninstalled))
    if withdrawn == "yes":
        return AppReading("withdrawn")
    if _CHANGED_PHONE.search(text) and not (charged or paper or no_phone):
        return AppReading(reason="ambiguous", candidates=("charged", "withdrawn"))
    if uninstalled == "yes":
        if charged == "no":
            return AppReading("paper")
        return AppReading(reason="uninstalled", candidates=("charged", "withdrawn"))
    if charged == "no" or no_app or no_phone:
        if charged == "yes":
            return AppReading(reason="ambiguous", candidates=("charged", "paper"))
        return AppReading("paper")
    if charged == "yes" and paper:
        return AppReading(reason="ambiguous", candidates=("charged", "paper"))
    if _INSTALLED.fullmatch(text):
        return AppReading(reason="installed", candidates=("charged", "paper"))
    if charged == "yes":
        return AppReading("charged")
    if paper or (
        _INSTALLED_ONLY.search(text)
        and re.search(
            r"だけ|のみ|使って(?:い)?な|何も|それ(?:だけ|っきり)|きり|放置|そのまま", text
        )
    ):
        return AppReading("paper")
    if withdrawn == "no" or uninstalled == "no":
        return AppReading(reason="incomplete", candidates=("charged", "paper"))
    return AppReading()


def _offered(charged: object, withdrawn: object, uninstalled: object) -> tuple[str, ...]:
    candidates = ["charged"]
    if charged:
        candidates.append("paper")
    if withdrawn or uninstalled:
        candidates.append("withdrawn")
    return tuple(candidates)
