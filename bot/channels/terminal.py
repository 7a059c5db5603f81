"""The terminal's widgets: replies as lines of text, and what a typed line means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from actions.replies import Card, CardRow, Choice, Reply

#: Columns beyond which lines are tiring to read, and below which a card cannot be drawn.
WIDEST, NARROWEST = 78, 24
MARKS = {"met": "✓ あてはまる", "not_met": "× あてはまらない", "unknown": "？ まだわからない"}
#: These must not end or begin a line (Japanese typesetting's 行末 and 行頭禁則, the common ones).
_NEVER_LAST = "（「『【〔〈《([{"
_NEVER_FIRST = (
    "、。，．・：；？！」』）】〕〉》ー々ゃゅょっぁぃぅぇぉャュョッァィゥェォ)]},.!?:;%％円日月年"
)
_WORD = re.compile(r"[\x21-\x7e]+|\s|.", re.DOTALL)
#: ``1)``, ``(1)``, ``１）``, ``1番`` or ``①``: never a bare number, which is an amount or a date.
_PRESS = re.compile(r"\(?([0-9]{1,2})(?:\)|番)")
_CIRCLED = {chr(0x2460 + number): number + 1 for number in range(20)}
_STYLES = {"bold": "1", "soft": "2", "good": "32", "maybe": "33", "accent": "36"}
_TONES = {"eligible": "good", "maybe": "maybe", "not_eligible": "bold", "info": "accent"}


class _Put(Protocol):
    def __call__(self, text: str, style: str = ..., indent: int = ...) -> None: ...


class NoSuchChoiceError(ValueError):
    """A number was typed that no choice in view has; the message says which there are."""


@dataclass(frozen=True)
class Pressable:
    """One choice in view: what is typed for it, what it says, what it sends."""

    number: int
    label: str
    value: str


def columns(text: str) -> int:
    """Return how many terminal columns a text takes (full-width characters take two)."""
    return sum(
        0
        if unicodedata.combining(char) or unicodedata.category(char) in {"Cf", "Mn"}
        else 2
        if unicodedata.east_asian_width(char) in {"W", "F"}
        else 1
        for char in text
    )


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of at most ``width`` columns.

    Between any two Japanese characters, but never before a closing mark nor behind an opening
    one (the character beside it goes along), nor inside a word, number or address that fits on
    a line.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line: list[str] = []
        for piece in _pieces(paragraph, width):
            if line and columns("".join(line) + piece) > width:
                along = [line.pop()] if piece in _NEVER_FIRST and len(line) > 1 else []
                while len(line) > 1 and line[-1] in _NEVER_LAST:
                    along.insert(0, line.pop())
                lines.append("".join(line).rstrip())
                line = along
                if not line and piece.isspace():
                    continue
            line.append(piece)
        lines.append("".join(line).rstrip())
    return lines


def _pieces(paragraph: str, width: int) -> Iterator[str]:
    for piece in _WORD.findall(paragraph):
        if len(piece) <= width:
            yield piece
        else:
            yield from (piece[at : at + width] for at in range(0, len(piece), width))


class Screen:
    """Draws one turn's replies, and remembers which choices it numbered."""

    def __init__(self, width: int, *, colour: bool) -> None:
        """Take the terminal's ``width`` in columns and whether it shows colours."""
        self._width = max(NARROWEST, min(width, WIDEST))
        self._colour = colour
        self._in_view: list[Pressable] = []
        #: Buttons of no interview (an apology's) belong to the one that goes on.
        self._interview = ""

    @property
    def in_view(self) -> Sequence[Pressable]:
        """The choices that can be pressed now."""
        return tuple(self._in_view)

    def draw(self, replies: Iterable[Reply]) -> list[str]:
        """Return a turn's lines; its choices are numbered through, in place of earlier ones."""
        lines: list[str] = []
        self._in_view = []
        for reply in replies:
            lines.append("")
            if reply.card:
                lines += self._card(reply.card)
            else:
                lines += wrap(reply.text, self._width)
            for link in reply.links:
                sign = "☎" if link.kind == "phone" else "→"
                lines.append(f"  {sign} {link.label}：{self._style('accent', link.target)}")
            lines += self._choices(reply.choices, reply.interview)
            if reply.date_picker:
                picker = reply.date_picker
                hint = f"日付はそのまま書けます（{picker.earliest} から {picker.latest} まで）"
                lines += [self._style("soft", f"  {line}") for line in wrap(hint, self._width - 2)]
        return lines

    def read(self, line: str) -> Mapping[str, str]:
        """Return the engine's turn for a typed line: a button pressed, or text.

        Raises:
            NoSuchChoiceError: a choice's number was typed and no choice in view has it.
        """
        text = line.strip()
        number = _CIRCLED.get(text)
        if number is None:
            found = _PRESS.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
            if not found:
                return {"text": text}
            number = int(found[1])
        for choice in self._in_view:
            if choice.number == number:
                return {"button": choice.value}
        if not self._in_view:
            raise NoSuchChoiceError("いま選べる番号はありません。文字で書いてください。")
        raise NoSuchChoiceError(
            f"いま選べる番号は 1) から {len(self._in_view)}) までです。文字で書いても大丈夫です。"
        )

    def label(self, value: str) -> str:
        """Return what a choice in view says."""
        return next(choice.label for choice in self._in_view if choice.value == value)

    def note(self, text: str) -> list[str]:
        """Return lines said by the program itself."""
        return [self._style("soft", line) for line in wrap(text, self._width)]

    def _choices(self, choices: Sequence[Choice], interview: str) -> list[str]:
        cells = []
        self._interview = interview or self._interview
        for choice in choices:
            number = len(self._in_view) + 1
            self._in_view.append(
                Pressable(number, choice.label, f"{self._interview}:{choice.token}")
            )
            cells.append(f"{number}) {choice.label}")
        lines: list[str] = []
        line = ""
        for cell in cells:
            if line and columns(line) + 3 + columns(cell) > self._width - 2:
                lines.append(f"  {self._style('accent', line)}")
                line = ""
            line = f"{line}   {cell}" if line else cell
        return [*lines, f"  {self._style('accent', line)}"] if line else lines

    def _card(self, card: Card) -> list[str]:
        inner = self._width - 4
        tone = _TONES[card.tone]
        lines = [self._style(tone, f"┌{'─' * (self._width - 2)}┐")]

        def put(text: str, style: str = "", indent: int = 0) -> None:
            for line in wrap(text, inner - indent):
                filled = " " * indent + line
                pad = " " * max(0, inner - columns(filled))
                side = self._style(tone, "│")
                lines.append(f"{side} {self._style(style, filled)}{pad} {side}")

        def rule() -> None:
            lines.append(self._style(tone, f"├{'─' * (self._width - 2)}┤"))

        put(card.title, "soft")
        put(card.headline, "bold")
        before: bool | None = None
        for row in card.rows:
            if (row.mark is None) != before:
                rule()
            before = row.mark is None
            self._row(row, put)
        if card.footer:
            rule()
            put(card.footer, "soft")
        lines.append(self._style(tone, f"└{'─' * (self._width - 2)}┘"))
        return lines

    def _row(self, row: CardRow, put: _Put) -> None:
        if row.mark is not None:
            style = {"met": "good", "unknown": "maybe"}.get(row.mark, "")
            put(f"{MARKS.get(row.mark, MARKS['unknown'])}：{row.label}", style)
        else:
            put(f"■ {row.label}", "bold")
        if row.text:
            put(row.text, indent=3)

    def _style(self, style: str, text: str) -> str:
        if not self._colour or not style or not text:
            return text
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"
