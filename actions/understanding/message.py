"""One message, with everything the grammars read in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Optional

from . import phrases
from .amounts import read_balance, replaces_a_sum
from .app import read_app
from .dates import read_expiry
from .incident import IncidentReading, read_incident
from .leads import without_lead
from .normalise import normalise
from .patterns import pattern
from .places import read_place
from .stay import read_stay
from .understood import Reading, Reason
from .variants import canonical

#: Where a statement ends and a question may begin: 紙のままなんですが|どうすればいいですか.
_CLAUSE = pattern("message", "clause")


@dataclass(frozen=True)
class Message:
    """A message in the light of the pending question: its text and the grammars' readings.

    ``values`` were read for certain, ``cued`` are those whose words call them an answer (期限は…,
    残りは…); ``doubts`` were read and cannot be taken. ``typed`` is the text as it came; ``told``
    is the canonical text without the sentences that only ask something; ``quoted`` is the notation
    that a value was read from; ``concluded`` are the questions whose value a story comes to in the
    end.
    """

    question: Optional[str]
    typed: str
    plain: str
    text: str
    told: str
    corrected: bool
    asking: bool
    values: dict[str, Any] = field(default_factory=dict)
    doubts: dict[str, Reading] = field(default_factory=dict)
    concluded: set[str] = field(default_factory=set)
    cued: set[str] = field(default_factory=set)
    quoted: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str, question: Optional[str], as_of: Optional[datetime]) -> Message:
        """Read a message as typed."""
        plain = normalise(text)
        written = canonical(plain)
        message = cls(
            question=question,
            typed=text,
            plain=plain,
            text=written,
            told=_told(phrases.without_abuse(written)),
            corrected=phrases.corrects(written),
            asking=phrases.asks(written),
        )
        message._read_place()
        message._read_expiry(as_of)
        message._read_incident()
        message._read_balance()
        message._read_app()
        message._read_stay()
        message._read_conclusion()
        return message

    def _read_place(self) -> None:
        reading = read_place(self.plain, asked=self.question == "campaign")
        if reading is None:
            return
        if reading.value is not None:
            self.values["campaign"] = reading.value
            self.quoted["campaign"] = reading.text
        elif reading.reason is not None:
            self.doubts["campaign"] = Reading(
                reading.reason, "campaign", reading.text, reading.candidates
            )

    def _read_expiry(self, as_of: Optional[datetime]) -> None:
        asked = self.question == "expires" or (
            self.corrected and bool(_OF_A_DATE.search(self.plain))
        )
        reading = read_expiry(self.plain, asked=asked, corrected=self.corrected, as_of=as_of)
        if reading is None:
            return
        if reading.value is not None:
            self.values["expires"] = reading.value.isoformat()
            self.quoted["expires"] = reading.text
            if reading.cued:
                self.cued.add("expires")
        elif reading.reason is not None:
            days = tuple(day.isoformat() for day in reading.candidates)
            self.doubts["expires"] = Reading(reading.reason, "expires", reading.text, days)

    def _read_incident(self) -> None:
        told = self.told
        if not told.strip("。、 ") and "のに" in self.text and not phrases.supposes(self.text):
            told = self.text  # 現金で払ったのに引き落としって何なんですか: a complaint, no question
        reading = _told_incident(told) if self.is_story else read_incident(told)
        if reading.value is not None:
            self.values["incident"] = reading.value
        elif reading.candidates:
            reason: Reason = "unsure" if reading.doubted else "ambiguous"
            self.doubts["incident"] = Reading(reason, "incident", "", reading.candidates)

    def _read_balance(self) -> None:
        asked = self.question == "balance"
        named = self.corrected and bool(re.search(r"残[高額り]", self.text))
        named = named or replaces_a_sum(self.text)
        for part in self._parts():
            reading = read_balance(self.plain, part, asked=asked or named)
            if reading is None or not (asked or named or reading.stated):
                continue
            if self.is_story and not reading.stated:
                continue
            beside = not (asked or named) and reading.value not in (None, "some", 0)
            if beside and not _SUM_LEFT.search(part):
                continue  # 履歴に千円の利用があって残高も減ってた
            if reading.value is not None:
                self.values["balance"] = reading.value
                if reading.stated:
                    self.cued.add("balance")
            elif reading.reason is not None and "balance" not in self.values:
                self.doubts["balance"] = Reading(
                    reading.reason, "balance", reading.text, reading.candidates
                )

    def _read_conclusion(self) -> None:
        """Read what a story comes to: だからアプリに入ったままです outweighs what led to it."""
        concluded = phrases.conclusion(self.told) if len(self.text) > CONCLUDED else ""
        if not concluded:
            return
        read: dict[str, Any] = {
            "incident": read_incident(concluded).value,
            "app": read_app(concluded).value,
            "stay": read_stay(concluded)[0],
        }
        balance = read_balance(concluded, concluded, asked=self.question == "balance")
        if self.question == "balance" and balance is not None:
            read["balance"] = balance.value
        value = read.get(self.question or "")
        if value is not None and self.question is not None:
            self.values[self.question] = value
            self.doubts.pop(self.question, None)
            self.concluded.add(self.question)

    def _read_app(self) -> None:
        readings = [read_app(part) for part in self._parts()]
        values = {reading.value for reading in readings if reading.value is not None}
        if len(values) == 1:
            self.values["app"] = values.pop()
            return
        for reading in readings:
            if reading.reason is not None:
                self.doubts["app"] = Reading(reading.reason, "app", "", reading.candidates)
        if values:
            self.doubts["app"] = Reading("ambiguous", "app", "", tuple(sorted(map(str, values))))

    def _read_stay(self) -> None:
        readings = [read_stay(part) for part in self._parts()]
        values = {value for value, _ in readings if value is not None}
        if len(values) == 1:
            self.values["stay"] = values.pop()
        elif values or any(candidates for _, candidates in readings):
            self.doubts["stay"] = Reading("ambiguous", "stay", "", ("overnight", "day_trip"))

    @property
    def is_story(self) -> bool:
        """Say whether the message is so long that each sentence has to be read by itself."""
        return len(self.told) > STORY

    @property
    def only_asks(self) -> bool:
        """Say whether the message asks something and states nothing."""
        return self.asking and not self.told.strip("。、 ")

    def sentences(self) -> list[str]:
        """Return its sentences, in order."""
        return _sentences(self.text)

    def _parts(self) -> list[str]:
        """Return what is told, as a whole, or sentence by sentence where it is a story."""
        return _sentences(self.told) if self.is_story else [self.told]


#: A sum that is said to be left, beside another answer.
_SUM_LEFT = re.compile(
    r"(?:残|余|のこ|あと)[^。\n]{0,8}?[\d一二三四五六七八九十百千万]+円?"
    r"(?![^。、\n]{0,4}(?:減|引|取|使|払|消))"
    r"|円[^。、\n]{0,4}?(?:残|余|のこ|あ(?:り|る)|そのまま|手つかず|未使用)|円分"
)
#: さっきの日付、26だった: what is taken back is the expiry.
_OF_A_DATE = re.compile(r"期限|日付|日にち")
#: More characters than this are a story.
STORY = 120
#: In fewer characters than this, だから concludes nothing that was not just said.
CONCLUDED = 40
#: Where a story speaks of such things, 使えなかった alone is not the whole of it.
_DEDUCTION = re.compile(r"減[っらり少]|引か|引き落|消え|ぜろ|0円|使用済|決済済|取られ|なくなっ")
_AT_THE_TILL = pattern("message", "at_the_till")
_OTHERS = re.compile(
    r"(?:人|方|客|友達|友人|知人|みんな|皆|sns|ついったー|ねっと|にゅーす)(?:さん)?(?:が|も|は|で|に(?:は|も))"
)


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"[。!?\n]+", text) if part.strip()]


def _told_incident(text: str) -> IncidentReading:
    """Read a story in runs of up to three sentences, leaving out what befell others.

    What was deducted outweighs what could not be used: both are told of the same evening.
    """
    sentences = [part for part in _sentences(text) if not _OTHERS.search(part)]
    windows = ["。".join(sentences[i : i + n]) for n in (1, 2, 3) for i in range(len(sentences))]
    readings = [read_incident(window) for window in windows]
    values = {reading.value for reading in readings if reading.value is not None}
    grave = values & {"paid_otherwise_and_deducted", "charged_twice"}
    if len(grave) == 1:
        return IncidentReading(grave.pop())
    if grave or any(reading.doubted for reading in readings):
        return IncidentReading(candidates=tuple(sorted(grave)) or ("unusable",), doubted=True)
    if values == {"unusable"} and _DEDUCTION.search("。".join(sentences)):
        return IncidentReading(candidates=("paid_otherwise_and_deducted", "unusable"), doubted=True)
    if any("paid_otherwise_and_deducted" in reading.candidates for reading in readings):
        return IncidentReading(candidates=("paid_otherwise_and_deducted", "unusable"))
    if "unusable" in values:
        # 肝心なときに機械が止まるなんて: a rant, not what befell its writer
        told = any(
            reading.value == "unusable" and _AT_THE_TILL.search(window)
            for window, reading in zip(windows, readings, strict=True)
        )
        return IncidentReading("unusable") if told else IncidentReading()
    return IncidentReading(values.pop()) if len(values) == 1 else IncidentReading()


def _told(text: str) -> str:
    """Return the clauses of a message that state something, in order."""
    text = without_lead(without_lead(text, _UNLIKE_MINE, ""), _WITHDRAWN, "。\n")
    clauses = [text[start:end] for start, end in _spans(text)]
    return "".join(
        clause
        for index, clause in enumerate(clauses)
        if not _only_asks(clause) and not (index + 1 < len(clauses) and _TAKEN_BACK.search(clause))
    )


_WITHDRAWN = pattern("message", "withdrawn")
_UNLIKE_MINE = pattern("message", "unlike_mine")
#: さっき残ってるって言ったけど: what follows says how it is.
_TAKEN_BACK = pattern("message", "taken_back")


def _spans(text: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for found in _CLAUSE.finditer(text):
        end = found.end()
        if end > start:
            spans.append((start, end))
            start = end
    if start < len(text):
        spans.append((start, len(text)))
    return spans


#: 24日でしたか, チャージしたかな: an answer said doubtfully.
_ECHO = re.compile(r"(?:た|だ|まし|でし)(?:ん)?(?:です)?か(?:な|ね)?[?。\s]*$")


#: しっかり引かれてるじゃないの: it is.
_EXCLAIMS = re.compile(r"(?:て|で)(?:い)?(?:る|た)(?:ん)?じゃ(?:ない(?:の|か|です)|ん(?:か|$|。))")


def _only_asks(clause: str) -> bool:
    """Say whether a clause asks for something, rather than answering with a doubtful tone."""
    if not phrases.asks(clause) or _EXCLAIMS.search(clause):
        return False
    if phrases.supposes(clause):
        return True
    return phrases.asks_openly(clause) and not (
        _ECHO.search(clause) and not phrases.asks_openly(_ECHO.sub("", clause))
    )
