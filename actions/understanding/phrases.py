"""Short things said at any question: はい, いいえ, わからない, やっぱり, こんにちは, and what is none of these."""

from __future__ import annotations

import re

_PAD = r"(?:えっと|えーと|えー|ええと|あの|まあ|うーん|んー|あ|は|その|それは|多分|たぶん|おそらく|すみません|すいません|ごめんなさい|申し訳(?:ない|ありません)|いや|正直|全然|ぜんぜん|全く|まったく|さっぱり|ちょっと|よく|もう|まだ|今|いま|[、。\s…・.!?~ー])*"
_TAIL = r"(?:です(?:けど|が|ね|よ)?|でした|だ(?:よ|ね|な|わ)?|ます|ね|よ|わ|な|けど|が|かも|と思(?:う|い?ます)|さん|[、。\s…・.!?~ー♪wｗ笑草\)\(^_;]|っす|ございます|ました)*"

_YES = re.compile(
    rf"^{_PAD}(?:はい(?!つ)|はいはい|はあい|ええ(?!っと|と)|うん|うんうん|うむ|そう(?:です(?:ね|よ)?|だ(?:ね|よ)?|そう)?|その通り|そのとおり|yes|yeah|yep|y|いえす|いぇす|おっけー|おーけー|ok|おけ|okです|もちろん|あい|へい|ほい|了解(?:です)?|正解|合って(?:い)?ます|あってます|間違い(?:ない|ありません)|左様|せや(?:ね|で)?|んだ|ああ|おう|〇|○|◯){_TAIL}$"
)
_NO = re.compile(
    rf"^{_PAD}(?:いいえ|いえ(?:いえ)?|いや(?:いや)?|ううん|うーうん|ちがう|違う|違い(?:ます)?|ちがい(?:ます)?|no|nope|のー|n|ばつ|×|✕|そうじゃな(?:い|く)|そうでは(?:ない|ありません)|ちゃう(?:で)?|んにゃ){_TAIL}$"
)
_NONE = re.compile(
    rf"^{_PAD}(?:なし|な(?:い|かった)|ありません(?:でした)?|無|何も(?:な(?:い|し|かった)|ありません(?:でした)?)?|特に(?:な(?:し|い|かった)|ありません(?:でした)?)?|とくに(?:なし|ない)|べつに|別に(?:な(?:し|い)|何も)?|ございません|なっしんぐ|nothing|none|皆無){_TAIL}$"
)
_HAVE = re.compile(
    rf"^{_PAD}(?:あ(?:る|り|った|りま)(?:ます|ました|ました)?|ありました|残って(?:る|ます|いる|います)|残ってた){_TAIL}$"
)
_DID = re.compile(
    rf"^{_PAD}(?:しました|した|して(?:い)?(?:る|ます|た|ました)|済み|済|やりました|やった|しとる){_TAIL}$"
)
_DID_NOT = re.compile(
    rf"^{_PAD}(?:して(?:い)?(?:な(?:い|かった)|ませ(?:ん)?(?:でした)?)|してな(?:い|かった)|しな(?:い|かった)|しませんでした|せず|やって(?:い)?(?:な(?:い|かった)|ません)|してへん|未){_TAIL}$"
)
_UNKNOWN = re.compile(
    r"わから(?:な(?!くて(?:も|い))|ず(?!や)|ん)|わかりませ|わかりかね|知ら(?:な(?!いう|い(?:お?店|間|うち|人|ところ|場所|県))|ん(?!う)|ず|ね)|知りませ|存じ(?:ませ|上げませ|ない)|覚え(?:て(?:は|も)?(?:い|お|おり)?(?:な|ませ|られ)|が(?:な|あり|ござ)|とら)|忘れ(?:た|まし|ちゃ|て(?:し|い|る|ま)|$|。)|不明|記憶(?:に|が|は)?(?:な|ありませ|ござ|薄|定か|あい|曖|さだ|飛)|思い出せ(?:な|ま|ん)|把握(?:して(?:い)?|でき)(?:な|ませ)|確認(?:でき|し(?:て(?:い)?)?|のしようが|が?取れ|する方法が|できて(?:い)?)(?:な|ませ|ず)|確かめ(?:て(?:い)?な|られ|よう)|手元に(?:は|も)?(?:もう|現物が)?(?:な|ありませ|ござ|残って(?:い)?な)|(?:さあ|さぁ|はて|どうだろ|どうでしょう|どうかな|どうだった(?:か|かな|っけ)|どうなんだ|なん?だったっけ|何だったか|いつだった(?:か|っけ)|いくらだった(?:か|っけ)|いくつだった|どれだった(?:か|っけ)|どっちだった(?:か|っけ)|だっけ|でしたっけ|だったっけ)|定かで|うろ覚え|あやふや|見当(?:も|が)?つ(?:か|き)|(?<!きれい)さっぱり(?=$|です|だ|わか|、|。)|idk|i\s?don'?t\s?know|unknown|not sure|分かんな|ちんぷん|読め(?:な|ませ|ず)|かすれ|判別でき|判読|見え(?:な|ませ|ず)|見て(?:い)?(?:な(?!い?で)|ませ)|見なかった|調べ(?:て(?:い)?な|られ|よう)|特定でき|答えられ(?:な|ませ)|何とも言え|なんとも言え|(?:自信|確信|心当たり|認識)(?:が|は)?(?:な|ありませ|持て)"
)
_UNKNOWN_END = re.compile(
    r"(?:わから(?:な(?:い|かった)|ん)|わかりませ(?:ん)?(?:でした)?|わかりかねます|不明|知ら(?:ない|ん)|知りません|存じません|覚えて(?:い?な(?:い|かった)|い?ませ(?:ん)?(?:でした)?|おりません)|覚えが(?:ない|ありません)|忘れ(?:た|ました|ちゃった|ちゃいました|てしまった|てしまいました|てる)|記憶に(?:ない|ありません|ございません)|思い出せ(?:ない|ません)|未確認|確認(?:していない|してない|していません|できない|できません|できていません))(?:です|のです|んです|で|ので|から|けど|が|よ|ね|わ|な|なあ|状態|まま|[。!?…\s])*$"
)
_WHERE = re.compile(
    r"(?:どこ|ところ|見方|方法|やり方|場所|位置|書いてある|載って|何(?:が|を|の)|とは|って(?:何|なに)|意味)[^。\n]{0,10}?(?:わから|わかりませ|知ら|不明)(?![^。]*不明)"
)
_LOST = re.compile(
    r"(?:なく|失く|無く|亡く)(?:し(?:た|て|ま|ちゃ)|なっ(?:た|て)|なりま)|紛失|失っ|捨て(?:た|て|ちゃ|ま)|すて(?:た|て|ちゃ|ま)|処分|見(?:つ|当た)(?:か)?ら(?:な|ず|ませ)|どこか(?:に|へ)?(?:行|い)|破棄|しゅれっだー"
)
_MEANING = re.compile(
    r"(?:質問|意味|言って(?:い)?(?:る)?(?:こと|意味)|聞かれて(?:い)?る(?:こと|意味)?|日本語|話|説明|内容|何を(?:聞|言|答|す|書|選)|どう(?:答え|すれば|したら|書|選)|なんの(?:こと|話)|何の(?:こと|話)|やり方|使い方|入力|操作|どれ(?:を|に)|選択肢)[^。\n]{0,12}?(?:わから|わかりませ|分から|理解|よく)|ちんぷんかん|意味不明|は\?$|え\?$|^(?:ん|え|は|へ|なに|何|はあ|はい|ほえ|む)\?+$"
)
_CORRECTION = re.compile(
    r"やっぱ(?:り|し)?|やはり|(?:^|[。、!\sがは])(?:違|ちが)(?:う|い(?:ます|まし)|った|って(?:い)?(?:た|まし))|間違(?:え|っ|い(?!な|あり|ござ))|まちが(?:え|っ|い(?!な|あり))|訂正|(?:じゃ|では)な(?:くて?|い)[^。\n]{1,}|さっき(?:の|は|、)|先ほど(?:の|は|、)|実は|(?:本当|ほんと|ほんとう|正確|正しく|じつ)(?:は|に(?:は|言))|勘違い|もとい|修正|(?:変え|変更|直)(?:て|し|ます|たい)|見直したら|よく見たら|確認したら|と(?:答|言|書|入力)(?:え|っ|い|き|し)[^。\n]{0,6}(?:けど|が|のは)|嘘(?:です|でした)|前の(?:回答|答え)"
)
#: 何, どこ, いつ …, not as 何も, どこでも, いつか.
_WH = (
    r"(?:どこ(?!も|でも|か(?!$|\?)|の[^。\n]{1,4}でも)|いつ(?!も|でも|か(?!$|\?|ら)|の間)|どう(?!も|せ|し(?:ても|よう)|にか|やら)|"
    r"何(?![十百千万]|も|でも|と(?:なく|か)|か(?:の|を|が)|回も|度も)|なに(?!も)|なん(?:で(?!か|も)|の|です)|いくら(?!か|でも)|いくつ|どれ(?!も|で|に)|どの(?!く?らい(?:残|使)|店でも)|"
    r"どんな|どちら(?!も|で|に)|誰(?!か|も)|だれ(?!か|も)|なぜ(?!か)|どっち(?!も|で|に)|どうし(?:て|たら))"
)
#: How a sentence that asks something ends.
_ASKS = re.compile(
    rf"\?[\s)」]*$|(?:です|ます|でし(?:ょう|た)|まし(?:た|ょう)|ません|ない|る|た|う|い|の|だろう|よか)か(?:ね|な|しら|よ)?$|"
    rf"{_WH}[^。\n]*?(?:の|か(?:な|ね)?|ん|ん(?:です|だ)|(?:れ|え)ば(?:いい)?|(?:たら|と)(?:いい)?|(?:る|う|く|す|つ)|です|だ|い|わけ|や(?:ろ)?)$|{_WH}(?:[でにがを]|時|日|月|円|から|まで|頃|ごろ)*$|"
    rf"(?:る|ない|れる|える|せる)の$|教え(?:て|ろ|ください|頂|いただ)[^。\n]{{0,14}}$|知りた(?:い|く)[^。\n]{{0,8}}$|(?:聞|き)きた(?:い|く)[^。\n]{{0,8}}$|"
    rf"(?<![っいんしきちりぎみ使買払行言入待たるだ])(?:って|とは)(?:何|なに|なん)?$|(?:番号|方法|見方|やり方|場所|連絡先|住所|時間|期限|締切|種類|条件|手順|流れ|違い|意味|url|理由|原因|額|いくら)(?:は|って)?$|"
    rf"(?:くれ|もらえ|いただけ|頂け)(?:ます|ませ|る|ない)(?:ん)?(?:か)?$|でき(?:る|ます)かな$|ほしい(?:です|んですが)?$"
)
_OPEN = re.compile(
    rf"{_WH}|対象|補償|もらえ|必要|べき|大丈夫|問題(?:あり|ない)|教え|知り|くれ|くださ|いい(?:です|の)?か|だめ|無効|有効|でき(?:ます|る|ない|ません)|使え(?:ます|る)|返(?:金|って)|戻って(?:く|き)|戻[るり]|"
    r"ます(?:ん)?か|ません(?:ん)?か|って(?:$|\?)|とは(?:$|\?)|(?:番号|方法|見方|やり方|場所|連絡先|住所|時間|締切|種類|条件|手順|流れ|違い|意味|url|理由|原因)(?:は|って)?[?\s]*$|ほしい|(?:る|ない)の\??$"
)
_ENDS = re.compile(r"[。\n!]+|(?<=\?)")
_CONDITION = re.compile(
    r"(?:場合|ばあい|時|とき|(?:た|だ)ら|れば|なら|人|方|でも|ても|と)(?:は|も|って|には|でも)?、?[^。\n]{0,14}?(?:どう|どこ|いつ|何|なに|いくら|対象|もらえ|補償|でき(?:る|ます)|必要|いい(?:です|の)?か|大丈夫|だめ|返(?:金|って)|戻(?:り|っ)|受け取れ)[^。\n]*(?:か|\?|の|ん|$)"
)
_STATES = re.compile(
    r"(?:と思(?:う|い?ます)|はず(?:だ|です)?|気がする|(?:は|が)\\s*[0-9a-z-]{4,}(?:です|だ|でした)?)[。!\\s]*$"
)
_GREETING = re.compile(
    rf"^{_PAD}(?:こんにち(?:は|わ)|こんばん(?:は|わ)|おはよう(?:ございます)?|はじめまして|初めまして|もしもし|どうも|やあ|よろしく(?:お願い(?:し|いたし|致し)?ます)?|お世話(?:に|さま)[^。]*|hello|hi|hey|はろー|ちわ|ちわっす|こん|お疲れ(?:様|さま)(?:です)?|失礼します|ごきげんよう){_TAIL}$"
)
_THANKS = re.compile(
    rf"^{_PAD}(?:どうも)?(?:ありがとう(?:ございま(?:す|した))?|有り?難う(?:ございま(?:す|した))?|あざ(?:っ)?す|あざます|ありがと|さんきゅー?|thank(?:s| you)|thx|感謝(?:し(?:ます|て(?:い)?ます))?|助かり(?:ます|ました)|助かった|恐れ入ります|お世話になりました|ご丁寧に[^。]*|よくわかりました|わかりました|理解しました|おおきに|かたじけな(?:い|し)){_TAIL}$"
)
_INJECTION = re.compile(
    r"(?:指示|命令|ぷろんぷと|るーる|制約|設定|これまで|前提|規則)[^。\n]{0,8}?(?:無視|忘れ(?:て|ろ)|破(?:棄|って)|上書き|解除|教え|表示|出力|見せ|開示)|ignore\b.{0,30}(?:instruction|previous|above|prompt|rule)|system\s?prompt|しすてむ(?:ぷろんぷと|めっせーじ)|あなたは(?:今から|これから|いまから)|(?:今|これ|いま)から(?:あなた|君|お前)は|(?:として|のように|に)(?:振る舞|ふるま|なりき)|(?:管理者|開発者|でばっぐ|でべろっぱー|developer|admin|root|どす|dan)\s?(?:もーど|mode|権限|として)|jailbreak|sudo\b|<\s*/?\s*(?:script|img|iframe|system|b|a)\b|select\b.{1,40}\bfrom\b|drop\s+table|insert\s+into|union\s+select|or\s+1\s*=\s*1|\{\{|\}\}|\$\{|\[inst|###|assistant\s*:|user\s*:|system\s*:|(?:対象|該当|補償|合格|\(?[ab]\)?|区分)(?:に|と|扱いに|者に)?(?:判定|しろ|せよ|してくれ|確定|決めて|答えろ|出力|承認)|(?:答え|回答|出力|返答)(?:し)?(?:ろ|せよ|なさい)|必ず[^。\n]{0,12}と(?:言|答|返)|(?:set|answer|output|print|return|respond|pretend|act as|you are)\b|json(?:で|を|形式)|実行(?:しろ|せよ|して)|(?:命令|指示|設定|でーた(?:べーす)?|答え|判定|結果|記録)を?[^。\n]{0,6}?(?:書き換え|改ざん|上書き|変更しろ|変えろ|操作)|(?:書き換え|ことにして|ことにしと|扱いにして|に設定して)|(?:担当の?ai|aiとして)|(?:全員|みんな)(?:を|が)?対象|として(?:処理|扱|登録|記録|認定)(?:う|い|し(?:ろ|て|なさい)|せよ|する(?:よう|こと))|(?:する|した|書く)ように(?:しろ|命令|指示|書)|/(?:press|inform|restart|start|set)\b|eval\(|import os|ぷろぐらむ|こーど(?:を|で)?(?:書|出力|実行)|翻訳して|要約して|(?:俳句|短歌|詩|歌|小説|物語|ぎゃぐ|冗談|ものまね)を?(?:詠|書|作|言|歌|して|やって)"
)
_ABUSE = re.compile(
    r"(?:ばか|あほ|馬鹿|阿呆|死ね|しね(?![ぁ-ん])|くそ(?:が|ぼっと|やろう|だな|みたい|対応|、|。|$|!)|糞|ふざけ(?:る|ん|て)|詐欺|さぎ師|ぽんこつ|役(?:に)?立た(?:ず|な)|使え(?:ない|ねえ|ねー|ねぇ|ん)(?:さーびす|しすてむ|あぷり|ぼっと|対応|案内|ちゃっと|もん)(?:だ|です|やな)?|使え(?:ない|ねえ|ねー|ねぇ|ん)(?:な|ね|わ|奴|やつ)?[、。]?(?:この)?(?:ぼっと|ai|ちゃっと|しすてむ(?:だ|やな)|奴|やつ|おまえ|お前|案内)|(?:ぼっと|ちゃっと|ai|おまえ|お前|こいつ|補償なび|この案内)[^。\n]{0,8}?(?:使え(?:な|ね|ん)|役|ばか|あほ|だめ|無能|いらな|頭)|無能|いい加減に(?:しろ|せ)|なめ(?:て|と)ん|舐め(?:て|と)ん|ころす|殺す|うざ|きもい|税金泥棒|金返せ|責任者(?:を)?出せ|訴え(?:る|てやる)|消えろ|黙れ|だまれ)"
)


