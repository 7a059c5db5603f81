"""How much is left on the coupon: yen, some, or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Optional, Union

from .numerals import kanji_number
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


_DIGITS = r"\d{1,3}(?:[,，.、]\d{3})+|\d+(?:\.\d+)?"
_KANJI = r"[〇零一二三四五六七八九十百千万億兆壱弐参]"
_KANA_THOUSANDS = {
    "せん": "千", "にせん": "二千", "さんぜん": "三千", "さんせん": "三千", "よんせん": "四千", "ごせん": "五千",
    "ろくせん": "六千", "ななせん": "七千", "はっせん": "八千", "きゅうせん": "九千", "いちまん": "一万",
    "にまん": "二万", "さんまん": "三万",
}  # fmt: skip
_KANA_HUNDREDS = {
    "ひゃく": "百", "にひゃく": "二百", "さんびゃく": "三百", "よんひゃく": "四百", "ごひゃく": "五百",
    "ろっぴゃく": "六百", "ななひゃく": "七百", "はっぴゃく": "八百", "きゅうひゃく": "九百",
}  # fmt: skip
_KANA_TENS = {
    "ごじゅう": "五十",
    "じゅう": "十",
    "はちじゅう": "八十",
    "にじゅう": "二十",
    "さんじゅう": "三十",
}


def _longest(words: object) -> str:
    return "|".join(sorted(words, key=len, reverse=True))  # type: ignore[call-overload, no-any-return]


_KANA_AMOUNT = re.compile(
    rf"(?<![ぁ-ん])(?=[ぁ-ん])(?P<a>{_longest(_KANA_THOUSANDS)})?(?P<b>{_longest(_KANA_HUNDREDS)})?(?P<c>{_longest(_KANA_TENS)})?(?=えん|円)"
    rf"|(?<=[はがり、\s])(?P<a2>{_longest(_KANA_THOUSANDS)})(?P<b2>{_longest(_KANA_HUNDREDS)})?(?=えん|円)"
)
_NUMBER = rf"(?:(?:{_DIGITS})(?:{_KANJI}|\d)*|{_KANJI}+(?:\d+{_KANJI}*)*)"
_YEN = r"(?:円|えん|yen|jpy|-(?=$|\s|です))"
_AMOUNT = re.compile(
    rf"(?P<minus>まいなす|-(?=\d)|▲)?\s*(?P<mark>[¥])?\s*(?P<n>{_NUMBER})\s*(?P<yen>{_YEN})?(?P<left>分)?"
)
_NOT_MONEY = re.compile(
    r"[二三四五六七八九十\d]+分の[一二三四五六七八九\d]+|\d{1,2}\s*:\s*\d{2}|\d{1,4}\s*[年月日]\s*末?|\d{1,4}[/.-]\d{1,2}(?:[/.-]\d{1,4})?(?!\d)(?!\s*(?:円|えん|万|千))|[一二三四五六七八九十]+\s*[年月日](?!円)|"
    r"0\d{1,4}-\d{1,4}-\d{3,4}|0\d{9,10}|\d+\s*(?:枚|人|名|泊|回|度|時|分(?!残|の|く|ぐ|以)|秒|年|月|個|つ|冊|件|軒|店|本|%|ぱーせんと|割|日|番|号|弾|階|歳|才|杯|週間|ヶ月|か月)|[一二三四五六七八九十]+\s*(?:時|分|秒|年|月|日|枚|人|名|泊|回|度|個|つ|冊|件|店|本|割|番|部|応|度|切|旦|緒|番|部分|方)|"
    r"[二三四五六七八九十\d]+分の[一二三四五六七八九\d]+|[\d一二三四五六七八九]割|[1一](?:円|銭)(?:も|たりとも|すら|さえ)|(?:数|何|幾)[十百千万]+(?:円)?|十分|一部|一応|一切|一旦|一度|一緒|一番|万が一|万一|千葉|八幡|百貨店|三重|一関|二戸|五條|四万|九州|[二2]重|千円札|百均|一括|一銭|一文"
)
_EACH = re.compile(
    rf"(?P<n>{_NUMBER})\s*{_YEN}?\s*(?:の)?(?:くーぽん|券|分)?\s*(?:が|を|は|の|×|x|\*)?\s*(?P<count>\d+|[一二三四五六七八九十])\s*枚"
)
_FRACTION = re.compile(
    r"半分|半額|はんぶん|[三四五3-5]分の[一二三四1-4]|\d割|[一二三四五六七八九]割|(?:\d+|数)%|(?:数|何|幾)(?:十|百|千|万)円?|(?:数|何)円|幾らか|いくらか|いくらかは|少々|少し|すこし|ちょっと(?!待|まっ)|ちょこっと|ちょい|わずか|僅か|多少|端数|(?:けっこう|結構|かなり|たくさん|沢山|だいぶ|大分|ほとんど|殆ど|ほぼ|大半|大部分)(?:が|は)?(?:残|あ(?:り|る)|使って(?:い)?な|使え(?:な|ず))|いっぱい残"
)
_ALL_LEFT = re.compile(
    r"(?:全く|まったく|全然|一切|[1一]円も|1銭も|何も|少しも|一度も|1回も)[^。\n]{0,6}?(?:使って(?:は)?(?:い)?(?:な|ませ)|使わ(?:な|ず)|使え(?:て|な|ず|ませ)|手(?:を|も)?[付つ]け)|手を[付つ]けて(?:い)?(?:な|ませ)|(?:全額|全部|まるまる|丸々|まるごと|丸ごと|そっくり|満額|すべて|全て|ぜんぶ|まるっと|そのまま|まだ)(?:が|は|も)?[^。\n]{0,6}?(?:残|あ(?:り|る)(?!が)|使って(?:は)?(?:い)?(?:な|ませ)|使わ(?:な|ず)|使え(?:て|な|ず|ませ)|手(?:を)?付|手つかず|未使用)|手(?:付|つ)かず|未使用|満額|全額(?:です|$|。)|使って(?:は)?(?:い)?(?:な(?:い|かった)|ませ)|使わ(?:な(?:い|かった)|ず(?:じまい|に))|使え(?:て(?:い)?)?(?:な(?:い|か|く)|ず|ませ)|使いませ|使い(?:切れ|きれ)(?:て(?:い)?)?(?:な|ず|ませ)|使い(?:切|き)る前|使い(?:残|そび|損|忘)|使い切って(?:い)?(?:な|ませ)|使い切ら(?:な|ず)|無駄にな|残念ながら残"
)
_LEFT = re.compile(
    r"残(?:っ(?:て|た)|り(?:が|は|も)?(?:あり|ある|ます|まし)|る|額(?:が|は|も)?あ|高(?:が|は|も)?あ|した|しま|し(?:て|$)|存)|余(?:ら(?:せ|し)|っ(?:て|た)|り(?:が|は)?(?:あ|ま))|あま(?:っ(?:て|た)|り(?:が|は)?(?:あ|ま))|(?:^|[、。\s]|まだ|はい|1円以上|いくらか|多少)(?:は|が|も)?(?:あ(?:り(?:ます|まし)|る(?!の?か)|った))|1円以上|一円以上|ぜろ(?:円)?(?:では|じゃ)(?:な|あり)|0円?(?:では|じゃ)(?:な|あり)"
)
_NONE = re.compile(
    r"使い(?:切|き)(?:っ(?:た|ち|て(?:し|い(?:る|ま)|ま|た|る|$|、|。))|り(?:まし|ま)|れた|れまし|ってる)|使い(?:果た|終わ|終え)|(?:全部|全額|すべて|全て|ぜんぶ|残らず|きれいに|綺麗に|完全に|きれいさっぱり|さっぱり|最後まで|まるまる|きっちり|ぴったり|ちょうど|その(?:日|場)で|一度に|一気に|当日(?:に)?)(?:で|を|は|に|の)?[^。\n]{0,8}?(?:使っ(?:た|て(?!な|いな|ませ|いませ|も))|使いま(?:し|す)|使用し(?:た|ま)|利用し(?:た|ま)|消費|使え(?:た|まし)|なくな|消え)|"
    r"(?:残(?:高|額|り|金)?|余り|くーぽん|お金)(?:は|が|も|って)?(?:もう|もはや|まったく|全く|ぜんぜん|全然|特に|1円も|何も)*(?:な(?:い(?!か|と思)|し|かっ|く|いです)|ありませ(?!んか)|ぜろ(?!円?(?:では|じゃ))|ございませ|0(?:円(?!では|じゃ)|$|です|。)|零|から(?:っぽ|です)|空|すっからかん)|残(?:って|り)(?:は|も)?(?:い|おり)?(?:な(?:い(?!か)|かっ|く)|ませ(?!んか))|残ら(?:な|ず)|余(?:って|ら)(?:は|い)?(?:な|ず|ませ)|(?:^|[、。\s])(?:な(?:し|い(?:です|$|。|よ|わ|ね))|ありませ(?:ん)?(?:でした)?|無$)|からっぽ|空っぽ|(?:^|もう|は|[、。])空(?:です|だ|$|に)|すっからかん|ぜろ(?!では|じゃ|か)|零円|使い切り|完済|1円も(?:な|残)|一円も(?:な|残)|(?:もう|既に|すでに|とっくに)(?:な(?:い|か)|ありませ)|な(?:くなりまし|くなった|くなって)"
)
_UNUSED_CONTEXT = re.compile(
    r"障害(?:で|の(?:せい|ため|とき|時|日)|中)|(?:24|25)日|あの日|その(?:とき|時|日)|当日|夜は|れじで|お店で|店で|決済が"
)
_APPROXIMATE = re.compile(r"^\s*(?:以下|未満|いか|みまん|を?切る|に満たな|もな)")
_AT_LEAST = re.compile(r"^\s*(?:以上|超|より(?:多|上)|を?超え|こえ)")
_HEDGED = re.compile(r"(?:か|または|又は|もしくは|or)$")
_DENIED_AFTER = re.compile(
    r"^\s*(?:分|ほど|くらい)?\s*(?:(?:では|じゃ|や)(?:な(?:く|い(?!か|です(?:か|よね)))|ありませ(?!んか))|は?(?:違[いうっ]|ちが[いうっ]|間違(?!いな)))"
)
_SUPERSEDED_AFTER = re.compile(
    r"^[^。\n]{0,6}?(?:(?:か)?と(?:ばかり)?(?:思(?!い?ます|う$)|勘違)|(?:と|って)(?:言|い|書|答|入力|伝|送|押)[^。\n]{0,8}?(?:けど|が|のは)|のはず(?:が|だった)|[、。\s]*(?:いや|いえ|違|ちがう|あ、|じゃなく|訂正|間違|やっぱ|もとい|正しく|本当は|→|⇒|->))"
)
_USED_AFTER = re.compile(
    r"^\s*(?:ほど|くらい|ぐらい|分|だけ|しか)?(?:を|は|も|が|、|の(?:買い物|支払い|会計|お土産|商品|もの|弁当))?[^。、\n]{0,6}?(?:使(?:っ(?:た|て(?!な|いな|ませ|いませ))|いまし|用し|い(?!切|き|残))|払|引かれ|引き落|消費|減っ|利用し|買(?:った|い|って)|決済さ|取られ|しました)"
)
_LEFT_AFTER = re.compile(
    r"^\s*(?:ほど|くらい|ぐらい|分|ちょっと|弱|強|ちょい|近く|前後|だけ|も|が|は|、|程度|ぐらいは|くらいは)*(?:残|余|あま|のこ|使え(?:な|ず|て(?:い)?な|ませ)|使(?:って(?:い)?(?:な|ませ)|わ(?:な|ず))|未使用|手つかず|ある|あり|無駄|浮い|left|持って)"
)
_LEFT_BEFORE = re.compile(
    r"(?:残(?:高|額|り|金|っ(?:て(?:い)?(?:る|た)|た)?(?:の|お金|金額|分))?|余り|余った(?:の|分)|のこり|あと|balance|left|未使用(?:分|額)?|使(?:えなかった|ってない|わなかった)(?:の|分|額|金額))(?:が|は|も|で|額|金額|:|,|、|\s|まだ|約|およそ|だいたい|大体|たぶん|多分|たしか|確か|=|って|として|の(?:金額|額))*$"
)
_TOTAL_AFTER = re.compile(
    r"^\s*(?:分)?(?:の|を|も|が)?(?:うち|内|中(?:の)?|くーぽん|券|額面|もら[っいう]|頂|いただ|受け取|配布|付与|から(?=[^。\n]{0,8}?(?:引|使|減|払))|ちゃーじ|分(?:もら|の|チ))"
)
_TOTAL_BEFORE = re.compile(
    r"(?:額面|合計|全部で|もらった(?:の|くーぽん|額|金額)?|元(?:々|は|の)|最初(?:は|の)|ちゃーじ(?:額|した)|総額|当初|発行額)(?:が|は|:|、|\s)*$"
)


#: A message with at most this many letters and digits can be a bare number of yen.
_ALONE = 16


#: The message itself speaks of what is left on the coupon.
_STATED = re.compile(
    r"残(?:高|額|金|り(?!の(?:紙|1枚)))|余っ|使い(?:切|き)|(?:くーぽん|ぽいんと)(?:は|が|も)?(?:まだ|全部|少し)?(?:残|余)|"
    r"円[^。、\n]{0,6}?(?:残|余)|(?:残|余)[^。、\n]{0,4}?円|(?:全部|全額|まるまる|半分|少し)[^。、\n]{0,2}?(?:残|余|使っ(?:た|て(?:し|い(?:ま|る)))|使いまし)"
)
_UNSURE = re.compile(
    r"(?:残|余)[^。\n]{0,8}?か(?:どうか|は?(?:わか|不明|覚え|確認)|も(?:しれ|$|。|です|な)|な(?:$|。|\?|あ|と))|(?:残|余)[^。\n]{0,12}?(?:自信|気がする|ような)"
)


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
    text = _KANA_AMOUNT.sub(_kana_to_kanji, plain)
    rest = _NOT_MONEY.sub(lambda found: "\0" * len(found[0]), text)
    found = []
    alone = len(re.sub(r"[^\w]", "", rest)) <= _ALONE
    for match in _AMOUNT.finditer(rest):
        yen = _to_yen(match["n"])
        if yen is None:
            continue
        marked = bool(match["yen"] or match["mark"]) or bool(re.search(r"[千万百]", match["n"]))
        if not marked and not alone and not _LEFT_BEFORE.search(rest[: match.start()]):
            continue  # a number in a story is not money
        found.append(
            _Amount(match.start(), match.end(), yen, match[0].strip(), marked, bool(match["minus"]))
        )
    return found


def _kana_to_kanji(found: re.Match[str]) -> str:
    parts = (
        _KANA_THOUSANDS.get(found["a"] or found["a2"] or ""),
        _KANA_HUNDREDS.get(found["b"] or found["b2"] or ""),
        _KANA_TENS.get(found["c"] or ""),
    )
    return "".join(part for part in parts if part) or found[0]


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


def read_balance(plain: str, canonical: str, *, asked: bool) -> Optional[BalanceReading]:
    """Return what a message says is left, or ``None`` when it says nothing of it.

    Args:
        plain: normalised text.
        canonical: the same with variants written one way.
        asked: whether the balance is the pending question; bare numbers and はい count then.
    """
    text = _KANA_AMOUNT.sub(_kana_to_kanji, canonical)
    each = _EACH.search(text)
    amounts = [a for a in amounts_in(canonical) if a.marked or asked]
    if each:
        unit = _to_yen(each["n"])
        count = int(each["count"]) if each["count"].isdigit() else kanji_number(each["count"])
        if unit and count and unit >= 100:
            amounts = [_Amount(each.start(), each.end(), unit * count, each[0], True, False)]
    stated = bool(_STATED.search(canonical))
    if _UNSURE.search(canonical):
        return BalanceReading(reason="unsure", candidates=("some", 0), stated=stated)
    reading = _from_amounts(text, amounts) if amounts else None
    if reading is not None:
        return BalanceReading(
            reading.value, reading.reason, reading.text, reading.candidates, stated
        )
    none = bool(_NONE.search(canonical))
    left = bool(_LEFT.search(_NONE.sub("\0", canonical)) or _FRACTION.search(canonical))
    unused = bool(_ALL_LEFT.search(canonical))
    if none and not left and not unused:
        return BalanceReading(0, text="0円", stated=stated)
    if none and (left or unused):
        if re.search(r"使い(?:切|き)(?:れ|って(?:い)?(?:な|ませ)|ら)", canonical) and not amounts:
            return BalanceReading("some", stated=stated)
        return BalanceReading(reason="ambiguous", candidates=("some", 0), stated=stated)
    if left or (unused and asked):
        return BalanceReading("some", stated=stated)
    return None


def _from_amounts(text: str, amounts: list[_Amount]) -> Optional[BalanceReading]:
    """Pick the sum that is left: said to be so, or the only one not said to be something else."""
    left, used, total, open_to = [], [], [], []
    for index, amount in enumerate(amounts):
        before = text[amounts[index - 1].end if index else 0 : amount.start]
        after = text[
            amount.end : amounts[index + 1].start if index + 1 < len(amounts) else len(text)
        ]
        if _DENIED_AFTER.match(after) and len(amounts) > 1:
            continue
        if index + 1 < len(amounts) and _SUPERSEDED_AFTER.match(after):
            continue
        if amount.negative:
            return BalanceReading(reason="impossible", text=amount.text, candidates=("some", 0))
        if _LEFT_AFTER.match(after) or _LEFT_BEFORE.search(before):
            left.append((amount, after))
        elif (
            _TOTAL_BEFORE.search(before)
            or _TOTAL_AFTER.match(after)
            or (after.strip() == "から" and len(amounts) > index + 2)
        ):
            total.append((amount, after))
        elif _USED_AFTER.match(after):
            used.append((amount, after))
        else:
            open_to.append((amount, after))
    chosen = left or open_to
    if not chosen:
        if (
            total
            and not used
            and re.search(
                r"使い(?:切|き)(?:っ(?:た|て(?:し|い(?:る|ま)))|りまし)|全(?:部|額)使(?:った|いまし)",
                text,
            )
        ):
            return BalanceReading(0, text="0円")
        if total and used and len(total) == 1 and len(used) == 1:
            rest = total[0][0].yen - used[0][0].yen
            if rest >= 0:
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
            value = "some" if fraction else total[0][0].yen
            return BalanceReading(value, text=total[0][0].text)
        if total and not used and _FRACTION.search(text):
            return BalanceReading("some", text=total[0][0].text)
        return BalanceReading(
            reason="incomplete", text=(total or used)[0][0].text, candidates=("some", 0)
        )
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
