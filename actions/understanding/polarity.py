"""Whether something is said to have happened, not to have happened, or is doubted."""

from __future__ import annotations

import re
from typing import Literal, Optional

Polarity = Literal["yes", "no", "doubted"]

#: After a verb's stem or its て: it did not happen.
_PARTICLES = r"(?:の?(?:手続き?|処理|申請|操作|登録))?(?:は|が|も|を|に|とか|なんか|なんて|まで|自体|すら|さえ|だけ)*"
_LIGHT_VERB = r"(?:(?:さ|れ)?(?:た|だ)?り(?:は|も|とか)?し|される|すること|した(?:こと|覚え)|し|され|でき|さ|せ|れ|行[っわ]|やっ|なっ)?"
NEGATED = (
    rf"(?:{_PARTICLES}{_LIGHT_VERB}(?:て|で)?(?:は|も|が)?(?:い|お|おり|き|おら)?"
    r"(?:な(?:い|か(?:っ|つ)|く|さそ|かろ|し(?!ま))|ず(?!っと|み)|ませ(?!ば)|まへ|ぬ(?=$|[。、ま])|ん(?=$|[。、でわよ]|かった|かっ))"
    rf"|た?のは(?:ぜろ|0|な)"
    rf"|{_PARTICLES}(?:な(?:い|し(?!ま)|かった|く)|ありませ|ございませ|まだ|未|失敗|だめ|無理)"
    rf"|(?:し|され|れ|い|り)?(?:た|る)?(?:わけ|訳|こと|ためし)(?:では|じゃ|でも|は|が|も)?(?:な|ありませ)"
    r"|(?:した|る|た|て(?:い)?る|てた|まり|り)?(?:の|ん)?(?:ちゃう(?!った)|(?:では|じゃ|や)(?:な(?:い(?!か|です(?:か|よね)|よね)|く|かった(?!です?か))|ありませ(?!んか|んでしたか))))"
)
#: After a verb: it was about to happen, or is only feared.
NOT_REAL = r"(?:そう(?:に|だっ|で(?:し)?た)|かけ(?:た|て)|(?:る|う)(?:ところ(?:だ|で)|前に|と(?:困|嫌|いや|思って|怖|こわ))|(?:た|れ)ら(?:困|嫌|いや|どう|怖|こわ))"
#: After a verb: the traveller does not know.
DOUBTED = re.compile(
    r"^[^。\n]{0,4}?っけ|^[^。\n]{0,6}\?$|^[^。\n]{0,8}?(?:(?<!と)か(?:も(?:しれ|$|。|です)|どうか|は?(?:わか|不明|確認|未確認|見て|覚え|忘れ|定か|知ら|調べ)|な(?:$|。|\?|あ|と)|$|。|、?(?:わか|覚え|確認))|気が(?:する|し(?:ま|て)|しな)|ような(?!の)|っぽい|らしい|疑い|可能性|恐れ|おそれ|はず(?!が|な)|(?:まし)?た?か\?)"
)


#: 引かれたと思ったら…, 引かれてないと店員に言われて…: what follows says how it really was.
_SAID_OR_THOUGHT = re.compile(
    r"(?:て)?(?:い)?(?:な(?:い|かった)|る|た)?(?:の|こと)(?:を|は)?確認(?:し|の)|(?:て)?(?:い)?(?:な(?:い|かった)|る|た)?はず(?:の|が|なのに|だったのに|だったが)|[^。\n]{0,8}?(?:か)?(?:と|って)(?:ばかり)?(?:思っ(?:た|て)|おもっ(?:た|て)|思い?きや|心配|勘違い|"
    r"[^。、\n]{0,8}?(?:に|から)(?:言われ|説明され|聞い|いわれ|教え)|言われ(?:たが|たけど|ました(?:が|けど)|て))(?!た[。\n]|ました[。\n]|た$|ました$)"
)


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
