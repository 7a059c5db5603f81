"""One message, with everything the grammars read in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Optional

from . import phrases
from .amounts import read_balance
from .app import read_app
from .dates import read_expiry
from .incident import read_incident
from .normalise import normalise
from .places import read_place
from .stay import read_stay
from .understood import Reading, Reason
from .variants import canonical

#: Where a statement ends and a question may begin: 紙のままなんですが|どうすればいいですか.
_CLAUSE = re.compile(
    r"(?<=んですが)|(?<=のですが)|(?<=ですが)|(?<=ですけど)|(?<=んだけど)|(?<=だけど)|(?<=たけど)|(?<=ましたが)|(?<=ませんが)|(?<=ますが)|(?<=[るたい]けど)|(?<=けれど)|(?<=けれども)|(?<=ので)|[。\n!?]+"
)


@dataclass(frozen=True)
class Message:
    """A message in the light of the pending question: its text and the grammars' readings.

    ``values`` were read for certain; ``doubts`` were read and cannot be taken. ``told`` is the
    canonical text without the sentences that only ask something.
    """

    question: Optional[str]
    plain: str
    text: str
    told: str
    corrected: bool
    asking: bool
    values: dict[str, Any] = field(default_factory=dict)
    doubts: dict[str, Reading] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str, question: Optional[str], as_of: Optional[datetime]) -> Message:
        """Read a message as typed."""
        plain = normalise(text)
        written = canonical(plain)
        message = cls(
            question=question,
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
        return message

    def _read_place(self) -> None:
        reading = read_place(self.plain, asked=self.question == "campaign")
        if reading is None:
            return
        if reading.value is not None:
            self.values["campaign"] = reading.value
        elif reading.reason is not None:
            self.doubts["campaign"] = Reading(
                reading.reason, "campaign", reading.text, reading.candidates
            )

    def _read_expiry(self, as_of: Optional[datetime]) -> None:
        asked = self.question == "expires"
        reading = read_expiry(self.plain, asked=asked, corrected=self.corrected, as_of=as_of)
        if reading is None:
            return
        if reading.value is not None:
            self.values["expires"] = reading.value.isoformat()
        elif reading.reason is not None:
            days = tuple(day.isoformat() for day in reading.candidates)
            self.doubts["expires"] = Reading(reading.reason, "expires", reading.text, days)

    def _read_incident(self) -> None:
        reading = read_incident(self.told)
        if reading.value is not None:
            self.values["incident"] = reading.value
        elif reading.candidates:
            reason: Reason = "unsure" if reading.doubted else "ambiguous"
            self.doubts["incident"] = Reading(reason, "incident", "", reading.candidates)

    def _read_balance(self) -> None:
        asked = self.question == "balance"
        reading = read_balance(self.plain, self.told, asked=asked)
        if reading is None or not (asked or reading.stated):
            return
        if reading.value is not None:
            self.values["balance"] = reading.value
        elif reading.reason is not None:
            self.doubts["balance"] = Reading(
                reading.reason, "balance", reading.text, reading.candidates
            )

    def _read_app(self) -> None:
        reading = read_app(self.told)
        if reading.value is not None:
            self.values["app"] = reading.value
        elif reading.reason is not None:
            self.doubts["app"] = Reading(reading.reason, "app", "", reading.candidates)

    def _read_stay(self) -> None:
        value, candidates = read_stay(self.told)
        if value is not None:
            self.values["stay"] = value
        elif candidates:
            self.doubts["stay"] = Reading("ambiguous", "stay", "", candidates)


def _told(text: str) -> str:
    """Return the clauses of a message that state something, in order."""
    clauses = [text[start:end] for start, end in _spans(text)]
    return "".join(
        clause
        for index, clause in enumerate(clauses)
        if not _only_asks(clause) and not (index + 1 < len(clauses) and _TAKEN_BACK.search(clause))
    )


#: さっき残ってるって言ったけど: what follows says how it is.
_TAKEN_BACK = re.compile(
    r"(?:と|って)(?:ばかり)?(?:思っ(?:た|て(?:い)?(?:た|まし))|思いまし|言っ(?:た|て(?:い)?(?:た|まし))|言いまし|答え(?:た|まし|て)|書い(?:た|て(?!あ))|書きまし|"
    r"入力し(?:た|まし)|押し(?:た|まし)|選(?:んだ|びまし)|勘違いし)[^。\n]{0,6}?(?:けど|けれど(?:も)?|が)$"
)


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


_ECHO = re.compile(
    r"(?:ですか(?:ね|な)|でしょうか(?:ね)?|ですよね|(?:だ|で)?(?:った|した)?っけ|かな|だろうか|で(?:いい|よい|よろしい|合って)(?:です|ます|の)?(?:か|かな|よね|\?)?|ですか|ますか|ましたか|でしたか|\?)[?。\s]*$"
)


def _only_asks(clause: str) -> bool:
    """Say whether a clause asks for something, rather than answering with a doubtful tone."""
    if not phrases.asks(clause):
        return False
    if phrases.supposes(clause):
        return True
    open_question = re.search(
        r"どこ|いつ|どう(?!も)|何(?!も|回|度|か)|なに(?!も)|なん(?:で|です|の)|いくら(?!か)|どれ|どの|どんな|誰|なぜ|対象|補償|もらえ|必要|べき|大丈夫|問題(?:あり|ない)|教え|知り|くれ|くださ|いい(?:です|の)?か|だめ|無効|有効(?:です|な)?か|でき(?:ます|る|ない|ません)(?:の|ん)?(?:です)?か|使え(?:ます|る)(?:の|ん)?(?:です)?か|返(?:金|って)|戻って(?:く|き)|戻(?:る|り)|(?:って|とは)(?:$|[、。?]|何)|(?:ます|ません)か",
        clause,
    )
    return bool(open_question) and not (
        _ECHO.search(clause)
        and re.search(r"(?:た|だ|まし|でし)(?:ん)?(?:です)?か(?:な|ね)?[?。\s]*$", clause)
        and not re.search(r"どう|どこ|いつ|何|いくら|対象|補償|必要", clause)
    )
