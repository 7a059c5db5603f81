"""How much is left on the coupon: yen, some, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Optional, Union

from .leads import without_lead
from .numerals import contract_numerals_plain, digits_together, kanji_number
from .patterns import pattern
from .understood import Reason

#: No traveller of this programme held more on one coupon; larger numbers are something else.
LARGEST = 500_000


@dataclass(frozen=True)
class BalanceReading:
    """What is left (yen or ``"some"``), or why it cannot be taken.

    ``stated`` says that the message itself speaks of what is left (残り, 残高, 円), so that it
    counts at other questions as well.
    """

    value: Union[int, Literal["some"], None] = None
    reason: Optional[Reason] = None
    text: str = ""
    candidates: tuple[Union[int, Literal["some"]], ...] = ()
    stated: bool = False


_KANA_TEN_THOUSANDS = {
    "いちまん": "一万", "にまん": "二万", "さんまん": "三万", "よんまん": "四万",
    "ごまん": "五万", "まん": "一万",
}  # fmt: skip
_KANA_THOUSANDS = {
    "せん": "千", "いっせん": "千", "にせん": "二千", "さんぜん": "三千", "さんせん": "三千",
    "よんせん": "四千", "ごせん": "五千", "ろくせん": "六千", "ななせん": "七千",
    "はっせん": "八千", "きゅうせん": "九千",
}  # fmt: skip
_KANA_HUNDREDS = {
    "ひゃく": "百", "にひゃく": "二百", "さんびゃく": "三百", "よんひゃく": "四百",
    "ごひゃく": "五百", "ろっぴゃく": "六百", "ななひゃく": "七百", "はっぴゃく": "八百",
    "きゅうひゃく": "九百",
}  # fmt: skip
_KANA_TENS = {
    "じゅう": "十", "にじゅう": "二十", "さんじゅう": "三十", "よんじゅう": "四十",
    "ごじゅう": "五十", "ろくじゅう": "六十", "ななじゅう": "七十", "はちじゅう": "八十",
    "きゅうじゅう": "九十",
}  # fmt: skip
_KANA = {**_KANA_TEN_THOUSANDS, **_KANA_THOUSANDS, **_KANA_HUNDREDS, **_KANA_TENS}


def _longest(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_SUM_IN_KANA = (
    rf"(?:{_longest(_KANA_TEN_THOUSANDS)})?(?:{_longest(_KANA_THOUSANDS)})?"
    rf"(?:{_longest(_KANA_HUNDREDS)})?(?:{_longest(_KANA_TENS)})?"
)
#: A sum in kana: before 円 wherever a word begins, else only as the whole message.
_KANA_AMOUNT = re.compile(
    rf"(?:(?<![ぁ-ん])|(?<=[はがりとらもでにをー]))(?=[ぁ-ん])(?P<yen>{_SUM_IN_KANA})(?=えん|円)"
    rf"|^(?P<alone>(?!せん$|まん$|じゅう){_SUM_IN_KANA})(?=$|です|でした|だよ?$|。|くらい|ぐらい|のこ|残)"
)
_KANA_UNIT = re.compile(_longest(_KANA))
_AMOUNT = pattern("amounts", "amount")
_SAID_IN_TWO = pattern("amounts", "said_in_two")
#: 2000円と300円残って: two coupons, one sum.
_AND = pattern("amounts", "and")
#: 1000使った残り: what is left of exactly these.
_REST_OF = pattern("amounts", "rest_of")
#: A number of three digits or more that something was done with is money in a story as well.
_HANDLED_AFTER = pattern("amounts", "handled_after")
_NOT_MONEY = pattern("amounts", "not_money")
_EACH = pattern("amounts", "each")
_FRACTION = pattern("amounts", "fraction")
_ALL_LEFT = pattern("amounts", "all_left")
_LEFT = pattern("amounts", "left")
_NONE = pattern("amounts", "none")
_DENIED_CLAUSE = pattern("amounts", "denied_clause")
_OTHER_THINGS = pattern("amounts", "other_things")
_ABOUT_A_SHARE = pattern("amounts", "about_a_share")
_SORRY = pattern("amounts", "sorry")
_WAS_MEANT = pattern("amounts", "was_meant")
_WHICH = pattern("amounts", "which")
_APPROXIMATE = re.compile(
    r"^\s*(?:以下|未満|いか|みまん|に(?:は|も)?(?:届か|満た|足り)|を?切る|に満たな|もな)"
)
_AT_LEAST = re.compile(r"^\s*(?:以上|超|より(?:多|上)|を?超え|こえ)")
_DENIED_AFTER = pattern("amounts", "denied_after")
_SUPERSEDED_AFTER = pattern("amounts", "superseded_after")
_PRICE_BEFORE = pattern("amounts", "price_before")
_REPAIR = pattern("repairs", "repair")
_WANTED_AFTER = pattern("amounts", "wanted_after")
_BEGGING = pattern("amounts", "begging")
_SUM_BEFORE = pattern("amounts", "sum_before")
_NOT_NONE = pattern("amounts", "not_none")
_NOT_LEFT = pattern("amounts", "not_left")
_TOLD_BEFORE = pattern("amounts", "told_before")
#: 残ってないことはない: two denials.
_TAKEN_BACK_NONE = pattern("amounts", "taken_back_none")
_WAS_LEFT = pattern("amounts", "was_left")
_NOTHING_NOW = pattern("amounts", "nothing_now")
_USED_AFTER = pattern("amounts", "used_after")
_LEFT_AFTER = pattern("amounts", "left_after")
_LEFT_BEFORE = pattern("amounts", "left_before")
_TOTAL_AFTER = pattern("amounts", "total_after")
_TOTAL_BEFORE = pattern("amounts", "total_before")


#: A message with at most this many letters and digits can be a bare number of yen.
_ALONE = 16


#: The message itself speaks of what is left on the coupon.
_STATED = pattern("amounts", "stated")
_UNSURE = pattern("amounts", "unsure")


@dataclass(frozen=True)
class _Amount:
    start: int
    end: int
    yen: int
    text: str
    marked: bool
    negative: bool


def amounts_in(plain: str) -> list[_Amount]:
    """Return the sums of money in a message: with 円 or ¥, or a bare number."""
    text = _prepared(plain)
    rest = _NOT_MONEY.sub(lambda found: "\0" * len(found[0]), text)
    found = []
    alone = len(re.sub(r"[^\w]", "", rest)) <= _ALONE
    for match in _AMOUNT.finditer(rest):
        yen = _to_yen(match["n"])
        if yen is None:
            continue
        marked = bool(match["yen"] or match["mark"]) or bool(re.search(r"[千万百]", match["n"]))
        handled = yen >= 100 and _HANDLED_AFTER.match(rest[match.end() :])
        if not (marked or alone or handled or _LEFT_BEFORE.search(rest[: match.start()])):
            continue  # a number in a story is not money
        found.append(
            _Amount(match.start(), match.end(), yen, match[0].strip(), marked, bool(match["minus"]))
        )
    return found


def amount_spans(plain: str) -> tuple[str, list[tuple[int, int]]]:
    """Return normalised text with its sums written one way, and where those with a mark stand."""
    return _prepared(plain), [(a.start, a.end) for a in amounts_in(plain) if a.marked]


def _prepared(text: str) -> str:
    """Write the sums of a message one way: 2 0 0 0 円, 壱萬円, にせんえん, 4k."""
    text = re.sub(r"(?<=\d)\s*えん(?![ぁ-ん])", "円", digits_together(text))
    text = contract_numerals_plain(re.sub(r"(?<=\d)\s*まん", "万", text))
    text = re.sub(
        r"(?<![\d.a-z])(\d{1,2})(?:\.(\d))?k(?![a-z])",
        lambda found: f"{found[1]}{found[2] or '0'}00円",
        text,
    )
    text = re.sub(r"(?:jpy|￥|\\)\s*(?=\d)", "¥", text)
    text = re.sub(
        r"(?<=[千百万])(?:円)?\s*(?:飛んで|とんで)\s*(?=[\d一二三四五六七八九十])", "と", text
    )
    text = _SAID_IN_TWO.sub(_in_one, text)
    return _KANA_AMOUNT.sub(_kana_to_kanji, text)


def _in_one(found: re.Match[str]) -> str:
    """Write a sum said in two numbers as one: 1万と500円 → 10500円."""
    high, low = _to_yen(found["high"]), _to_yen(found["low"])
    if high is None or low is None or low >= (10000 if found["unit"] == "万" else 1000):
        return found[0]
    return f"{high + low}円"


def _kana_to_kanji(found: re.Match[str]) -> str:
    kana: str = found["yen"] or found["alone"] or ""
    if not kana:
        return found[0]
    kanji = _KANA_UNIT.sub(lambda unit: _KANA[unit[0]], kana)
    return f"{kanji}円" if found["alone"] else kanji


def _to_yen(number: str) -> Optional[int]:
    plain = re.sub(r"[,，、](?=\d{3})", "", number)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", plain):
        plain = plain.replace(".", "")  # 1.500円: the mark is a slip for the comma
    scaled = re.fullmatch(r"(\d+)\.(\d+)(千|万)", plain)
    if scaled:
        unit = 1000 if scaled[3] == "千" else 10000
        return round(float(f"{scaled[1]}.{scaled[2]}") * unit)
    if re.fullmatch(r"\d+", plain):
        return int(plain)
    if re.fullmatch(r"\d+\.\d+", plain):
        return None
    try:
        return kanji_number(plain)
    except OverflowError:
        return None


def _by_the_sheet(text: str, amounts: list[_Amount]) -> list[_Amount]:
    """Return the sum of coupons told by the sheet (2000円が2枚と1000円が1枚), or the amounts."""
    sheets = list(_EACH.finditer(text))
    total = 0
    for sheet in sheets:
        unit = _to_yen(sheet["n"])
        count = int(sheet["count"]) if sheet["count"].isdigit() else kanji_number(sheet["count"])
        if not unit or not count or unit < 100:
            return amounts
        total += unit * count
    first, last = sheets[0], sheets[-1]
    if text.startswith("ずつ", last.end()) and len(sheets) == 1:
        before = [amount for amount in amounts if amount.end <= first.start()]
        count = int(last["count"]) if last["count"].isdigit() else kanji_number(last["count"]) or 1
        total += count * sum(amount.yen for amount in before)
    elif any(
        a.yen != total and not any(s.start() <= a.start < s.end() for s in sheets) for a in amounts
    ):
        return amounts
    whole = text[first.start() : last.end()]
    return [_Amount(first.start(), last.end(), total, whole, True, False)]


def replaces_a_sum(canonical: str) -> bool:
    """Say whether a message takes back a sum told before for another: さっき2000円と言いましたが…

    Args:
        canonical: normalised text with variants written one way.
    """
    return bool(_TOLD_BEFORE.search(canonical))


def read_balance(plain: str, canonical: str, *, asked: bool) -> Optional[BalanceReading]:
    """Return what a message says is left, or ``None`` when it says nothing of it.

    Args:
        plain: normalised text.
        canonical: the same with variants written one way.
        asked: whether the balance is the pending question; bare numbers and はい count then.
    """
    if _BEGGING.search(plain) and not _STATED.search(canonical):
        return None  # お金貸してくれませんか？5000円でいいので
    canonical = without_lead(canonical, _OTHER_THINGS, "。、\n")
    rest = without_lead(canonical, _DENIED_CLAUSE, "。、\n")
    if rest != canonical:
        reading = read_balance(plain, rest, asked=asked)
        if reading is not None and reading.value is not None:
            return reading
    text = _prepared(canonical)
    each = _EACH.search(text) is not None
    amounts = [a for a in amounts_in(canonical) if a.marked or asked]
    if each:
        amounts = _by_the_sheet(text, amounts)
    stated = bool(_STATED.search(canonical))
    if _ABOUT_A_SHARE.search(canonical) and asked and not amounts:
        return BalanceReading("some", stated=stated)  # 半分くらい残ってたかな
    if _UNSURE.search(canonical):
        return BalanceReading(reason="unsure", candidates=("some", 0), stated=stated)
    if asked and _TAKEN_BACK_NONE.search(canonical) and not amounts:
        return BalanceReading("some", stated=stated)
    if asked and amounts and _NOTHING_NOW.search(text):
        return BalanceReading(0, text="0円", stated=stated)
    if _WHICH.search(plain) and len({amount.yen for amount in amounts}) > 1:
        sums = tuple(dict.fromkeys(amount.yen for amount in amounts))[:4]
        return BalanceReading(  # 五千円…いや三千円？どっちだろ
            reason="ambiguous", text="、".join(a.text for a in amounts), candidates=sums
        )
    reading = _from_amounts(text, amounts) if amounts else None
    if reading is not None:
        return BalanceReading(
            reading.value, reading.reason, reading.text, reading.candidates, stated
        )
    if asked and _NOT_NONE.search(canonical):
        return BalanceReading("some", stated=stated)
    if asked and _NOT_LEFT.search(canonical):
        return BalanceReading(0, text="0円", stated=stated)
    none = bool(_NONE.search(canonical))
    told = _WAS_LEFT.sub("\0", canonical) if none else canonical
    left = bool(_LEFT.search(_NONE.sub("\0", told)) or _FRACTION.search(told))
    unused = bool(_ALL_LEFT.search(told))
    if none and not left and not unused:
        return BalanceReading(0, text="0円", stated=stated)
    if none and (left or unused):
        if re.search(r"使い(?:切|き)(?:れ|って(?:い)?(?:な|ませ)|ら)", canonical) and not amounts:
            return BalanceReading("some", stated=stated)
        return BalanceReading(reason="ambiguous", candidates=("some", 0), stated=stated)
    if left or (unused and asked):
        return BalanceReading("some", stated=stated)
    return None


def _place_of(amount: tuple[_Amount, str]) -> int:
    return amount[0].start


def _added(others: list[tuple[_Amount, str]], last: _Amount) -> _Amount:
    """Return the sum of coupons told one by one."""
    yen = last.yen + sum(amount.yen for amount, _ in others)
    text = "、".join([*(amount.text for amount, _ in others), last.text])
    return _Amount(others[0][0].start, last.end, yen, text, True, False)


def _from_the_rest(
    text: str, total: list[tuple[_Amount, str]], used: list[tuple[_Amount, str]]
) -> BalanceReading:
    """Read what is left where only what was received or spent is told."""
    if (
        total
        and not used
        and re.search(
            r"使い(?:切|き)(?:っ(?:た|て(?:し|い(?:る|ま)))|りまし)|全(?:部|額)使(?:った|いまし)",
            text,
        )
    ):
        return BalanceReading(0, text="0円")
    if total and used and len(total) == 1:
        out_of = re.match(r"\s*(?:分)?の?(?:うち|内|中)(?!訳)", total[0][1])  # 5000円のうち3000円
        rest = total[0][0].yen - sum(amount.yen for amount, _ in used)
        if rest >= 0 and (out_of or _REST_OF.search(text)):
            return BalanceReading(rest, text=f"{rest}円")
        if rest >= 0 and len(used) == 1:
            return BalanceReading(reason="ambiguous", text=total[0][0].text, candidates=(rest,))
    if (
        total
        and not used
        and re.search(
            r"使(?:って(?:い)?(?:な|ませ)|わ(?:な|ず)|え(?:な|ず|ませ|て(?:い)?な))|残|そのまま|手つかず|余",
            text,
        )
    ):
        fraction = _FRACTION.search(text)
        if fraction:
            return BalanceReading("some", text=total[0][0].text)
        return BalanceReading(total[0][0].yen, text=total[0][0].text)
    if total and not used and _FRACTION.search(text):
        return BalanceReading("some", text=total[0][0].text)
    return BalanceReading(
        reason="incomplete", text=(total or used)[0][0].text, candidates=("some", 0)
    )


def _from_amounts(text: str, amounts: list[_Amount]) -> Optional[BalanceReading]:
    """Pick the sum that is left: said to be so, or the only one not said to be something else."""
    left: list[tuple[_Amount, str]] = []
    used: list[tuple[_Amount, str]] = []
    total: list[tuple[_Amount, str]] = []
    open_to: list[tuple[_Amount, str]] = []
    for index, amount in enumerate(amounts):
        before = text[amounts[index - 1].end if index else 0 : amount.start]
        after = text[
            amount.end : amounts[index + 1].start if index + 1 < len(amounts) else len(text)
        ]
        if _DENIED_AFTER.match(after) and len(amounts) > 1:
            continue
        follower = amounts[index + 1] if index + 1 < len(amounts) else None
        taken_back = bool(_SUPERSEDED_AFTER.match(after) or _REPAIR.search(after))
        if follower and _SORRY.search(after) and _WAS_MEANT.match(text[follower.end :]):
            taken_back = True  # 1000円…すみません、1500円の間違いでした
        if follower and taken_back:
            continue
        if _WANTED_AFTER.match(after):
            return BalanceReading(reason="incomplete", text=amount.text, candidates=("some", 0))
        if amount.negative:
            return BalanceReading(reason="impossible", text=amount.text, candidates=("some", 0))
        if _LEFT_AFTER.match(after) or _LEFT_BEFORE.search(before):
            if left == [] and len(open_to) == index and _AND.fullmatch(before) and open_to:
                left, open_to = [(_added(open_to, amount), after)], []
                continue
            left.append((amount, after))
        elif index and not used and not _TOTAL_AFTER.match(after) and _SUM_BEFORE.search(before):
            open_to.append((amount, after))  # もう1枚見つけたので合計5000円
        elif (
            _TOTAL_BEFORE.search(before)
            or _TOTAL_AFTER.match(after)
            or (after.strip() == "から" and len(amounts) > index + 2)
        ):
            total.append((amount, after))
        elif _USED_AFTER.match(after) or _PRICE_BEFORE.search(before):
            used.append((amount, after))
        else:
            open_to.append((amount, after))
    if total and used:
        # もらって、お昼に2000円、お土産に1500円使った: spent as well, unless said to be left
        last = used[-1][0].start
        used = sorted([*used, *(o for o in open_to if o[0].start < last)], key=_place_of)
        open_to = [o for o in open_to if o[0].start > last]
    sums = [(a, after) for a, after in (*left, *open_to) if _SUM_BEFORE.search(text[: a.start])]
    chosen = sums or left or open_to
    if not chosen:
        return _from_the_rest(text, total, used)
    values = {amount.yen for amount, _ in chosen}
    amount, after = chosen[-1]
    if len(values) > 1:
        candidates = tuple(dict.fromkeys(a.yen for a, _ in chosen))[:4]
        return BalanceReading(
            reason="ambiguous", text="、".join(a.text for a, _ in chosen), candidates=candidates
        )
    if amount.yen > LARGEST:
        return BalanceReading(reason="outside", text=amount.text, candidates=("some", 0))
    if _APPROXIMATE.match(after) and amount.yen > 1:
        return BalanceReading(reason="ambiguous", text=amount.text, candidates=("some", 0))
    if _APPROXIMATE.match(after):
        return BalanceReading(0, text=amount.text)
    if _AT_LEAST.match(after):
        return BalanceReading("some", text=amount.text)
    if re.match(r"\s*(?:では|じゃ)(?:な(?!いか|いです(?:か|よね))|ありませ(?!んか))", after):
        if amount.yen == 0:
            return BalanceReading("some", text=amount.text)
        return BalanceReading(reason="incomplete", text=amount.text, candidates=("some", 0))
    if (
        re.match(
            r"\s*(?:か(?:も|どうか|な?(?:わか|覚え|忘))|(?:だった)?(?:か)?(?:は)?(?:わからな|覚えて(?:い)?な))",
            after,
        )
        and not left
    ):
        return BalanceReading(reason="unsure", text=amount.text, candidates=(amount.yen,))
    return BalanceReading(amount.yen, text=amount.text)
