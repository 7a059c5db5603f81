"""Kanji numerals and kana readings of numbers, months and days, written in digits."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kanjize import kanji2number

_KANJI = "〇零一二三四五六七八九十百千万壱弐参廿卅"
_OLD_FORMS = str.maketrans({"廿": "二十", "卅": "三十", "弐": "二", "参": "三", "壱": "一"})

_UNITS = {
    1: ("いち", "いっ"), 2: ("に",), 3: ("さん",), 4: ("よん", "し", "よ"), 5: ("ご",),
    6: ("ろく", "ろっ"), 7: ("なな", "しち"), 8: ("はち", "はっ"), 9: ("きゅう", "く"),
}  # fmt: skip
_MONTHS = {
    "いち": 1, "に": 2, "さん": 3, "し": 4, "よん": 4, "ご": 5, "ろく": 6, "しち": 7, "なな": 7,
    "はち": 8, "く": 9, "きゅう": 9, "じゅう": 10, "じゅういち": 11, "じゅうに": 12,
}  # fmt: skip
#: Days with a reading of their own. いつか and なのか are also "some day" and a question's end:
#: they count only right after a month.
_DAYS = {
    "ついたち": 1, "ふつか": 2, "みっか": 3, "よっか": 4, "いつか": 5, "むいか": 6, "なのか": 7,
    "ようか": 8, "ここのか": 9, "とおか": 10, "とうか": 10, "じゅうよっか": 14, "はつか": 20,
    "にじゅうよっか": 24, "にじゅよっか": 24,
}  # fmt: skip
_SAFE_DAYS = {"ついたち", "はつか", "じゅうよっか", "にじゅうよっか", "にじゅよっか"}
_ROMAJI_MONTHS = {
    "ichigatsu": 1, "nigatsu": 2, "nigatu": 2, "sangatsu": 3, "sangatu": 3, "shigatsu": 4,
    "jan": 1, "january": 1, "feb": 2, "february": 2, "mar": 3, "march": 3, "apr": 4, "april": 4,
    "may": 5, "jun": 6, "june": 6, "jul": 7, "july": 7, "aug": 8, "august": 8, "sep": 9,
    "sept": 9, "september": 9, "oct": 10, "october": 10, "nov": 11, "november": 11, "dec": 12,
    "december": 12,
}  # fmt: skip
_ROMAJI_DAYS = {
    "nijuuyokka": 24, "nijuyokka": 24, "nijyuyokka": 24, "nijuugonichi": 25, "nijugonichi": 25,
    "nijuusannichi": 23, "nijusannichi": 23, "nijuurokunichi": 26, "nijurokunichi": 26,
    "nijuuhachinichi": 28, "nijuhachinichi": 28,
}  # fmt: skip


def _kana_up_to_99() -> dict[str, int]:
    """Return every kana reading of 1 to 99 (じゅうよん, にじゅうご, にじゅご ...)."""
    ones = {kana: number for number, kanas in _UNITS.items() for kana in kanas[:3]}
    readings = dict(ones)
    for ten in ("じゅう", "じゅー", "じゅ"):
        readings[ten] = 10
        for kana, number in ones.items():
            readings[ten + kana] = 10 + number
        for head, tens in ones.items():
            readings[head + ten] = 10 * tens
            for kana, number in ones.items():
                readings[head + ten + kana] = 10 * tens + number
    return readings


_KANA = _kana_up_to_99()


def _alternation(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_KANA_MONTH = re.compile(rf"({_alternation(_MONTHS)})がつ")
_KANA_NUMBER = _alternation(word for word in _KANA if word not in ("し", "く", "よ", "いっ"))
_KANA_NICHI = re.compile(rf"({_KANA_NUMBER})にち")
_KANA_DAY = re.compile(
    rf"(?<=月)\s*の?\s*({_alternation(_DAYS)})(?!め)|({_alternation(_SAFE_DAYS)})(?!め)"
)
_KANA_TENS = re.compile(
    r"(?:(?<=^)|(?<=[月/.、,\s「(]))"
    rf"({_alternation(kana for kana, number in _KANA.items() if 20 < number < 32)})"
    r"(?=$|[。、,\s]|です|だ|でし|まで|か)"
)
_KANA_YEAR = re.compile(
    rf"(れいわ|令和)\s*({_KANA_NUMBER}|がん)ねん|(にせんにじゅう(?:さん|に|よ|よん))ねん"
)
_KANJI_BEFORE_UNIT = re.compile(rf"[{_KANJI}]+(?=\s*(?:年|月|日|ねん|がつ|にち|曜))")
_KANJI_SLASH = re.compile(
    rf"(?<![{_KANJI}一-龥])([{_KANJI}]{{1,3}})\s*([/.・,、-])\s*([{_KANJI}]{{1,4}})(?![{_KANJI}一-龥])"
)
_KANJI_AFTER_MONTH = re.compile(rf"(?<=月)([{_KANJI}]+)(?![{_KANJI}])")
_KANJI_BARE = re.compile(
    r"(?:(?<=^)|(?<=[\s。、,「]))([二三][十〇零一二三四五六七八九]{1,2})(?=$|[。、,\s」]|です|だ|でし|まで|か|じゃ|では|ね|よ)"
)
_ENGLISH_MONTHS = [name for name in _ROMAJI_MONTHS if "gat" not in name]
_ROMAJI_DATE = re.compile(
    rf"\b({_alternation(_ROMAJI_MONTHS)})\.?\s*(?:the\s*)?({_alternation(_ROMAJI_DAYS)}|\d{{1,2}})(?:st|nd|rd|th)?\b"
    r"(?:\s*,?\s*(\d{4}))?"
)
_ROMAJI_DAY_FIRST = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s*(?:of\s*)?({_alternation(_ENGLISH_MONTHS)})\b\.?"
    r"(?:\s*,?\s*(\d{4}))?"
)


def kanji_number(text: str) -> int | None:
    """Return the number that kanji numerals (mixed with digits or not) write, or ``None``."""
    plain = text.translate(_OLD_FORMS)
    if plain[:1] in ("万", "億"):
        plain = "1" + plain
    try:
        return int(kanji2number(plain))
    except (ValueError, KeyError, IndexError):
        return None


def dates_in_digits(text: str) -> str:
    """Rewrite the numbers of dates in digits: 二月二十四日, にがつにじゅうよっか, feb 24 → 2月24日.

    Args:
        text: normalised text.
    """

    def digits(found: re.Match[str]) -> str:
        number = kanji_number(found[0])
        return found[0] if number is None else str(number)

    text = text.replace("元年", "1年")
    text = _KANA_YEAR.sub(_year, text)
    text = _KANA_MONTH.sub(lambda found: f"{_MONTHS[found[1]]}月", text)
    text = re.sub(r"(\d)\s*がつ", r"\1月", text)
    text = re.sub(r"(\d)\s*にち", r"\1日", text)
    text = _KANA_NICHI.sub(lambda found: f"{_KANA[found[1]]}日", text)
    text = _KANA_DAY.sub(lambda found: f"{_DAYS[found[1] or found[2]]}日", text)
    text = _KANA_TENS.sub(lambda found: f"{_KANA[found[1]]}日", text)
    text = re.sub(r"(?<=\d月)\s*まつ(?:じつ|び)?(?![ぁ-ん]*(?:り|の木))", "末日", text)
    text = re.sub(r"げつまつ(?:じつ|び)?", "月末", text)
    text = _KANJI_BEFORE_UNIT.sub(digits, text)
    text = _KANJI_AFTER_MONTH.sub(digits, text)
    text = _KANJI_SLASH.sub(_slashed, text)
    text = _KANJI_BARE.sub(digits, text)
    text = _ROMAJI_DATE.sub(_western, text)
    return _ROMAJI_DAY_FIRST.sub(
        lambda found: _western_text(found[3], _ROMAJI_MONTHS[found[2]], found[1]), text
    )


def _year(found: re.Match[str]) -> str:
    if found[3]:
        return {"さん": "2023年", "に": "2022年"}.get(found[3][8:], "2024年")
    return f"令和{1 if found[2] == 'がん' else _KANA[found[2]]}年"


def _slashed(found: re.Match[str]) -> str:
    first, second = kanji_number(found[1]), kanji_number(found[3])
    if first is None or second is None or not 1 <= first <= 12:
        return found[0]
    return f"{first}{found[2]}{second}"


def _western(found: re.Match[str]) -> str:
    day = _ROMAJI_DAYS.get(found[2], found[2])
    return _western_text(found[3], _ROMAJI_MONTHS[found[1]], str(day))


def _western_text(year: str | None, month: int, day: str) -> str:
    return f"{year}年{month}月{day}日" if year else f"{month}月{day}日"
