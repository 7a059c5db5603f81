"""Numbers of dates in any spelling (kanji, kana, romaji, English), written in digits."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .numerals import KANJI, digits_together, kanji_number

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
    "にじゅうよっか": 24, "にじゅよっか": 24, "にじゅーよっか": 24, "にじゅうよか": 24,
    "にじゅうよつか": 24,
    "にじゅうよっが": 24, "じゅうよつか": 14,
}  # fmt: skip
_SAFE_DAYS = {day for day, number in _DAYS.items() if number in (1, 14, 20, 24)}
_ENGLISH_MONTHS = {
    "jan": 1, "january": 1, "feb": 2, "february": 2, "mar": 3, "march": 3, "apr": 4, "april": 4,
    "may": 5, "jun": 6, "june": 6, "jul": 7, "july": 7, "aug": 8, "august": 8, "sep": 9,
    "sept": 9, "september": 9, "oct": 10, "october": 10, "nov": 11, "november": 11, "dec": 12,
    "december": 12,
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
_KANA_NICHI = re.compile(
    rf"({_KANA_NUMBER})にち|"
    rf"({_alternation(kana for kana, number in _KANA.items() if number > 10)})日"
)
_KANA_DAY = re.compile(
    rf"(?<=月)\s*の?\s*({_alternation(_DAYS)})(?!め)|({_alternation(_SAFE_DAYS)})(?!め|日)"
)
#: What may follow a number that stands for a date by itself.
_END = (
    r"(?=$|[。、,.!?\s)」』]|です|だ|でし|まで|迄|か|や|ね|よ(?!ん)|っす|って|じゃ|では|と|"
    r"の(?:はず|やつ|方|くー))"
)
_TENS = _alternation(kana for kana, number in _KANA.items() if 20 < number < 32)
_KANA_TENS = re.compile(
    r"(?:(?<=^)|(?<=[月/.、,。!\s「(]))"
    rf"({_TENS}){_END}"
)
_SPOKEN_DIGITS = {
    "ぜろ": "0", "れい": "0", "まる": "0", "おー": "0", "いち": "1", "にー": "2", "にい": "2",
    "に": "2",
    "さん": "3", "よん": "4", "よー": "4", "ごー": "5", "ごお": "5", "ご": "5", "ろく": "6",
    "なな": "7",
    "しち": "7", "はち": "8", "きゅう": "9", "きゅー": "9",
}  # fmt: skip
_SPOKEN = rf"(?:{_alternation(_SPOKEN_DIGITS)})"
_POINT = (
    r"\s*(?:てん|ぽいんと|どっと|ぴりおど|すらっしゅ|すらっしゅー|はいふん|/|\.|・|の|ー|\s)\s*"
)
#: Read out digit by digit: にてんによん, にーにーよん, によん.
_READ_OUT = re.compile(
    r"(?:(?<=^)|(?<=[\s。、,!?「(]))(?:(?P<two>に[ーい]?(?:よん|よー|ごー?|ろく|なな|はち))"
    rf"|(?P<m>{_SPOKEN}|\d{{1,2}}){_POINT}(?P<d>{_TENS}|{_SPOKEN}{{1,2}})|(?P<all>{_SPOKEN}{{3,4}}))"
    rf"{_END}"
)
#: 2の24, 2てん24, 2すらっしゅ24, 2_24.
_JOINED = re.compile(
    r"(?<![\d/.の番号丁])(?P<m>\d{1,2})\s*(?:てん|点|どっと|すらっしゅ|の|/{2,}|[\\|_'])\s*"
    r"(?P<d>\d{1,2})(?!\d|[/.の\-]\d|\s*[月枚円人名番号階泊時分秒個つ回%倍])"
)
#: Slips of conversion inside a date: 二重四日, に十四日, 20四日, 24曰.
_SLIPS = (
    # said with a pause: にじゅう、よっか
    (
        re.compile(
            r"(?<=じゅう)[、…\s]+"
            r"(?=(?:いち|に|さん|よん|よ|し|ご|ろく|なな|しち|はち|く|きゅう)(?:にち|っか))"
        ),
        "",
    ),
    (re.compile(r"(?<=がつ)[、…\s]+(?=[ぁ-ん])"), ""),
    # and with a word in between: 二月えっと二十五日
    (re.compile(r"(?<=月)[、…\s]*(?:えっと|え[ーえ]と|あの|その)[、…\s]*(?=[\d一二三十廿])"), ""),
    (re.compile(r"(?<=[\d一二三四五六七八九十])[曰目口](?=$|[。、\s]|です|まで|だ|\()"), "日"),
    # katakana that look like numerals: ニ月ニ四日, 三月ハ日, 二十ー日
    (re.compile(r"(?<![ぁ-ん\d一二三四五六七八九十])に(?=月の?[\dに二三一十])"), "二"),
    (re.compile(r"(?<![ぁ-ん\d一二三四五六七八九十])は(?=月の?[\dに二三一十]+日)"), "八"),
    (
        re.compile(
            r"(?<=[月年十拾])に(?=[十拾]?[〇一二三四五六七八九]日(?!間|ほど|くらい|ぐらい|も|だけ|泊))"
            r"|(?<=月)に(?=[十拾]日(?!間|ほど))|(?<=[十拾])に(?=日(?:$|[。、\s]|です|まで|だ|が))"
        ),
        "二",
    ),
    (re.compile(r"(?<=[十拾二三月])は(?=日(?:$|[。、\s(]|です|まで|だ|が|に|と))"), "八"),
    (re.compile(r"(?<=[十拾])[ー-](?=日)|(?<=月)[ー-](?=日)"), "一"),
    (re.compile(r"\s*(?:→|=>|⇒)\s*(?:これ|こっち|こちら)(?:が|は)"), "が"),
    (re.compile(r"(?<=\d)\s*に(?:ti|chi|t[いぃi]?|chい|cひ)(?![a-z])"), "日"),
    # large kana for small, as half-width keyboards have it; 日 as it is spoken in many places
    (re.compile(r"じゆう(?=いち|に|さん|よ|し|ご|ろく|なな|はち|く|きゅ|日|がつ)"), "じゅう"),
    (
        re.compile(
            r"(?<=[一二三四五六七八九十\dごよちさんくうち])んち(?=$|[。、\s]|まで|で|だ|や)"
        ),
        "にち",
    ),
    (re.compile(r"([二三23])重(?=[一二三四五六七八九\d]?日)"), r"\1十"),
    (re.compile(r"(?:に|荷|似)[十重](?=[一二三四五六七八九]日)"), "二十"),
    (re.compile(r"(?<!\d)([23])0(?=[一二三四五六七八九]日)"), r"\1十"),
    (re.compile(r"(?<=\d)\s*(?:が津|がっ|がt[うu]|gaつ|ヶ月の|げつ(?!よう|まつ))(?=\s*\d)"), "月"),
    # cut short: 2月二十…
    (re.compile(r"(?<=月)([二三])十(?=。+$)"), r"\1十□"),
    # 号 is the day in Chinese
    (re.compile(r"(?<=月)(\s?\d{1,2})号(?=$|[。、\s]|まで|です|だ|の?\()"), r"\1日"),
    (re.compile(r"(?<=月)(\d{1,2}日)間で(?=$|[。\s(]|です)"), r"\1まで"),
)
#: The year in both calendars, as forms print it: 令和5(2023)年2月, 2023年(令和5年)2月.
_BOTH_YEARS = re.compile(
    r"(?P<one>(?:令和|西暦|r)?\s?\d{1,4})\s*年?\s*\((?P<other>(?:令和|西暦|r)?\s?\d{1,4})\s*年?\)\s*年?"
    r"(?=\s*の?\d{1,2}\s*[月/.-])"
)
#: 弥生の一日: the old names, where a day follows.
_OLD_MONTHS = {"睦月": 1, "如月": 2, "きさらぎ": 2, "弥生": 3, "やよい": 3, "卯月": 4, "皐月": 5}
_OLD_MONTH = re.compile(
    rf"({'|'.join(_OLD_MONTHS)})の?(?=[\d一二三四五六七八九十]{{1,3}}日|末|晦日|みそか)"
)
#: 令和五、二、二四: what stands between does not matter after the era.
_ERA_IN_KANJI = re.compile(
    r"(令和|令)([元一二三四五六七])[、,・.\s/]+([一二三四五六七八九十]{1,2})[、,・.\s/]+"
    r"([一二三四五六七八九十]{1,3})(?![一二三四五六七八九十\d])"
)
#: 24日木曜じゃなくて金曜: the weekday is taken back, not the day.
_OTHER_WEEKDAY = re.compile(
    r"(?<=日)の?[\s、(]*[月火水木金土日](?:曜日?)?[)、。\s]*(?:じゃ|では|や)な(?:くて|いや|く、|い。)[、\s]*"
    r"(?=[月火水木金土日]曜)"
)
#: 25日に泊まって翌26日: the day that follows has its number.
_NEXT_DAY_NAMED = re.compile(r"翌(?=\d{1,2}日|[二三]?十[一二三四五六七八九]?日)")
#: As a machine prints it: 20230224235959.
_WITH_SECONDS = re.compile(r"(?<!\d)(20[23]\d[01]\d[0-3]\d)[0-2]\d[0-5]\d(?:[0-5]\d)?(?!\d)")
_KANA_YEAR = re.compile(
    rf"(れいわ|令和)\s*({_KANA_NUMBER}|がん)ねん|(にせんにじゅう(?:さん|に|よ|よん))ねん"
)
_KANJI_BEFORE_UNIT = re.compile(
    rf"(?<=第)[一二三四五](?=の?[月火水木金土日]曜)|[{KANJI}][{KANJI}\d]*(?=\s*(?:年|月|日|ねん|がつ|にち|曜))|(?<!\d)\d[{KANJI}]+\d?(?=\s*日)"
)
#: 二 月 二 十 四 日: written apart, as on squared paper.
_KANJI_APART = re.compile(
    r"(?<=[一二三四五六七八九十〇]) (?=[一二三四五六七八九十〇年月日])"
    r"|(?<=[年月和]) (?=[一二三四五六七八九十〇年])"
)
_KANJI_SLASH = re.compile(
    rf"(?<![{KANJI}一-龥])([{KANJI}]{{1,3}})\s*([/.・,、-])\s*([{KANJI}]{{1,4}})(?![{KANJI}一-龥])"
)
_KANJI_AFTER_MONTH = re.compile(rf"(?<=月)の?([{KANJI}]+)(?![{KANJI}])")
_KANJI_BARE = re.compile(
    r"(?:(?<=^)|(?<=[\s。、,「]))([二三弐参廿][十拾〇零一二三四五六七八九弐参]{1,2}|廿)"
    rf"{_END}"
)
_MONTH_FIRST = re.compile(
    rf"\b({_alternation(_ENGLISH_MONTHS)})\.?\s*(?:the\s*)?(\d{{1,2}})(?:st|nd|rd|th)?\b"
    r"(?:\s*,?\s*(\d{4}))?"
)
_DAY_FIRST = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s*(?:of\s*)?({_alternation(_ENGLISH_MONTHS)})\b\.?"
    r"(?:\s*,?\s*(\d{4}))?"
)


def dates_in_digits(text: str) -> str:
    """Rewrite the numbers of dates in digits: 二月二十四日, にがつにじゅうよっか, feb 24 → 2月24日.

    Args:
        text: normalised text.
    """

    def digits_of(written: str) -> str:
        number = kanji_number(written)
        return written if number is None else str(number)

    def digits(found: re.Match[str]) -> str:
        return digits_of(found[0])

    text = digits_together(_KANJI_APART.sub("", text)).replace("元年", "1年")
    text = _OLD_MONTH.sub(lambda found: f"{_OLD_MONTHS[found[1]]}月", text)
    text = _ERA_IN_KANJI.sub(r"\1\2年\3月\4日", text)
    text = _OTHER_WEEKDAY.sub("、", text)
    text = _NEXT_DAY_NAMED.sub("", text)
    text = _WITH_SECONDS.sub(r"\1 ", text)
    for slip, meant in _SLIPS:
        text = slip.sub(meant, text)
    text = _READ_OUT.sub(_read_out, text)
    text = _KANA_YEAR.sub(_year, text)
    text = _KANA_MONTH.sub(lambda found: f"{_MONTHS[found[1]]}月", text)
    text = re.sub(r"(\d)\s*がつ", r"\1月", text)
    text = re.sub(r"(\d)\s*にち", r"\1日", text)
    text = _KANA_NICHI.sub(lambda found: f"{_KANA[found[1] or found[2]]}日", text)
    text = _KANA_DAY.sub(lambda found: f"{_DAYS[found[1] or found[2]]}日", text)
    text = _KANA_TENS.sub(lambda found: f"{_KANA[found[1]]}日", text)
    text = re.sub(r"(?<=\d月)\s*まつ(?:じつ|び)?(?![ぁ-ん]*(?:り|の木))", "末日", text)
    text = re.sub(r"げつまつ(?:じつ|び)?", "月末", text)
    text = _KANJI_BEFORE_UNIT.sub(digits, text)
    text = _BOTH_YEARS.sub(_one_year, text)
    text = _KANJI_AFTER_MONTH.sub(lambda found: digits_of(found[1]), text)
    text = _KANJI_SLASH.sub(_slashed, text)
    text = _KANJI_BARE.sub(digits, text)
    text = _JOINED.sub(_joined, text)
    text = _MONTH_FIRST.sub(_western, text)
    text = _DAY_FIRST.sub(
        lambda found: _western_text(found[3], _ENGLISH_MONTHS[found[2]], found[1]), text
    )
    return re.sub(r"(?<![a-z\d])(\d{1,2})(?:st|nd|rd|th)(?![a-z\d])", r"\1日", text)


def _read_out(found: re.Match[str]) -> str:
    def digits(kana: str) -> str:
        return re.sub(_SPOKEN, lambda one: _SPOKEN_DIGITS[one[0]], kana)

    if found["two"]:
        return f"{digits(found['two'])}日"
    if found["all"]:
        return digits(found["all"])
    month, day = digits(found["m"]), str(_KANA.get(found["d"], "")) or digits(found["d"])
    return f"{month}.{day}" if 1 <= int(month) <= 12 and int(day) <= 31 else found[0]


def _joined(found: re.Match[str]) -> str:
    fits = 1 <= int(found["m"]) <= 12 and 1 <= int(found["d"]) <= 31
    return f"{found['m']}.{found['d']}" if fits else found[0]


def _year(found: re.Match[str]) -> str:
    if found[3]:
        return {"さん": "2023年", "に": "2022年"}.get(found[3][7:], "2024年")
    return f"令和{1 if found[2] == 'がん' else _KANA[found[2]]}年"


def _one_year(found: re.Match[str]) -> str:
    """Keep one of two spellings of the same year; what does not agree stays as it is."""
    years = {_common_era(found["one"]), _common_era(found["other"])}
    return f"{found['one']}年" if len(years) == 1 else found[0]


def _common_era(year: str) -> int:
    number = int(re.sub(r"\D", "", year))
    return number + 2018 if number < 100 else number


def _slashed(found: re.Match[str]) -> str:
    first, second = kanji_number(found[1]), kanji_number(found[3])
    if first is None or second is None or not 1 <= first <= 12:
        return found[0]
    return f"{first}{found[2]}{second}"


def _western(found: re.Match[str]) -> str:
    return _western_text(found[3], _ENGLISH_MONTHS[found[1]], found[2])


def _western_text(year: str | None, month: int, day: str) -> str:
    return f"{year}年{month}月{day}日" if year else f"{month}月{day}日"
