"""Commands in words: 戻る, 最初から, やめる, 人と話したい."""

from __future__ import annotations

import re
from typing import Optional

from .patterns import pattern
from .understood import Command

_RESTART = pattern("commands", "restart")
_BACK = pattern("commands", "back")
_STOP = pattern("commands", "stop")
_NOT_STOP = re.compile(
    r"やめ(?:ない|ず|た方)|使(?:う|用する)のを?(?:は)?やめ|(?:買|払|退会|ちゃーじ)[^。]{0,6}やめ|会員をやめ|あぷりを?やめ"
)
_GO_ON = pattern("commands", "go_on")
_HUMAN = pattern("commands", "human")
_NOT_HUMAN = pattern("commands", "not_human")


def read_command(text: str) -> Optional[Command]:
    """Return the command a message gives in words, or ``None``.

    Args:
        text: canonical text (``variants.canonical``).
    """
    if _HUMAN.search(text) and not _NOT_HUMAN.search(text):
        return "human"
    if _GO_ON.match(text):
        return "start"  # goes on where the talk stands
    if _RESTART.search(text) and not re.search(
        r"やり直し(?:さ|て(?:い)?た)|(?:店|れじ|会計|決済)[^。]{0,8}やり直|(?:さっき|前|今|先ほど)の(?:回答|答え|質問)",
        text,
    ):
        return "restart"
    if _BACK.search(text) and not re.search(
        r"戻(?:って|り)(?:は)?(?:こ|き|来|ませ|な)|戻され|(?:お金|残高|くーぽん|ぽいんと|代金|分)(?:が|は|を)?[^。]{0,4}戻",
        text,
    ):
        return "back"
    if _STOP.search(text) and not _NOT_STOP.search(text):
        return "stop"
    return None
