"""One spelling for what travellers type: widths, kana, long marks, emoji, line breaks."""

from __future__ import annotations

import re
import unicodedata

from .latin_letters import in_kana

#: Longest message read; LINE's limit is 5,000 and nothing useful comes that late.
MAX_CHARACTERS = 4000

_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufe00-\ufe0f\u20e3\u00ad]")
_DASHES = re.compile("[\u2010-\u2015\u2212\u2500\u2501\ufe58\ufe63\uff0d\u02d7]")
_DOTS = re.compile("[\u00b7\u2022\u2219\u22c5]")
_WAVES = re.compile("[\u301c\u3030\uff5e\u223c\u2053]")
_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
#: えーと…24日: a pause ends what was said before.
_PAUSE = re.compile(r"(?<!\d)[.・]{2,}|[.・]{3,}|。\.+")
#: 24日…と思っていたら: the same sentence goes on.
_PAUSE_BEFORE_REST = re.compile(r"[.・]{2,}(?=\s*(?:と|って|じゃな|ではな|やな|でな))")
#: No number is this long; the grammars of numbers would try every way to cut it.
_ENDLESS_NUMBER = re.compile(
    r"([\d一二三四五六七八九十百千万〇零,]{32})[\d一二三四五六七八九十百千万〇零,]+"
)
#: 2ooo円, o2/24: the letter beside the figure.
_LETTER_ZERO = re.compile(
    r"(?<=\d)o+(?=[\do]*(?:円|えん|年|月|日|[/.-]\d|\d|です|$))|(?<![a-z\d])o(?=\d{1,2}[/月])"
)
#: 2月2□日, 2月2*日: what stands for a figure that nobody can read.
_ILLEGIBLE = re.compile(
    r"(?<=\d)(?:[□■▢◯○●*?※_]|なんとか|何とか|なんちゃら|ほにゃらら)(?=[日月])|(?<=[月/])[□■▢◯○●*※_](?=\d)|(?<=[月/]\d)(?:[□■▢◯]|[○●*※_](?=日))"
)
_BLANKS = re.compile(r"[^\S\n]+")
_REPEATED_MARK = re.compile(r"([!?。、,.…・~ー\-\n♪☆★＊*]|\s)\1+")
_REPEATED_KANA = re.compile(r"([ぁ-んa-z])\1{2,}")
_DRAWN_OUT = re.compile(
    r"(?<=[ぁ-ん])[ー~](?=$|[。、,.!?\s\n)」』])|(?<=[日\d])[ー~](?=$|[。!?\n])"
)
#: ですぅ, よねぇ: a small vowel that only draws out the one before it.
_SMALL_VOWEL = re.compile(
    r"(?:(?<=[あかさたなはまやらわがざだば])ぁ|(?<=[いきしちにひみりぎじび])ぃ|"
    r"(?<=[うくすつぬふむゆるぐずぶ])ぅ|(?<=[えけせてねへめれげぜでべ])ぇ|"
    r"(?<=[おこそとのほもよろごぞどぼ])ぉ)(?=$|[^ぁ-んー])"
)


def normalise(text: str) -> str:
    """Return ``text`` in the one spelling that every grammar and the classifier read.

    Full-width and half-width forms, katakana and hiragana, upper and lower case, dashes,
    drawn-out vowels, emoji and repeated marks become one; line breaks stay, as the ends of
    sentences. Applying it twice changes nothing.

    Args:
        text: any text at all; only its first ``MAX_CHARACTERS`` characters are read.
    """
    spelled = _settled(text[:MAX_CHARACTERS])
    kana = _joined(in_kana(spelled))
    return kana if kana == spelled else _settled(kana)


def _settled(text: str) -> str:
    for _ in range(8):
        after = _once(text)
        if after == text:
            break
        text = after
    return text


#: Words set apart as in a children's book: かみの　まま　です.
_APART = re.compile(r"(?<=[ぁ-んー一-龥]) (?=[ぁ-んー一-龥])")
_KANA = re.compile(r"[ぁ-んー]")


def _joined(text: str) -> str:
    """Return a message whose words are set apart, in kana, without the blanks between them."""
    parts = text.split()
    letters = "".join(parts)
    if len(parts) < 3 or len(letters) > 6 * len(parts):
        return text
    if len(_KANA.findall(letters)) < 0.7 * len(letters):
        return text
    return _APART.sub("", text)


def _once(text: str) -> str:
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = unicodedata.normalize("NFKC", text).lower().translate(_KATAKANA)
    text = _DOTS.sub("・", _WAVES.sub("~", _DASHES.sub("-", text)))
    text = _ILLEGIBLE.sub("□", text)
    text = _LETTER_ZERO.sub(lambda found: "0" * len(found[0]), text)
    text = "".join(character if _is_kept(character) else " " for character in text)
    text = re.sub(r"(?<=\d)ー(?=\d)", "-", text)
    text = _PAUSE.sub("。", _PAUSE_BEFORE_REST.sub("", text))
    text = _ENDLESS_NUMBER.sub(r"\1", text)
    text = _REPEATED_MARK.sub(r"\1", text)
    text = _REPEATED_KANA.sub(r"\1", text)
    text = _DRAWN_OUT.sub("", text)
    text = _SMALL_VOWEL.sub("", text)
    text = re.sub(r" ?\n ?", "\n", _BLANKS.sub(" ", text))
    text = re.sub(r"(?<=[にがを])\n(?=[ぁ-ん])", "", text)  # 2/24に⏎なってる
    return text.strip()


def _is_kept(character: str) -> bool:
    """Say whether a character can carry meaning: not a control, an emoji, a private one."""
    if character == "\n":
        return True
    category = unicodedata.category(character)
    return category[0] in "LNPZM" or character in "~+<>=^|$¥→⇒×○□" or category == "Sc"
