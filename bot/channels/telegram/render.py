"""Replies as Telegram messages: HTML text, inline keyboards, phone numbers as text."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from actions.replies import Choice, Link, Reply
from bot.channels import utf16
from bot.channels.telegram import limits
from bot.channels.texts import own_texts
from bot.channels.written import card_lines

Button = dict[str, str]
#: Room for the words of one message; the rest is for the note before a second try.
ROOM = limits.TEXT - 64


@dataclass
class _Part:
    """One message in the making: lines of (text, bold), and its buttons."""

    lines: list[tuple[str, bool]] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    @property
    def units(self) -> int:
        return sum(utf16.length(text) + 1 for text, _ in self.lines)


def render(replies: Sequence[Reply]) -> list[dict[str, Any]]:
    """Return the messages that say these replies: ``{"text": HTML, "keyboard": rows or None}``.

    Neighbouring replies share a message while they fit, since Telegram takes about one a second
    in a chat; a card stands alone. The buttons of joined replies stand together below them.
    """
    parts: list[_Part] = []
    for reply in replies:
        part = _part(reply)
        last = parts[-1] if parts else None
        joinable = (
            last is not None
            and reply.card is None
            and last.units + 1 + part.units <= ROOM
            and len(last.buttons) + len(part.buttons) <= limits.BUTTONS
        )
        if last is not None and joinable:
            gap = [("", False)] if last.lines and part.lines else []
            last.lines += gap + part.lines
            last.buttons += [button for button in part.buttons if button not in last.buttons]
        else:
            parts.append(part)
    return [body for part in parts for body in _bodies(part)]


def _part(reply: Reply) -> _Part:
    part = _Part()
    if reply.card is not None:
        part.lines += card_lines(reply.card)
        if not part.lines:
            part.lines += _plain(reply.text)
    else:
        part.lines += _plain(reply.text)
    for link in reply.links:
        button = _link(link)
        if button is None:
            part.lines += [("", False)] * bool(part.lines)
            part.lines += _plain(f"{link.label}\n{link.target}")
        else:
            part.buttons.append(button)
    for choice in reply.choices:
        pressed = _choice(choice, reply.interview)
        if pressed is None or len(part.buttons) >= limits.BUTTONS:
            # Too long for Telegram's 64 bytes, or too many: it can be typed.
            part.lines += _plain(f"・{choice.label}")
        else:
            part.buttons.append(pressed)
    if reply.date_picker is not None:
        # Telegram has no calendar: dates are typed.
        part.lines += _plain(own_texts()["type_date"].text)
    return part


def _plain(text: str) -> list[tuple[str, bool]]:
    return [(line, False) for line in text.split("\n")] if text.strip() else []


def _link(link: Link) -> Button | None:
    """Return a button that opens a page; ``None`` for a phone number, which must be text."""
    target = link.target
    usable = target.isascii() and re.fullmatch(r"https?://[^\s/]+\.[^\s]+", target)
    if link.kind != "url" or not usable or len(target) > 2000:
        return None
    return {"text": utf16.cut(link.label.strip() or target, limits.LABEL), "url": target}


def _choice(choice: Choice, interview: str) -> Button | None:
    data = f"{interview}:{choice.token}"
    if len(data.encode()) > limits.CALLBACK_DATA:
        return None
    return {"text": utf16.cut(choice.label.strip() or choice.token, limits.LABEL), "data": data}


def _bodies(part: _Part) -> list[dict[str, Any]]:
    """Return the part as messages: one, or more where its text is too long for one."""
    if not part.lines and not part.buttons:
        return []
    lines = part.lines or _plain(own_texts()["choose"].text)
    pages: list[list[tuple[str, bool]]] = [[]]
    room = ROOM
    for text, bold in lines:
        for piece in utf16.split(text, ROOM - 1):
            size = utf16.length(piece) + 1
            if size > room:
                pages.append([])
                room = ROOM
            pages[-1].append((piece, bold))
            room -= size
    texts = [_html(page) for page in pages if any(text.strip() for text, _ in page)]
    return [
        {"text": text, "keyboard": _rows(part.buttons) if number == len(texts) - 1 else None}
        for number, text in enumerate(texts)
    ]


def _html(lines: Sequence[tuple[str, bool]]) -> str:
    return "\n".join(
        f"<b>{html.escape(text, quote=False)}</b>"
        if bold and text.strip()
        else html.escape(text, quote=False)
        for text, bold in lines
    )


def _rows(buttons: Sequence[Button]) -> list[list[Button]] | None:
    """Return the buttons in rows: side by side while their labels are short."""
    rows: list[list[Button]] = []
    for button in buttons:
        together = [*rows[-1], button] if rows else []
        wide = max((utf16.length(one["text"]) for one in together), default=0) * len(together)
        if rows and wide <= limits.ROW and "url" not in button and "url" not in rows[-1][-1]:
            rows[-1].append(button)
        else:
            rows.append([button])
    return rows or None
