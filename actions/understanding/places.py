"""Which prefecture a message names, by any of the names in the gazetteer (``data/places.yml``)."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Optional

import yaml

from ..answers import CAMPAIGNS
from .calendar_bounds import DATA
from .patterns import pattern, source
from .understood import Reason

_FOLD = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


@dataclass(frozen=True)
class PlaceReading:
    """The campaign (``value``), or why none can be taken; ``text`` names what was read."""

    value: Optional[str] = None
    reason: Optional[Reason] = None
    text: str = ""
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Place:
    start: int
    end: int
    text: str
    campaign: Optional[str]
    elsewhere: Optional[str]


_POLITE = source("places", "polite")
_ORIGIN = pattern("places", "origin")
_HOME_BEFORE = pattern("places", "home_before")
_DENIED = pattern("places", "denied")
_SUPERSEDED = pattern("places", "superseded")
_PASSING = pattern("places", "passing")
#: 友達の千葉さん: a person of that name.
_PERSON = pattern("places", "person")
_FORMER_BEFORE = pattern("places", "former_before")
_FORMER_AFTER = pattern("places", "former_after")
#: What says that this is the place meant, the surest first.
_MEANT = tuple(
    (pattern("places", f"{key}_before"), pattern("places", f"{key}_after"))
    for key in ("coupon", "this_time", "side")
)
_REPAIR = pattern("repairs", "repair")
_PAIR = re.compile(r"(?:県|府|都|市)?\s*(?:と|や|&|・|も)\s*")


@dataclass(frozen=True)
class _Name:
    """One name: its letters, a pattern where letters alone do not settle it, what it means."""

    letters: str
    pattern: Optional[str]
    campaign: Optional[str]
    elsewhere: Optional[str]


@lru_cache(maxsize=2)
def _gazetteer(asked: bool) -> dict[str, tuple[_Name, ...]]:
    """Return the names by their first letter, the longest first (北軽井沢 before 軽井沢)."""
    data = yaml.safe_load((DATA / "places.yml").read_text(encoding="utf-8"))
    names: list[_Name] = []
    for campaign in CAMPAIGNS:
        names += [_name(name, campaign, None) for name in data[campaign]["sure"]]
        if asked:
            for name in data[campaign]["asked"]:
                names.append(_name(name, campaign, None, word=True))
        if asked:
            slips = itertools.product(
                *(part.strip("[]") for part in data["misconverted"][campaign])
            )
            for letters in slips:
                names.append(_name("".join(letters), campaign, None, word=True))
    for prefecture, others in data["elsewhere"].items():
        for name in others:
            kana = re.fullmatch(r"[ぁ-んa-z]+", _LOOKAROUND.sub("", name.translate(_FOLD)))
            names.append(_name(name, None, prefecture, word=bool(kana)))
    by_letter: dict[str, list[_Name]] = {}
    for entry in sorted(names, key=lambda entry: -len(entry.letters)):
        by_letter.setdefault(entry.letters[0], []).append(entry)
    return {letter: tuple(entries) for letter, entries in by_letter.items()}


_LOOKAROUND = re.compile(r"\(\?[^)]*\)")


def _name(
    name: str, campaign: Optional[str], elsewhere: Optional[str], *, word: bool = False
) -> _Name:
    folded = name.translate(_FOLD)
    # Normalising drops a long mark at the end: でぃずに.
    letters = _LOOKAROUND.sub("", folded).rstrip("ー")
    pattern = _as_word(folded) if word else None
    if pattern is None and letters != folded:
        pattern = folded.rstrip("ー")
    return _Name(letters, pattern, campaign, elsewhere)


def _as_word(name: str) -> str:
    """Let a name count only where it stands as a word of its own."""
    if name in ("なら", "いまなら"):
        # もし24日なら, 今なら: a name only right at the beginning, or after 「場所は」.
        return (
            rf"(?:(?<![^\s、。])|(?<=[はが])){name}"
            r"(?=です|でし|だ(?!と)|けん|県|。|!|$|に行|に泊|の(?:ほてる|旅館|くーぽん|大仏|やつ|方|ほう)|きゃんぺーん|公園)"
        )
    if re.match(r"[a-z]", name):
        return rf"(?<![a-z]){name}(?![a-z])"
    if re.match(r"[ぁ-ん]", name):
        return rf"(?<![ぁ-ん]){name}(?={_POLITE})|(?<=[はがでの]){name}(?={_POLITE})"
    return rf"(?<![一-龥]){name}(?={_POLITE})"


def _find(plain: str, *, asked: bool) -> list[_Place]:
    gazetteer = _gazetteer(asked)
    places: list[_Place] = []
    position = 0
    while position < len(plain):
        name = next(
            (
                entry
                for entry in gazetteer.get(plain[position], ())
                if _stands(entry, plain, position)
            ),
            None,
        )
        if name is None:
            position += 1
            continue
        end = position + len(name.letters)
        places.append(_Place(position, end, name.letters, name.campaign, name.elsewhere))
        position = end
    return places


def _stands(name: _Name, plain: str, position: int) -> bool:
    if not plain.startswith(name.letters, position):
        return False
    return name.pattern is None or _compiled(name.pattern).match(plain, position) is not None


@cache
def _compiled(source: str) -> re.Pattern[str]:
    """Compile a name's pattern when it is first met: all of them would take a second."""
    return re.compile(source)