def says_yes(plain: str) -> bool:
    """Say whether the whole message is a yes."""
    return bool(_YES.match(plain))


def says_no(plain: str) -> bool:
    """Say whether the whole message is a no."""
    return bool(_NO.match(plain))


def says_none(text: str) -> bool:
    """Say whether the whole message is なし, ない, ありません, 特に何も."""
    return bool(_NONE.match(text))


def says_there_is(text: str) -> bool:
    """Say whether the whole message is あります, 残ってる."""
    return bool(_HAVE.match(text))


def says_did(text: str) -> bool:
    """Say whether the whole message is しました."""
    return bool(_DID.match(text))


def says_did_not(text: str) -> bool:
    """Say whether the whole message is していません."""
    return bool(_DID_NOT.match(text))


def says_unknown(text: str) -> bool:
    """Say whether the message says that the traveller does not know or remember."""
    return bool(_UNKNOWN.search(text)) and not _MEANING.search(text)


def ends_unknown(text: str) -> bool:
    """Say whether the message closes with わからない or its like."""
    return bool(_UNKNOWN_END.search(text)) and not _MEANING.search(text)


def asks_where(text: str) -> bool:
    """Say whether what is not known is where or how to look something up."""
    return bool(_WHERE.search(text))


def says_lost(text: str) -> bool:
    """Say whether the message says that the coupon is lost or thrown away."""
    return bool(_LOST.search(text))


