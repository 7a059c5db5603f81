"""Short things said at any question: はい, わからない, やっぱり, こんにちは, and noise."""

from __future__ import annotations

import re

from .patterns import pattern

_YES = pattern("phrases", "yes")
_NO = pattern("phrases", "no")
_NONE = pattern("phrases", "none")
_HAVE = pattern("phrases", "have")
_DID = pattern("phrases", "did")
_DID_NOT = pattern("phrases", "did_not")
_UNKNOWN = pattern("phrases", "unknown")
_UNKNOWN_END = pattern("phrases", "unknown_end")
_UNKNOWN_PERHAPS = pattern("phrases", "unknown_perhaps")
_UNKNOWN_SIGN = pattern("phrases", "unknown_sign")
_WHERE = pattern("phrases", "where")
_CONCLUDES = pattern("phrases", "concludes")
_BOTH = pattern("phrases", "both")
_ELSEWHERE = pattern("phrases", "elsewhere")
_OURS = re.compile(r"くーぽん|補償|りーじょん|券|きゃんぺーん|この(?:旅|件)|障害")
_EITHER = pattern("phrases", "either")
_LOST = pattern("phrases", "lost")
_MEANING = pattern("phrases", "meaning")
_CORRECTION = pattern("phrases", "correction")
#: 何, どこ, いつ …, not as 何も, どこでも, いつか.
#: How a sentence that asks something ends.
_ASKS = pattern("phrases", "asks")
_OPEN = pattern("phrases", "open")
_ENDS = re.compile(r"[。\n!]+|(?<=\?)")
_CONDITION = pattern("phrases", "condition")
_STATES = re.compile(
    r"(?:と思(?:う|い?ます)|はず(?:だ|です)?|気がする|(?:は|が)\\s*[0-9a-z-]{4,}(?:です|だ|でした)?)[。!\\s]*$"
)
_GREETING = pattern("phrases", "greeting")
_THANKS = pattern("phrases", "thanks")
_INJECTION = pattern("phrases", "injection")
_BARE = pattern("phrases", "bare")
_ABUSE = pattern("phrases", "abuse")


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
    return bool(_UNKNOWN.search(text) or _UNKNOWN_PERHAPS.search(text)) and not _MEANING.search(
        text
    )


def only_wonders(text: str) -> bool:
    """Say whether the message says that it does not know by っけ alone: 今日は何曜日だっけ."""
    return bool(_UNKNOWN_PERHAPS.search(text)) and not _UNKNOWN.search(text)


def speaks_of_knowing(text: str) -> bool:
    """Say whether the message speaks of knowing, remembering or seeing at all: 覚えちゃいねえや."""
    return bool(_UNKNOWN_SIGN.search(text))


def ends_unknown(text: str) -> bool:
    """Say whether the message closes with わからない or its like."""
    return bool(_UNKNOWN_END.search(text)) and not _MEANING.search(text)


def conclusion(text: str) -> str:
    """Return what a story comes to, from its last だから, なので or というわけで; else nothing."""
    found = [match.end() for match in _CONCLUDES.finditer(text)]
    return text[found[-1] :] if found else ""


def names_both(text: str) -> bool:
    """Say whether the message names two possibilities and chooses none: 紙かアプリかどっちか."""
    return len(text) <= _EITHER_IN and bool(_EITHER.search(text))


def wishes(text: str) -> bool:
    """Say whether the message wants something done: 予約を変更したいのですが."""
    return bool(_WISHES.search(text))


_WISHES = re.compile(r"(?:し|り|き|み|え|け|せ|て|べ)たい(?:の|ん)?(?:です|だ)?(?:が|けど)?[。!]*$")


def is_about_something_else(text: str) -> bool:
    """Say whether another service is what the message is about: Suicaのチャージ, ETCカードが二重に.

    Who paid by Suica says Suicaで.
    """
    return bool(_ELSEWHERE.search(text)) and not _OURS.search(text)


def speaks_of_the_rest(text: str) -> bool:
    """Say whether the words for what is left on a coupon occur: 残ってる, 余った, 使い切った."""
    return bool(_REST.search(text))


_REST = re.compile(r"残|余(?:っ|り)|使い(?:切|き)|全部使")


def is_both(text: str) -> bool:
    """Say whether a message tells of two at once: 紙の人とアプリの人がいます."""
    return len(text) <= _EITHER_IN and bool(_BOTH.search(text))


#: In more characters than this, か and か are far apart.
_EITHER_IN = 50


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


def worries(text: str) -> bool:
    """Say whether the message is about what might have been: もし減ってたらどうしよう."""
    return len(text) <= _EITHER_IN and bool(_WORRY.search(text))


_WORRY = pattern("phrases", "worry")


def tells_of_others(text: str) -> bool:
    """Say whether a message tells what is a friend's, or what was in the news: 友達のは2/25まで."""
    return bool(_OF_OTHERS.search(text)) and not speaks_of_oneself(text)


_OF_OTHERS = pattern("phrases", "of_others")
_OF_ONESELF = pattern("phrases", "of_oneself")


def speaks_of_oneself(text: str) -> bool:
    """Say whether the traveller or their household occurs: 友達は使えたけど私は…"""
    return bool(_OF_ONESELF.search(text))


def calls_somebody(text: str) -> bool:
    """Say whether a message calls somebody by name: ゆうくん、塾おわったら電話して."""
    return len(text) <= _EITHER_IN and bool(_VOCATIVE.search(text))


_VOCATIVE = pattern("phrases", "vocative")


def wavers(text: str) -> bool:
    """Say whether a message asks itself twice, and settles nothing: 紙だっけアプリだっけ."""
    return len(text) <= _EITHER_IN and text.count("っけ") > 1


def denies_twice(text: str) -> bool:
    """Say whether a denial is denied: チャージしなかったわけではない. No ranking is sure then."""
    return bool(_DENIED_TWICE.search(text))


_DENIED_TWICE = pattern("phrases", "denied_twice")


def only_states(text: str) -> bool:
    """Say whether the message states something and asks for nothing: まだ使えると思う."""
    return not asks(text) and bool(_STATES.search(text))


def is_a_sentence(text: str) -> bool:
    """Say whether the message has words in it, and is no bare figure: JPY 1,500."""
    return len(_LETTERS.findall(text)) >= _A_SENTENCE


#: Fewer Japanese letters than this are a unit at most.
_A_SENTENCE = 5
_LETTERS = re.compile(r"[ぁ-んー一-龥]")


def greets(plain: str) -> bool:
    """Say whether the whole message is a greeting."""
    return bool(_GREETING.match(plain))


def gives_thanks(plain: str) -> bool:
    """Say whether the whole message gives thanks."""
    return bool(_THANKS.match(plain))


def is_bare(masked: str) -> bool:
    """Say whether a message, its values masked, is one of them and courtesies, and nothing else."""
    return bool(_BARE.fullmatch(masked))


def commands_the_machine(text: str) -> bool:
    """Say whether the message addresses a program instead of answering (instructions, code)."""
    return bool(_INJECTION.search(text))


def without_abuse(text: str) -> str:
    """Return a message without its scolding, which would read as if the coupon were meant."""
    return _ABUSE.sub("", text)


def abuses(text: str) -> bool:
    """Say whether the message scolds."""
    return bool(_ABUSE.search(text))
