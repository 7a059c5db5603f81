"""Japanese typed in Latin letters, written in kana: tsukaenakatta → つかえなかった."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

#: Not from ``calendar_bounds``, which reads dates in the spelling made here.
DATA = Path(__file__).parent / "data"

_VOWELS = "aiueo"
_ROWS = {
    "": "あいうえお",
    "k": "かきくけこ",
    "g": "がぎぐげご",
    "s": "さしすせそ",
    "z": "ざじずぜぞ",
    "t": "たちつてと",
    "d": "だぢづでど",
    "n": "なにぬねの",
    "h": "はひふへほ",
    "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ",
    "m": "まみむめも",
    "r": "らりるれろ",
}
#: Consonant and glide before a, u, o: kya → きゃ, sha → しゃ.
_GLIDES = {
    "ky": "き", "gy": "ぎ", "sy": "し", "sh": "し", "zy": "じ", "jy": "じ", "j": "じ", "ty": "ち",
    "ch": "ち", "cy": "ち", "ny": "に", "hy": "ひ", "by": "び", "py": "ぴ", "my": "み", "ry": "り",
}  # fmt: skip
_SINGLE = {
    "shi": "し", "chi": "ち", "tsu": "つ", "ji": "じ", "fu": "ふ", "ya": "や", "yu": "ゆ",
    "yo": "よ", "wa": "わ", "wo": "を", "fa": "ふぁ", "fi": "ふぃ", "fe": "ふぇ", "fo": "ふぉ",
    "she": "しぇ", "che": "ちぇ", "je": "じぇ", "ti": "てぃ",
}  # fmt: skip


def _syllables() -> dict[str, str]:
    found = {
        row + vowel: kana
        for row, line in _ROWS.items()
        for vowel, kana in zip(_VOWELS, line, strict=True)
    }
    for glide, kana in _GLIDES.items():
        for vowel, small in (("a", "ゃ"), ("u", "ゅ"), ("o", "ょ")):
            found[glide + vowel] = kana + small
    # typed as on a keyboard: ti is ち there as well, and far more often than てぃ
    return {**found, **_SINGLE, "ti": "ち", "tu": "つ", "si": "し", "hu": "ふ", "zi": "じ"}


_SYLLABLES = _syllables()
_SYLLABLE = "|".join(sorted(_SYLLABLES, key=len, reverse=True))
#: A word: syllables, doubled consonants (tta → った), ん, long marks.
_PIECE = re.compile(
    rf"(?P<double>([kgsztdbpcmr])(?=\2)|t(?=ch))|(?P<one>{_SYLLABLE})|"
    r"(?P<n>n'|nn?(?![aiueoy])|n(?=n))|(?P<long>-)"
)
_WORD = re.compile(rf"(?:(?:([kgsztdbpc])(?=\1)|t(?=ch))|{_SYLLABLE}|n'|n(?![aiueoy])|-)+")
_LETTERS = re.compile(r"[a-z][a-z'\-]*")
#: Particles are written as they sound.
_PARTICLES = {"wa": "は", "e": "へ"}
#: n before y is ん where the syllable with n makes no word.
_SPELLED = {"kinyou": "kin'you"}


@cache
def _words(name: str) -> frozenset[str]:
    loaded = yaml.safe_load((DATA / "latin.yml").read_text(encoding="utf-8"))
    return frozenset(loaded[name])


@cache
def _as_they_are() -> frozenset[str]:
    """Return the words that stay: brands, and places, which the gazetteer has in Latin letters."""
    names = re.findall(r"[a-z]{3,}", (DATA / "places.yml").read_text(encoding="utf-8"))
    return _words("as_they_are") | frozenset(names)


def in_kana(text: str) -> str:
    """Return a message typed in Latin letters in kana, any other as it is.

    Only where every Latin word in it can be read as Japanese syllables: half a sentence in
    English stays English.

    Args:
        text: normalised text, in small letters.
    """
    text = _HALF_TYPED.sub(_completed, text)
    words = _LETTERS.findall(text)
    read = [word for word in words if word.strip("-'") not in _as_they_are()]
    if not read or not all(_WORD.fullmatch(word) for word in read):
        return text
    if all(word in _words("english") for word in read) or max(map(len, read)) < 3:
        return text
    kana = _LETTERS.sub(lambda found: _kana(found[0]), text)
    # Blanks stood between words.
    return re.sub(r"(?<=[ぁ-んー0-9]) (?=[ぁ-んー])", "", kana)


#: かごしmあ, ませn: a key pressed before the keyboard was ready.
_HALF_TYPED = re.compile(
    r"(?<=[ぁ-んー])([kgsztdnhbpmr])([あいうえお])|(?<=[ぁ-ん])n(?=$|[。、!?\s])"
)


def _completed(found: re.Match[str]) -> str:
    if found[1] is None:
        return "ん"
    return _ROWS[found[1]]["あいうえお".index(found[2])]


def _kana(word: str) -> str:
    if word.strip("-'") in _as_they_are():
        return word
    for spelled, read in _SPELLED.items():
        word = word.replace(spelled, read)
    return _PARTICLES.get(word) or _PIECE.sub(_piece, word)


def _piece(found: re.Match[str]) -> str:
    if found["double"]:
        return "っ"
    if found["n"]:
        return "ん"
    if found["long"]:
        return ""
    return _SYLLABLES[found["one"]]
