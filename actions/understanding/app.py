"""What became of the coupon: charged into the app, left on paper, or the account closed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

from .polarity import last_polarity
from .understood import Reason


@dataclass(frozen=True)
class AppReading:
    """The app's status (``value``), or why it cannot be taken, with what it could be."""

    value: Optional[str] = None
    reason: Optional[Reason] = None
    candidates: tuple[str, ...] = ()


_CHARGED = re.compile(
    r"^(?:はい、?)?あぷり(?:$|。)|取り込[みん]|電子(?:版|の)|でじたる|すまほ決済|(?<!未)ちゃーじ(?!って|とは|とか何|の(?:やり方|仕方|方法)|方法|のこと)(?:済み?|ずみ|完了)?"
    r"|(?:あぷり|すまほ|携帯|電子|りーじょんぺい)(?:の(?:ほう|方|中))?(?:に|へ)(?:は|も)?[^。\n]{0,10}?(?:入れ(?=て|た|ま|な|ず)|いれ(?=て|た|ま|な|ず)|取り込[みん]|とりこ[みん]|読み込[みん]|読み取[りっ]|移[しっ]|うつ[しっ]|登録(?=し|済|は|を|せ)|取得し|反映|入って|切り替え|変え|換え|した(?=$|。|の|よ)|し(?=ま)|なって)"
    r"|(?:qr|ゅーあーる|こーど|ばーこーど|きゅーあーる)(?:こーど)?(?:を|は)?(?:あぷりで)?(?:読み取[りっ]|読み込[みん]|読[みん]|すきゃん|撮|登録)(?:て)?"
    r"|電子くーぽん(?:に|で|を|です|だ)|電子(?:の(?:ほう|方)|化)"
    r"|あぷり(?:の(?:ほう|方|くーぽん))?で(?:すでに)?(?:使|払|利用|決済|管理|持って|表示|残高|見)|あぷり(?:の(?:ほう|方))?(?:を)?(?:です|だ(?!う)|だよ|利用|派|払い|決済)(?!って)"
)
_PAPER = re.compile(
    r"紙の?(?:券|やつ|くーぽん)を(?:[^。、\n]{0,6}?)(?:見せ|出|提示|使)|紙(?:の)?(?:まま|ま[んんま]|状態|だけ|のみ|しか|しゃ|おんりー|で(?!は(?:な|あ)|もらったけど|もらって、?あぷり)|です|だ(?!け)|$|。|媒体|券(?:の|で|だけ|しか|のみ)|くーぽん(?:の(?:まま|状態)|で(?!もら)|だけ|しか|のみ|を(?:その|持って|使)|$|。|です)|を(?:そのまま|持って|使|見せ|出|提示)|として|ばん|版|派|券$|のやつ|のもの|のくーぽん(?:のまま|で|だけ|です|$|。))|^かみ(?:です|だ|$)|かみ(?:の)?(?:まま|だけ|のみ|です|で(?:す|し|使|払|持))"
    r"|(?:そのまま|ままで)(?:紙|持って)|紙(?:の(?:ほう|方))|ぺーぱー|印刷(?:した|された)(?:もの|やつ|紙)"
)
_APP = r"(?:あぷり|りーじょんぺい|すまほあぷり|専用あぷり|そんなの|そういうの)(?:自体|とか|なんて|というもの|ってやつ)?"
_NO_APP = re.compile(
    rf"{_APP}(?:は|を|も|が|に|で|なんか|って|すら|さえ)*(?:一度も|まだ|全然|まったく|全く|特に|結局)*(?:使(?:って|用して|い方|わ|いませ|え)|いんすとーる|だうんろーど|入れ|いれ|入っ|はいっ|持っ|もっ|利用|登録|触|見て|開い|とっ|落と|知ら|無|な(?:し|い|く|か)|ありませ|いら|未|必要な|取得|起動)"
)
_NO_APP_WHOLE = re.compile(
    rf"{_APP}(?:は|を|も|が)?(?:な(?:し|い|く|か)|ありませ|未(?:使用|登録|だうんろーど|いんすとーる|利用)|使わず|使いませ|知ら(?:な|ん|ず)|知りませ|取って(?:い)?な|とって(?:い)?な|(?:が|の)?(?:存在|ある(?:こと)?|こと)(?:を|自体|すら)*知(?:ら|りませ)|入れず|いれず|持たず|とら(?:な|ず))"
)
_NO_PHONE = re.compile(
    r"(?:すまほ|携帯|すまーと|電話)(?:自体|とか|なんて)?(?:は|を|も|が|すら)*(?:そもそも|まだ|元々|もともと)?(?:な(?:い|し|く|か)|持(?:って(?:い|お)?(?:な|ませ|ら)|た(?:な|ず)|ち(?:ませ|合わせ))|もって(?:い)?(?:な|ませ)|もた(?:な|ず)|使(?:え(?:な|ませ)|って(?:い)?(?:な|ませ)|わな|いこなせ)|ありませ|じゃな|ではな|ではありませ|苦手|忘れ|扱え|ろす)|がらけー|ふぃーちゃーふぉん|らくらくほん|すまほれす|非すまほ|すまほ持たず"
)
_INSTALLED_ONLY = re.compile(
    r"(?:いんすとーる|だうんろーど|入れ(?:た|て)|いれた|登録|会員登録)(?:した|し(?:て)?|は)?(?:だけ|のみ|まで)(?!では?な|じゃな)|(?:いんすとーる|だうんろーど|入れ|いれ|登録)[^。\n]{0,12}?(?:けど|けれど|が|のに|ものの|だけで|、|まま|ただけ|たきり)|(?:入って(?:い)?る|入れて(?:あ|い)る)だけ|入れるのを?(?:断|やめ)"
)
_WITHDRAWN = re.compile(
    r"退会|解約|(?:あかうんと|会員(?:登録|情報)?|あか(?=を|消|削)|(?:利用者|ゆーざー)?登録)(?:を|は|も|自体|ごと|情報|まで|も)*(?:削除|消[しえさ]|消して|抹消|解除|取り?消|けし|とりけし|閉じ|なくし|やめ|廃止|でりーと)|会員(?:を|は)?(?:やめ|じゃなくな|ではなくな|抜け)|りーじょんぺい(?:を|は)?やめ(?=た|ま|て)|垢消"
)
_UNINSTALLED = re.compile(
    r"もう[^。\n]{0,4}?あぷり(?:は|が)?(?:な(?:い|くな)|入って(?:い)?な|消え)|あぷり(?:は|が)?もう(?:な(?:い|くな)|入って(?:い)?な)|あんいんすとーる|(?:あぷり|りーじょんぺい)(?:自体|そのもの|ごと)?(?:を|は|も|なら)?(?:もう|すでに|既に|とっくに|先日|全部|間違えて|うっかり|一旦|昨日|旅行後|すぐ)*(?:削除|消(?:し|え|去|した|して|え)|けし(?=た|ま|て|ち)|けした|捨て|でりーと|なくな|外し)|(?:あぷり|りーじょんぺい)[^。\n]{0,6}?(?:削除|消した|消しま|消して|消しちゃ)|(?:^|[。、\s])(?:もう|すでに|既に|とっくに)?(?:消し(?:た|まし|ちゃ|て)|削除(?:し|済))"
)
_CHANGED_PHONE = re.compile(
    r"機種変|機種を?変|(?:すまほ|携帯|電話)(?:を|が|は)?(?:買い替え|変え|かえ|替え|壊|こわ|水没|紛失|なくし|失くし|落とし|初期化|故障|盗)|初期化"
)
_BOTH = re.compile(
    r"あぷりも紙も|紙もあぷりも|(?:紙|あぷり)(?:と|も)(?:あぷり|紙|ちゃーじ)?(?:の)?(?:両方|りょうほう|も|どちらも)|両方|りょうほう|どっちも|どちらも|半分(?:は|だけ)|一部(?:は|だけ|を)?|片方|(?:1|一)枚(?:は|だけ)|残り(?:の)?(?:は|1枚)"
)