def read_place(plain: str, *, asked: bool) -> Optional[PlaceReading]:
    """Return the campaign a message names, or ``None`` when it names no place.

    Args:
        plain: normalised text.
        asked: whether the place is the pending question (short names count then).
    """
    places = _find(plain, asked=asked)
    if not places:
        return _one_letter_off(plain) if asked else None
    denied: set[Optional[str]] = set()
    kept: list[_Place] = []
    for index, place in enumerate(places):
        tail = plain[place.end : places[index + 1].start if index + 1 < len(places) else len(plain)]
        replaced = index + 1 < len(places) and (_SUPERSEDED.match(tail) or _REPAIR.search(tail))
        # 奈良でも群馬でもない
        follower = places[index + 1] if index + 1 < len(places) else None
        neither = follower and tail.strip() == "でも" and _DENIED.match(plain[follower.end :])
        if _DENIED.match(tail) or replaced or neither:
            denied.add(place.campaign or place.elsewhere)
            continue
        if _PERSON.match(tail) or _HOME_BEFORE.search(plain[: place.start]):
            continue
        if _ORIGIN.match(tail) or (len(places) > 1 and _PASSING.match(tail)):
            continue
        kept.append(place)
    kept = _meant(plain, places, kept)
    # 京都じゃなくて奈良です。京都は…: what was denied once is not meant later either.
    kept = [p for p in kept if (p.campaign or p.elsewhere) not in denied] or kept
    if not kept:
        text = places[0].elsewhere or places[0].text
        return PlaceReading(reason="incomplete", text=text) if asked else None
    campaigns = tuple(dict.fromkeys(place.campaign for place in kept if place.campaign))
    elsewhere = tuple(dict.fromkeys(place.elsewhere for place in kept if place.elsewhere))
    if not asked and (len(campaigns) != 1 or elsewhere):
        return None
    if len(campaigns) == 1 and not elsewhere:
        return PlaceReading(campaigns[0], text=kept[0].text)
    if campaigns:
        text = "、".join(dict.fromkeys(place.text for place in kept))
        return PlaceReading(reason="ambiguous", text=text, candidates=campaigns)
    return PlaceReading(reason="outside", text=elsewhere[0])


def _meant(plain: str, places: list[_Place], kept: list[_Place]) -> list[_Place]:
    """Return those of several places that are said to be this journey's, or all of them.

    Args:
        plain: normalised text.
        places: all that it names.
        kept: those that are neither denied nor passed by.
    """
    if len({place.campaign or place.elsewhere for place in kept}) < 2:
        return kept
    heads = {p: plain[(places[i - 1].end if i else 0) : p.start] for i, p in enumerate(places)}
    ends = [place.start for place in places[1:]] + [len(plain)]
    tails = {place: plain[place.end : end] for place, end in zip(places, ends, strict=True)}
    now = [
        place
        for place in kept
        if not _FORMER_BEFORE.search(heads[place]) and not _FORMER_AFTER.match(tails[place])
    ]
    kept = now or kept
    # 岩手と奈良でもらった: what follows is said of both.
    paired = {p for p in kept[1:] if _PAIR.fullmatch(heads[p])}
    listed = {p for p in kept[1:] if heads[p].strip() == "、"}
    for index, (before, after) in enumerate(_MEANT):
        joined = paired if index else paired | listed
        marked = [
            p
            for p in kept
            if before.search(heads[p]) or (p not in joined and after.match(tails[p]))
        ]
        meant = {place.campaign or place.elsewhere for place in marked}
        if len(meant) == 1:
            return [p for p in kept if (p.campaign or p.elsewhere) in meant]
    return kept


_ENDING = re.compile(
    r"(?:です|でした|だ|だよ|やで|や|の(?:やつ|方|ほう|くーぽん|旅)?|ですね|よ|ね|。|!|、|\s|と思います)*$"
)


def _one_letter_off(plain: str) -> Optional[PlaceReading]:
    """Return the campaign whose name is the whole message, but for one letter."""
    said = _ENDING.sub("", plain).strip()
    if not 3 <= len(said) <= 14:
        return None
    near = {
        campaign for campaign, names in _by_heart() if any(_is_near(said, name) for name in names)
    }
    return PlaceReading(near.pop(), text=said) if len(near) == 1 else None


@lru_cache(maxsize=1)
def _by_heart() -> tuple[tuple[str, tuple[str, ...]], ...]:
    data = yaml.safe_load((DATA / "places.yml").read_text(encoding="utf-8"))["by_heart"]
    return tuple(
        (campaign, tuple(name.translate(_FOLD) for name in names))
        for campaign, names in data.items()
    )


def _is_near(said: str, name: str) -> bool:
    """Say whether two words differ by one letter left out, put in or exchanged, or two swapped."""
    if abs(len(said) - len(name)) > 1 or (said[0] != name[0] and said[1:] != name[1:]):
        return False
    start = 0
    while start < min(len(said), len(name)) and said[start] == name[start]:
        start += 1
    if len(said) == len(name):
        swapped = said[start + 1 : start + 2] + said[start : start + 1] + said[start + 2 :]
        return said[start + 1 :] == name[start + 1 :] or swapped == name[start:]
    longer, shorter = (said, name) if len(said) > len(name) else (name, said)
    return longer[start + 1 :] == shorter[start:]


def place_spans(plain: str, *, elsewhere: bool = False) -> list[tuple[int, int]]:
    """Return where the five prefectures are named in normalised text, or the others."""
    return [
        (place.start, place.end)
        for place in _find(plain, asked=False)
        if (place.elsewhere is not None) == elsewhere
    ]
