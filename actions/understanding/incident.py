"""What happened at the till, in people's words: who paid what, what was deducted, what was not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

from .polarity import Polarity, last_polarity


@dataclass(frozen=True)
class IncidentReading:
    """An incident the words settle (``value``), or the ones they leave open (``candidates``).

    Both empty: the words settle nothing, and the classifier may; it may also choose among the
    candidates, unless the traveller doubts (``doubted``).
    """

    value: Optional[str] = None
    candidates: tuple[str, ...] = ()
    doubted: bool = False


_PAY = r"(?:払[いっうわえ]|会計|精算|支出|決済|購入|買[いっうわ]|立て替え|済ま|すま|出し(?!て(?:も|み))|渡[しさ]|使[っい])"
_OTHER_MEANS = (
    r"(?:現金|かーど(?!りーだー|決済が(?:でき|使え))|自腹|自費|実費|ぽけっとまねー|立て替え|ぺいぺい|d払い|楽天ぺい|あうぺい|aupay|らいんぺい|めるぺい|電子まねー|"
    r"すいか|suica|pasmo|icoca|いこか|ぱすも|ななこ|nanaco|わおん|waon|えでぃ|edy|きゃっしゅれす|qr決済|ばーこーど決済|おさいふ|財布|小銭|お札|千円札|1万円札|一万円札|"
    r"他の(?:支払|方法|手段|払い|かーど|もの|やつ)|(?:ほか|別)の(?:支払|方法|手段|払い|かーど|もの|やつ)|別(?:の|で|途|に)(?=[^。\n]{0,8}払)|自分の(?:お)?(?:金|財布)|(?:お)?金(?=[をで](?:払|出))|(?:お)?金は払|代金(?=を|は)|全額(?=払|自分|現金)|商品券)"
)
_PAID_OTHERWISE = re.compile(
    rf"{_OTHER_MEANS}[^。\n]{{0,14}}?{_PAY}|{_OTHER_MEANS}(?:で|を|に(?:し|変え|切り替え))|払(?:い|った)(?:は|の?は)[^。\n]{{0,4}}{_OTHER_MEANS}"
    rf"|自腹|立て替え|実費|(?:払え|使え)(?:ず|なく(?:て)?|ない(?:ので|から)?)[^。\n]{{0,4}}?現金"
)
_SOMETHING_ELSE = re.compile(
    r"選択肢(?:に|の中に)(?:は)?な|(?:上記|これ)以外|これら?と(?:は)?違|(?:あて|当て)はまる(?:もの|の|選択肢|項目)?(?:が|は|も)?(?:な|あり)|どれとも違|(?:自分|私|うち)の(?:じゃ|では)ない(?:決済|引き落|履歴|払い)|^(?:はい、?)?(?:それ以外|その他|そのほか|別の|他の|ほかの|違う|どれにも(?:当てはま|該当し)(?:らな|りませ|な|ませ)(?:い|くて|ん)?|どれでもな(?:い|くて))[、。]?(?:の)?(?:支払い?|払い|別の|他の)?(?:の)?(?:とらぶる|問題|こと|件|不具合|もの|やつ|です|$)"
)
_TWO_SUMS = re.compile(
    r"(\d[\d,]*)円?(?:の|分の)?(?:買い物|会計|商品|もの|払い|お土産|食事|品|代金|はず|だった|のところ)?[^。\n\d]{0,8}?(?:なのに|のに|はずが|はずなのに|が|ところ|けど|だけど)、?[^。\n\d]{0,10}?(\d[\d,]*)円?(?:も|しか|が|分|で)?(?:引か|決済|引き落|請求|減|取ら|落)"
)
_BOTH_TAKEN = re.compile(
    rf"{_OTHER_MEANS}(?:と|も)(?:くーぽん|残高|あぷり)(?:と|も|の)?(?:両方|りょうほう|どっちも|どちらも|2つ)?|(?:くーぽん|残高|あぷり)(?:と|も){_OTHER_MEANS}(?:も|の?両方|の?どっちも|の?どちらも)"
)
_NOT_PAID_OTHERWISE = re.compile(
    rf"{_OTHER_MEANS}(?:で)?(?:は|も)?[^。、\n]{{0,8}}?(?:払(?:って(?:は)?(?:い)?(?:な|ませ)|わ(?:な|ず)|いませ)|使って(?:い)?な|ではな|じゃな)"
)
_DEDUCTED = re.compile(
    r"(?:くーぽん|残高|あぷり)(?:から|で)?(?:も)?[^。、\n]{0,4}?払われ|引かれ|引き落し(?=(?:が|も|に|を|は|と)?(?:さ|し|済|あ|なっ|な|$|。|行|完了|され))|引き落(?=と)|差し引(?:か|き)|減[っら](?!額)|減額|減少|減(?=$|。|、)|切られ|(?:決済|払い)(?:は|が|も)?(?:実は|実際は)?通って|(?:利用|使用|決済|引き落し|支払い|払い)(?:の)?履歴(?=が|は|も|に)|払った(?:こと|形)に|目減り|(?:決済|払い|処理)(?:が|は|も)?(?:実は|実際は|ちゃんと)?され|引き去|"
    r"(?:残高|残額|くーぽん|ぽいんと|金額|あぷり(?!が落ち|が消え)|残り|分)(?:が|も|は|から|だけ|の(?:方|ほう)(?:も|が|から)|まで)*(?:も|が|は)?(?:勝手に|なぜか|同時に|一緒に|しっかり|ちゃんと|全部|全額|同じ額|いつの間にか)*(?:落ち(?=て|た|ま)|落とさ|消え|なくなっ|取られ|使われ|使用され|消費され|決済され|請求され|ぜろに|0(?:円)?に|決済完了|決済済|払い済|使用済|まいなす|持って(?:い)?かれ|抜かれ|ぬかれ|課金|使った(?:こと|扱い)|払われ|払い済)|"
    r"取られ|決済完了|決済済|持って(?:い)?かれ|抜かれて|落とされ|課金され|(?:決済|払い)(?:は|が|も|だけ)(?:完了し|成立し|済ん|通って|されて|終わって)|(?<!二重)(?<!回)請求され|使った(?:こと|扱い)に"
)
_BALANCE_KEPT = re.compile(
    r"(?:残高|残額|くーぽん|金額|残り)(?:は|も|が)?(?:全く|まったく|全然|特に|1円も)*(?:変わ(?:ら|って(?:い)?(?:な|ませ)|りな|っていま)|そのまま|無事|元のまま|もとのまま|手付かず|丸々|まるまる|残っ(?:た|て|と)|減る)|"
    r"(?:変わって|動いて)(?:い)?(?:な|ませ)|変わ(?:らず|りな|りませ|らな)|引き落し(?:なし|はなし)|そのまま(?:です|だ|残|$)|1円も(?:使|引|減)"
)
_TWICE = re.compile(
    r"押した(?:ぼたんの)?(?:数|回数|分)(?:だけ)?|連打した分|二重(?!丸)|重複|(?:2|3)(?:行|列|件|つ)(?:とも|並ん|も?ある|も?あっ|出て|に)|(?:どちら|どっち)も(?:が)?(?:決済|引|落|減)|(?:両方|どっちも|どちらも|両方とも|それぞれ|その都度|押した(?:回数|分)(?:だけ)?|回数分|その分(?:全部)?|毎回)(?:とも|に|が)?(?:決済|引|落|減|請求|払)|だぶ(?:り|っ|る)|だぶる|(?:2|3)(?:回|重|件|つ)分?(?:も|に|分|ぶん|とも)?[、\s]*(?:[^。\n]{0,6}?時刻に)?(?:引|決済|払|落|請求|課金|減|取ら|差し|カウント|とら|処理|計上|ちゃーじ)|(?:決済|引き落し?|払い|会計|引かれ|請求|履歴|減[っら]).{0,8}?(?:が|も|は)?(?:2|3)(?:回|件|つ|重)(?!(?:押|たっぷ|くりっく|試))|倍(?:の額|額|の金額|引|取|払|減|で|に(?:な|引))|2倍|2回分|3回分|同じ(?:買い物|会計|金額|額|代金|もの)(?:が|で|を|も)?(?:2|3|何)(?:回|度|つ|件)"
)
_PRESSED_AGAIN = re.compile(
    r"(?:何回|2回|3回|数回|数度|複数回|繰り返し|くり返し|連続|連打|再度|もう(?:1|一)(?:回|度))(?:も|か|で|して)?[^。\n]{0,10}?(?:押|たっぷ|くりっく|おし|ぽち|操作|試|とらい|決済ぼたん|やっ|かざ|読み)|連打"
)
_COULD_NOT = re.compile(
    r"失敗(?=し|で|だ|$|。|、)|使え(?:な|ず|ませ|ぬ|てな|てませ|まへ)|(?:使用|利用|決済|払い|会計|精算|読み(?:取り|込み)|読取|ちゃーじ|処理)(?:も|が|は|することが|すること)?(?:でき(?:な|ず|ませ|てな)|不可|不能|不調|えらー|失敗|だめ|ならな|通らな|進ま|完了しな)|"
    r"(?<!も)払え(?:な|ず|ませ)|使うこと(?:が|は)?(?:でき|叶|かな)(?:な|ず|ませ|わ)|えらー|つながら(?:な|ず)|繋がら(?:な|ず)|つながりませ|繋がりませ|反応(?:し|が)?(?:な|せず|しませ)|うまく(?:いか|行か|でき(?:な|ず))|動か(?:な|ず)|"
    r"固まっ|ふりーず|開(?:か|け)(?:な|ず|ませ)|落ちて(?:い)?(?:て|たので|しまって)使|(?:読み(?:込ま|取ら|取れ|込め)|読め|読まれ|通ら|起動し|表示され|立ち上がら|進ま|ろーどされ)(?:な|ず|ませ)|断られ|お断り|受け付け(?:て)?(?:もらえ|くれ|られ)?(?:な|ず|ませ)|不能|(?:[23]回|何回)[^。\n]{0,6}?だめ|だめだめ|返された|(?:金額|数字)(?:が|を)?(?:入れられ|入力でき)(?:な|ず|ませ)|拒否|はじかれ|弾かれ|ことわられ|使用不可|利用不可|だめだ(?:った|っ)|駄目だった|だめでした|無理だった|無理でした|使い物に|使えんと|ぐるぐる|くるくる|真っ白|たいむあうと|使用停止|使えるはずが|(?:画面|ぺーじ|次)に(?:なら|進ま|進め|行か|いか|移ら)(?:な|ず)|(?:どこも|全部|全て|すべて)だめ|使おうとした(?:ら|が|けど|のに|んですが)[^。\n]{0,10}?(?:障害|だめ|えらー|止ま|できな|無理)|(?:支払|払い|会計|決済)に(?:使おうとした)?が?できな"
)
_NOT_TRIED = re.compile(
    r"障害(?:の|より|が(?:起きる|ある))?前に[^。\n]{0,10}?(?:使い(?:切|終)|全部|使った|使って)|使(?:お|用しよ|って支払お|う(?:予定|つもり|気|機会|たいみんぐ|場面|こと))(?:う)?(?:と|とは|とも|も|が|は)*(?:し|思わ|試み|なかっ|な|無|ありませ|せ)(?:て(?:は|も)?(?:い|お)?)?(?:な|ず|ませ|りませ|い(?!ま|る|た)|かっ|んで)|"
    r"使(?:って|用して)(?:は|も)?(?:い|おり|お)?(?:な|ませ)|使わ(?:な(?!いと|きゃ|ければ)|ず)|使いませ|(?:利用|使用)し(?:て(?:は|も)?(?:い|おり)?)?(?:な|ませ)|(?:利用|使用)せず|"
    r"(?:買い物|買物|支払|払い|会計|決済|お店|店|精算|操作)(?:に|は|も|を|自体|すら|なんて|とか)*(?:し(?:て(?:は|も)?(?:い)?)?|行(?:って(?:は|も)?(?:い)?|か)|して(?:い)?|入って(?:い)?)(?:な|ず|ませ)|"
    r"(?:試|とらい)(?:して|し|み)(?:て)?(?:は|も)?(?:い)?(?:な|ず|ませ)|何もして(?:い)?(?:な|ませ)|なにもして(?:い)?(?:な|ませ)|未使用|使用前|触って(?:い)?(?:な|ませ)|使う前(?:に|で)|"
    r"(?:使う|使用する|利用する)(?:予定|機会|つもり|気|必要|場面|たいみんぐ|こと)(?:は|が|も)?(?:な|ありませ)|使おうとしていない|(?:くーぽん|券|紙|財布)(?:は|を|も|から)?(?:一度も|全く|まったく|そもそも)?(?:出し|提示し|見せ)(?:て)?(?:は|も)?(?:い|おり)?(?:な|ませ|ず)"
)
_NOTHING = re.compile(
    r"^(?:特に|とくに|別に|べつに)?(?:何|なに|なん)(?:に)?も$|(?:特に|とくに|別に|べつに|何(?:に)?も|なに(?:に)?も|なんにも|なんも|なーんも|問題(?:は)?|とらぶる(?:は)?|異常(?:は)?|被害(?:は)?|影響(?:は)?|不具合(?:は)?|支障(?:は)?)(?:は|も|が)?(?:な(?:い|し|かっ|く)|ありませ|起き(?:て(?:い)?)?(?:な|ませ)|受けて(?:い)?(?:な|ませ)|受けな|遭って(?:い)?な|あって(?:い)?な|ございませ|気づ)|"
    r"(?:普通に|正常に|ちゃんと|無事に?|問題なく|通常通り|すむーずに|きちんと|いつも通り)(?:に)?(?:払い(?:が|も)?でき(?!な|ず|ませ)|使え(?!な|ず|ませ)|使用でき(?!な|ず|ませ)|利用でき(?!な|ず|ませ)|決済でき(?!な|ず|ませ)|払え(?!な|ず|ませ)|買え(?!な)|会計でき(?!な))|"
    r"遭(?:って(?:い)?(?:な|ませ)|わ(?:な|ず))|(?:障害|とらぶる)(?:には?)?(?:あって(?:い)?(?:な|ませ)|あわな|会って(?:い)?な|巻き込まれて(?:い)?(?:な|ませ)|無関係|関係な)|無関係|関係(?:は)?(?:な(?:い|か)|ありませ)|^使えました$|使えた(?:ので|から)問題な"
)
_ELSEWHERE = re.compile(
    r"(?<!私と)(?:友人|友達|ともだち|知人|知り合い|隣の|他の(?:客|人|お客)|ほかの(?:客|人|お客)|周りの)(?:は|が|も|の|さん|客)"
)
_NOT_REFUNDED = re.compile(
    r"(?:返品|きゃんせる|取り?消|返し|買うのをやめ|購入をやめ)[^。\n]{0,16}?(?:戻(?:って(?:は)?(?:い|き|こ)?(?:な|ませ)|ら(?:な|ず)|りませ|されて(?:い)?(?:な|ませ))|返(?:って(?:い|き|こ)?(?:な|ませ)|ら(?:な|ず)|金(?:が|も)?(?:され)?(?:て(?:い)?)?(?:な|ませ|ず))|引かれたまま)"
)
_ONESELF = re.compile(r"私|自分|うち|僕|俺|こちら|我が家|わたし")
#: 使えたり使えなかったり, エラーが出た気がする: neither one nor the other.
_NOW_AND_THEN = re.compile(
    r"使えた(?!ら|はず|の(?:に|かと))|使えたり|(?:えらー|使えな(?:かった|い)|だめだった)[^。\n]{0,4}?(?:気がする|かも|ような)"
)
_REFUNDED = re.compile(
    r"(?:返金|戻って(?:き|い)|戻(?:って)?(?:され|した|りま)|取り消し|取消|きゃんせる)(?:て|さ|し|た|ま|き|に)"
)
_ODD_AMOUNT = re.compile(
    r"一部(?:だけ|しか)[^。\n]{0,4}?(?:引|決済|落|払え)|(?:金額|額|値段|請求額|引き落し額)(?:が|も|は)?(?:違|ちが|間違|合わ|おかし|異な|多|少な|相違|誤)|(?:余計|余分|多め|過剰|過大|多く|少なく|半額|端数)(?:に|分)?(?:引|減|決済|取ら|落)|違う金額|間違った金額|誤った金額|別の(?:店|人|お店)(?:の|で|に|から)[^。\n]{0,6}?(?:決済|引|払|使)|(?:入力|打ち)(?:み|間違)|桁"
)
_NOT_HANDED = re.compile(
    r"(?:商品|品物|料理|品|もの|お土産)(?:を|が|は|も)?[^。\n]{0,8}?(?:もらえ|もらって(?:い)?|渡(?:され|して)|受け取(?:れ|って)|届|手に入)[^。\n]{0,4}?(?:な|ませ|ず)|返品|買うのをやめ|購入(?:を)?(?:取り?やめ|きゃんせる)"
)
_DID_NOTHING = re.compile(
    r"(?:何も(?:買|し|使)|買(?:って|い物して)|使って|利用して|使用して|決済して|払って|操作して|会計して)(?:も|は)?(?:い)?(?:な(?:い|かった)|ませんでした)(?:のに|にもかかわらず|けど|けれど|が|はず(?:な|の)(?:のに)?)|覚え(?:の|が)な|知らない(?:うち|間)|勝手に|身に覚え|いつの間にか"
)


def read_incident(text: str) -> IncidentReading:
    """Return what the words of a message settle about the payment during the outage.

    Deduction decides: 現金で払ったのに減ってた is ``paid_otherwise_and_deducted``,
    現金で払ったけど減ってない is ``unusable``.

    Args:
        text: canonical text (``variants.canonical``).
    """
    deducted = last_polarity(text, _DEDUCTED)
    if deducted is None and _BALANCE_KEPT.search(text):
        deducted = "no"
    twice = last_polarity(text, _TWICE)
    paid_otherwise = bool(_PAID_OTHERWISE.search(text)) and not _NOT_PAID_OTHERWISE.search(text)
    could_not = any(
        not re.match(
            r"(?:い|かった|んでした|なかった|ん)?(?:わけ|訳|こと)(?:で|じゃ|は|も)",
            text[found.end() :],
        )
        for found in _COULD_NOT.finditer(text)
    )
    not_tried = bool(_NOT_TRIED.search(text))
    nothing = bool(_NOTHING.search(text)) and not re.search(r"以外(?:は|に)", text)
    others = _ELSEWHERE.search(text) and not _ONESELF.search(text)
    if _NOT_REFUNDED.search(text):
        return IncidentReading("other")
    if (others or _REFUNDED.search(text)) and "yes" in (deducted, twice):
        return IncidentReading(candidates=("other",), doubted=True)
    if others and not (could_not or not_tried):
        return IncidentReading()
    if could_not and _NOW_AND_THEN.search(text) and deducted != "yes":
        return IncidentReading(candidates=("unusable", "other"), doubted=True)
    if "doubted" in (deducted, twice):
        return _doubtful(text, twice=twice, paid_otherwise=paid_otherwise)
    if _SOMETHING_ELSE.search(text) or re.search(
        r"(?:身に覚え|覚え)のない|(?:知らない|(?:行って|使って|入って|利用して)(?:い)?ない)(?:お)?店",
        text,
    ):
        return IncidentReading("other")
    if _ODD_AMOUNT.search(text) or _two_sums(text) == "odd":
        return (
            IncidentReading(candidates=("other", "charged_twice"))
            if twice == "yes"
            else IncidentReading("other")
        )
    if twice == "yes" and deducted != "no":
        return _twice(text, paid_otherwise=paid_otherwise)
    if deducted == "yes":
        return _deducted(
            text, paid_otherwise=paid_otherwise, could_not=could_not, not_tried=not_tried
        )
    return _kept(
        deducted,
        twice,
        paid_otherwise=paid_otherwise,
        could_not=could_not,
        not_tried=not_tried,
        nothing=nothing,
    )


def _two_sums(text: str) -> Optional[str]:
    """Compare what was bought with what was deducted: ``odd`` where one does not follow."""
    found = _TWO_SUMS.search(text)
    if not found:
        return None
    bought, deducted = (int(found[group].replace(",", "")) for group in (1, 2))
    if bought == deducted or deducted == 2 * bought:
        return None
    return "odd"


def _doubtful(text: str, *, twice: Optional[Polarity], paid_otherwise: bool) -> IncidentReading:
    candidates = ["unusable"]
    if paid_otherwise or twice is None:
        candidates.append("paid_otherwise_and_deducted")
    if twice is not None:
        candidates.append("charged_twice")
    return IncidentReading(candidates=tuple(candidates), doubted=True)


def _twice(text: str, *, paid_otherwise: bool) -> IncidentReading:
    """Tell the coupon charged twice from money and coupon both taken."""
    both = re.search(
        rf"{_OTHER_MEANS}(?:で)?(?:も|と|の?(?:両方|りょうほう))[^。\n]{{0,12}}?(?:くーぽん|あぷり|残高)?|くーぽん(?:も|から(?:も|は)|と{_OTHER_MEANS})|(?:も|と)(?:両方|りょうほう)",
        text,
    )
    if paid_otherwise and (both or _DEDUCTED.search(text)) and not _PRESSED_AGAIN.search(text):
        return IncidentReading("paid_otherwise_and_deducted")
    if paid_otherwise:
        return IncidentReading(candidates=("charged_twice", "paid_otherwise_and_deducted"))
    return IncidentReading("charged_twice")


def _deducted(
    text: str, *, paid_otherwise: bool, could_not: bool, not_tried: bool
) -> IncidentReading:
    if paid_otherwise or _BOTH_TAKEN.search(text):
        return IncidentReading("paid_otherwise_and_deducted")
    if _PRESSED_AGAIN.search(text):
        return IncidentReading(candidates=("charged_twice", "paid_otherwise_and_deducted"))
    if _NOT_HANDED.search(text) or re.search(
        r"身に覚え|知らない(?:うち|間|お?店)|(?:行って|使って|入って|利用して)(?:い)?ない(?:お)?店|いつの間にか|他人|別人|他の人",
        text,
    ):
        return IncidentReading("other")
    if _DID_NOTHING.search(text):
        return IncidentReading("other")
    if not_tried:
        return IncidentReading(candidates=("other", "paid_otherwise_and_deducted"))
    if could_not:
        return IncidentReading(candidates=("paid_otherwise_and_deducted", "other"))
    if re.search(r"払っ(?:た|て)", text) and re.search(
        r"くーぽん(?:も|から(?:も|は)?|の(?:方|ほう)(?:も|から))|残高(?:も|から|まで)", text
    ):
        return IncidentReading("paid_otherwise_and_deducted")
    return IncidentReading(candidates=("paid_otherwise_and_deducted", "charged_twice", "other"))


def _kept(
    deducted: Optional[Polarity],
    twice: Optional[Polarity],
    *,
    paid_otherwise: bool,
    could_not: bool,
    not_tried: bool,
    nothing: bool,
) -> IncidentReading:
    """Nothing was deducted, as far as the message goes."""
    if could_not and not_tried:
        return IncidentReading(candidates=("unusable", "none"))
    if could_not or (paid_otherwise and deducted == "no"):
        return IncidentReading("unusable")
    if paid_otherwise and (not_tried or nothing):
        # Paid in cash without trying the coupon.
        return (
            IncidentReading("none")
            if not_tried
            else IncidentReading(candidates=("none", "unusable"))
        )
    if paid_otherwise:
        return IncidentReading(candidates=("unusable", "paid_otherwise_and_deducted"))
    if not_tried or nothing:
        return IncidentReading("none")
    if deducted == "no" or twice == "no":
        return IncidentReading(candidates=("unusable", "none"))
    return IncidentReading()
