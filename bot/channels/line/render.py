"""Replies as LINE messages: text, quick replies, date picker, Flex cards with buttons."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from actions.replies import Card, Choice, DatePicker, Link, Reply
from bot.channels import utf16
from bot.channels.line import limits
from bot.channels.texts import own_texts
from bot.channels.written import MARKS, card_lines

Message = dict[str, Any]

#: Colours of a card's head by its tone; white text on them is readable (contrast ≥ 4.5).
TONES = {"eligible": "#0B6E4F", "maybe": "#8A5A00", "not_eligible": "#4A5568", "info": "#1D4E89"}
MUTED = "#5A6472"


def render(replies: Sequence[Reply]) -> list[dict[str, Any]]:
    """Return the calls that say these replies: ``{"by": "reply" or "push", "messages": […]}``.

    The first call uses the reply token, further ones are pushed (they are rare: neighbouring
    texts are joined first). Buttons of all replies stand below the last message, the only
    place where LINE shows them; what does not fit there becomes buttons of its own bubble.
    """
    offers = [_offers(reply) for reply in replies]
    quick: list[Message] = []
    seen: set[str] = set()
    messages: list[Message] = []
    room = limits.QUICK_REPLIES
    # From the last reply backwards: the newest question's buttons come first.
    shown_below: set[int] = set()
    for index in reversed(range(len(replies))):
        fresh = [item for item in offers[index] if _key(item) not in seen]
        if len(fresh) <= room:
            quick = fresh + quick
            seen.update(_key(item) for item in fresh)
            room -= len(fresh)
            shown_below.add(index)
    for index, reply in enumerate(replies):
        inside = [] if index in shown_below else offers[index]
        messages += _messages(reply, inside)
    messages = _joined(messages)
    if not messages and quick:
        messages = [_text(own_texts()["choose"].text)]
    if quick:
        messages[-1]["quickReply"] = {
            "items": [{"type": "action", "action": action} for action in quick]
        }
    calls = [
        messages[start : start + limits.MESSAGES_A_CALL]
        for start in range(0, len(messages), limits.MESSAGES_A_CALL)
    ]
    return [
        {"by": "reply" if number == 0 else "push", "messages": call}
        for number, call in enumerate(calls)
    ]


def _messages(reply: Reply, inside: Sequence[Message]) -> list[Message]:
    """Return the messages of one reply; ``inside``: actions its own bubble must show."""
    links = [(link, uri) for link in reply.links if (uri := _uri(link))]
    texts = [reply.text] if reply.text.strip() else []
    # A link that LINE cannot open, or whose label must be cut, is written out.
    written = [
        f"{link.label}\n{link.target}"
        for link in reply.links
        if not _uri(link) or utf16.length(link.label) > limits.LABEL
    ]
    buttons = [_uri_action(link, uri) for link, uri in links] + list(inside)
    if reply.card is not None:
        bubble = _card(reply.card, buttons)
        flex = _flex(bubble, reply.text or reply.card.headline or reply.card.title)
        if flex is not None:
            return [flex, *_texts(written)]
        # Too big to be drawn: written out.
        texts = ["\n".join(line for line, _ in card_lines(reply.card))]
    if not buttons:
        return _texts(texts + written)
    # Text and buttons in one bubble; a text that makes it too big stands above it.
    body = "\n\n".join(texts) or own_texts()["choose"].text
    flex = _flex(_plain(body, buttons), body)
    if flex is not None:
        return [flex, *_texts(written)]
    choose = own_texts()["choose"].text
    above = _texts(texts)
    pieces = [buttons[start : start + 20] for start in range(0, len(buttons), 20)]
    below = [flex for piece in pieces if (flex := _flex(_plain(choose, piece), choose))]
    return [*above, *below, *_texts(written)]


def _texts(texts: Sequence[str]) -> list[Message]:
    return [
        _text(piece) for text in texts for piece in utf16.split(text, limits.TEXT) if piece.strip()
    ]


def _text(text: str) -> Message:
    return {"type": "text", "text": text}


def _joined(messages: Sequence[Message]) -> list[Message]:
    """Join neighbouring texts while there are more messages than one call takes."""
    joined = list(messages)
    index = len(joined) - 2
    while len(joined) > limits.MESSAGES_A_CALL and index >= 0:
        one, two = joined[index], joined[index + 1]
        if one["type"] == two["type"] == "text":
            text = f"{one['text']}\n\n{two['text']}"
            if utf16.length(text) <= limits.TEXT:
                joined[index : index + 2] = [_text(text)]
        index -= 1
    return joined


def _offers(reply: Reply) -> list[Message]:
    """Return the actions that answer: the choices, the calendar after the dates among them."""
    actions = [_choice_action(choice, reply.interview) for choice in reply.choices]
    picker = reply.date_picker
    if picker is not None:
        dates = [
            number
            for number, choice in enumerate(reply.choices, start=1)
            if choice.token.startswith(f"{picker.question}=")
            and choice.token != f"{picker.question}=unknown"
        ]
        actions.insert(max(dates, default=0), _picker_action(picker, reply.interview))
    return actions


def _key(action: Message) -> str:
    return f"{action['type']} {action['data']}"


def _choice_action(choice: Choice, interview: str) -> Message:
    label = choice.label.strip() or choice.token
    return {
        "type": "postback",
        "label": utf16.cut(label, limits.LABEL),
        "data": utf16.cut(f"{interview}:{choice.token}", limits.POSTBACK_DATA),
        # Shown as the traveller's own message: the whole label, also where the button cuts it.
        "displayText": utf16.cut(label, limits.DISPLAY_TEXT),
    }


def _picker_action(picker: DatePicker, interview: str) -> Message:
    earliest = max(picker.earliest, limits.EARLIEST_DATE)
    latest = min(picker.latest, limits.LATEST_DATE)
    action: Message = {
        "type": "datetimepicker",
        "label": utf16.cut(picker.label.strip() or picker.question, limits.LABEL),
        "data": utf16.cut(f"{interview}:{picker.question}=", limits.POSTBACK_DATA),
        "mode": "date",
    }
    if earliest < latest:
        action |= {
            "initial": min(max(picker.initial, earliest), latest),
            "min": earliest,
            "max": latest,
        }
    return action


def _uri(link: Link) -> str | None:
    """Return what LINE opens for a link; ``None`` where it would refuse the whole message."""
    if link.kind == "phone":
        digits = "".join(c for c in link.target if c.isascii() and (c.isdigit() or c == "+"))
        return f"tel:{digits}" if digits else None
    target = link.target
    usable = target.startswith(("https://", "http://")) and target.isascii() and " " not in target
    return target if usable and utf16.length(target) <= limits.URI else None


def _uri_action(link: Link, uri: str) -> Message:
    label = link.label.strip() or link.target
    return {"type": "uri", "label": utf16.cut(label, limits.LABEL), "uri": uri}


def _flex(bubble: Message, alternative: str) -> Message | None:
    """Return the bubble as a message, or ``None`` when LINE would find it too big."""
    if len(json.dumps(bubble).encode()) > limits.BUBBLE_BYTES:
        return None
    text = utf16.cut(alternative.strip() or own_texts()["choose"].text, limits.ALT_TEXT)
    return {"type": "flex", "altText": text, "contents": bubble}


def _plain(text: str, buttons: Sequence[Message]) -> Message:
    """Return a bubble of a text and buttons."""
    return {
        "type": "bubble",
        "body": _box(_label(text)),
        "footer": _box(*(_button(action) for action in buttons)),
    }


def _card(card: Card, buttons: Sequence[Message]) -> Message:
    """Return the card as a bubble: head in its tone, headline, rows, links, ground."""
    tone = TONES[card.tone]
    body: list[Message] = []
    if card.headline.strip():
        body.append(_label(card.headline, weight="bold", size="lg"))
    for row in card.rows:
        body += _row(row.label, row.text, MARKS.get(row.mark or ""))
    if card.footer.strip():
        body.append({"type": "separator", "margin": "lg"})
        body.append(_label(card.footer, size="xs", color=MUTED, margin="md"))
    bubble: Message = {"type": "bubble"}
    if card.title.strip():
        bubble["header"] = {
            **_box(_label(card.title, weight="bold", color="#FFFFFF")),
            "backgroundColor": tone,
        }
    bubble["body"] = _box(*(body or [_label(own_texts()["choose"].text)]))
    if buttons:
        bubble["footer"] = _box(*(_button(action, tone) for action in buttons))
    return bubble


def _row(label: str, text: str, mark: str | None) -> list[Message]:
    head = f"{mark} {label}".strip() if mark else label
    parts: list[Message] = []
    if head.strip():
        parts.append(_label(head, size="sm", color=MUTED))
    if text.strip():
        parts.append(_label(text))
    return [{**_box(*parts, spacing="xs"), "margin": "md"}] if parts else []


def _label(text: str, **style: str) -> Message:
    return {"type": "text", "text": text, "wrap": True, **style}


def _button(action: Mapping[str, Any], colour: str = TONES["info"]) -> Message:
    leads_out = action["type"] == "uri"
    button: Message = {
        "type": "button",
        "style": "primary" if leads_out else "secondary",
        "height": "sm",
        "action": dict(action),
    }
    if leads_out:
        button["color"] = colour
    return button


def _box(*contents: Message, spacing: str = "sm") -> Message:
    return {
        "type": "box",
        "layout": "vertical",
        "spacing": spacing,
        "contents": list(contents),
    }