_UNSURE = re.compile(
    r"自信(?:が|は)?(?:な|ありませ)|定かで|うろ覚え|曖昧|あいまい|はっきり(?:し|覚え)|確信|だった(?:か|っけ|かな)(?:$|。|な)|かもしれ"
)
_NOT_YET = re.compile(
    r"ちゃーじする(?:暇|時間|余裕|間)(?:が|も)な|ちゃーじ(?:し(?:よう|かけ|に行|たい|たかった)|する(?:前|つもり|予定|ところ|途中)|の?(?:途中|前)|直前|を?(?:忘れ|し忘れ))|(?:取り込も|入れよ|読み込も)う"
)


def read_app(text: str) -> AppReading:
    """Return what the words of a message settle about charging and the app's account.

    Args:
        text: canonical text (``variants.canonical``).
    """
    charged = last_polarity(text, _CHARGED)
    if "未ちゃーじ" in text:
        charged = "no"
    withdrawn = last_polarity(text, _WITHDRAWN)
    uninstalled = last_polarity(text, _UNINSTALLED)
    if _NOT_YET.search(text):
        charged = (
            "no"
            if re.search(
                r"でき|紙|まま|して(?:い)?な|しな(?:か|い)|せず|だめ|えらー|障害|やめ|せず|間に合",
                text,
            )
            else "doubted"
        )
    no_phone = bool(_NO_PHONE.search(text))
    no_app = bool(_NO_APP_WHOLE.search(text)) or last_polarity(text, _NO_APP) == "no"
    paper = bool(_PAPER.search(text)) and not re.search(
        r"紙(?:のまま|だけ)?(?:では|じゃ)(?:な|あり)|紙から|紙(?:を|で)?(?:もらって|受け取って)(?:から)?、?(?:あぷり|ちゃーじ|すぐ)",
        text,
    )
    text = re.sub(r"一部(?:だけ)?(?:じゃ|では)な(?:く|い)|半分(?:じゃ|では)な(?:く|い)", "", text)
    if _BOTH.search(text) and (charged or paper or "あぷりも" in text):
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
