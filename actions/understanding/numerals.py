"""Kanji numerals, those of contracts (壱弐参拾) among them, and digits typed apart, as numbers."""

from __future__ import annotations

import re

from kanjize import kanji2number

_OLD_FORMS = str.maketrans({
    "廿": "二十", "卅": "三十", "壱": "一", "壹": "一", "弌": "一", "弐": "二", "貳": "二",
    "貮": "二",
    "参": "三", "參": "三", "肆": "四", "伍": "五", "陸": "六", "漆": "七", "捌": "八", "玖": "九",
    "拾": "十", "佰": "百", "陌": "百", "仟": "千", "阡": "千", "萬": "万", "圓": "円",
})  # fmt: skip
_PLAIN = "〇零一二三四五六七八九十百千万"
#: Every character of a kanji numeral, for a class in a pattern.
KANJI = _PLAIN + "".join(chr(code) for code in _OLD_FORMS if chr(code) != "圓")

#: 2 4 日, 2 0 0 0 円: a tablet's keyboard, or a voice typed digit by digit.
_APART = re.compile(
    r"(?<![\d.,:/-])\d(?: \d)+(?=\s*[年月日円/.])|(?<=[月年/.])\s*\d(?: \d)+(?!\d| \d\d)"
)
_APART_ALONE = re.compile(r"^\d(?: \d){2,7}(?=$|[^\d ])")


def digits_together(text: str) -> str:
    """Write numbers typed digit by digit as one: ``2 月 2 4 日`` → ``2 月24 日``.

    Args:
        text: normalised text.
    """
    if " " not in text:
        return text
    text = re.sub(r"(?<=\d) ?([/.]) ?(?=\d)", r"\1", text) if "/" in text else text
    text = _APART.sub(_together, text)
    return _APART_ALONE.sub(_together, text)


def _together(found: re.Match[str]) -> str:
    return found[0].replace(" ", "")


def contract_numerals_plain(text: str) -> str:
    """Write the numerals of contracts before 円 in the everyday ones: 壱萬円 → 一万円."""
    return re.sub(rf"[{KANJI}\d]+(?=\s*[円圓])圓?", lambda found: _plain(found[0]), text)


def _plain(text: str) -> str:
    return text.translate(_OLD_FORMS)


def kanji_number(text: str) -> int | None:
    """Return the number that kanji numerals (mixed with digits or not) write, or ``None``."""
    plain = text.translate(_OLD_FORMS)
    if plain[:1] in ("万", "億"):
        plain = "1" + plain
    try:
        return int(kanji2number(plain))
    except (ValueError, KeyError, IndexError):
        return None