def asks_for_meaning(text: str) -> bool:
    """Say whether the message says that the question itself was not understood."""
    return bool(_MEANING.search(text))


def corrects(text: str) -> bool:
    """Say whether the message takes back something said before."""
    return bool(_CORRECTION.search(text))


def asks(text: str) -> bool:
    """Say whether a sentence of the message asks something."""
    return any(_ASKS.search(part.strip(" 、~ー♪")) for part in _ENDS.split(text) if part.strip())


def asks_openly(text: str) -> bool:
    """Say whether a question wants to be told something, and is no answer said doubtfully."""
    return bool(_OPEN.search(text))


def supposes(text: str) -> bool:
    """Say whether the message asks what would follow from something (…の場合はどうなりますか)."""
    return bool(_CONDITION.search(text)) and asks(text)


def only_states(text: str) -> bool:
    """Say whether the message states something and asks for nothing: まだ使えると思う."""
    return not asks(text) and bool(_STATES.search(text))


def greets(plain: str) -> bool:
    """Say whether the whole message is a greeting."""
    return bool(_GREETING.match(plain))


def gives_thanks(plain: str) -> bool:
    """Say whether the whole message gives thanks."""
    return bool(_THANKS.match(plain))


def commands_the_machine(text: str) -> bool:
    """Say whether the message addresses a program instead of answering (instructions, code)."""
    return bool(_INJECTION.search(text))


def without_abuse(text: str) -> str:
    """Return a message without its scolding, which would read as if the coupon were meant."""
    return _ABUSE.sub("", text)


def abuses(text: str) -> bool:
    """Say whether the message scolds."""
    return bool(_ABUSE.search(text))
