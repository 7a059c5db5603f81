"""One turn as the worker asks for it: read, checked, and turned into Rasa's terms."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Optional, Union

#: LINE's text messages hold 5,000 UTF-16 units, Telegram's 4,096; nothing longer can arrive.
MAX_TEXT_LENGTH = 10_000
#: Ids are the front's own: channel and a hash, inbox ids. Longer is a mistake.
MAX_ID_LENGTH = 200
#: Telegram's 64 bytes of callback data are the shortest of all; LINE's 300 the longest.
MAX_BUTTON_LENGTH = 300
EVENTS = ("attachment",)
#: What a request may carry besides ``conversation``, ``message`` and ``as_of``: exactly one.
CONTENTS = ("text", "button", "start", "event")


class BadRequestError(ValueError):
    """The request is malformed; the message names the key and the mend, never the content."""


@dataclass(frozen=True)
class Turn:
    """One message of one traveller, as the worker hands it over.

    Attributes:
        conversation: whose turn it is, e.g. ``line:3f…``.
        message: the inbox id; the same id again gives the recorded replies again.
        as_of: the turn's clock, ISO 8601 with offset.
        kind: ``text``, ``button``, ``start`` or ``event``.
        content: what was typed, pressed (``interview:token``), the campaign (or ``""``), the
            event's name.
    """

    conversation: str
    message: str
    as_of: str
    kind: str
    content: str

    @classmethod
    def from_bytes(cls, body: Union[bytes, bytearray]) -> Turn:
        """Read a request's body.

        Raises:
            BadRequestError: saying which key is wrong and what it accepts.
        """
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            raise BadRequestError("the body is not JSON") from None
        if not isinstance(data, dict):
            raise BadRequestError("the body is not a JSON object")
        unknown = sorted(set(data) - {"conversation", "message", "as_of", *CONTENTS})
        if unknown:
            raise BadRequestError(f"unknown keys: {len(unknown)}; known are {', '.join(CONTENTS)}")
        kinds = [kind for kind in CONTENTS if data.get(kind) is not None]
        if len(kinds) != 1:
            raise BadRequestError(f"give exactly one of {', '.join(CONTENTS)}")
        kind = kinds[0]
        return cls(
            conversation=_text(data, "conversation", MAX_ID_LENGTH),
            message=_text(data, "message", MAX_ID_LENGTH),
            as_of=_moment(data),
            kind=kind,
            content=_content(data, kind),
        )

    def utterance(self) -> str:
        """Return the text that stands for this turn in the tracker.

        Rasa takes a text that starts with ``/`` for an intent (``RegexMessageHandler``). Only
        what was really pressed may become one, so a traveller's own slash becomes a full-width
        one, which means the same to every reader.
        """
        if self.kind == "text":
            text = self.content.strip()
            return f"／{text[1:]}" if text.startswith("/") else text
        intent, entities = self._intent()
        return f"/{intent}{json.dumps(entities)}" if entities else f"/{intent}"

    def parse_data(self) -> Optional[dict[str, Any]]:
        """Return Rasa's parse result where there is nothing to understand, else ``None``."""
        if self.kind == "text":
            return None
        intent, entities = self._intent()
        return {
            "text": self.utterance(),
            "intent": {"name": intent, "confidence": 1.0},
            "entities": [{"entity": name, "value": value} for name, value in entities.items()],
        }

    def _intent(self) -> tuple[str, dict[str, str]]:
        if self.kind == "button":
            interview, _, token = self.content.rpartition(":")
            return "press", {"token": token, "interview": interview}
        if self.kind == "start":
            return "start", {"campaign": self.content} if self.content else {}
        return self.content, {}


def _text(data: Mapping[str, Any], key: str, longest: int) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value or len(value) > longest:
        raise BadRequestError(f"{key}: not a text of 1 to {longest} characters")
    # PostgreSQL's text holds every character but this one; half a surrogate pair has no bytes.
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise BadRequestError(f"{key}: holds a character that cannot be stored")
    return value


def _content(data: Mapping[str, Any], kind: str) -> str:
    if kind == "start" and data[kind] == "":
        return ""
    if kind == "text":
        # What a traveller typed must not be refused for a stray character: leave it out.
        value = data[kind]
        if not isinstance(value, str) or len(value) > MAX_TEXT_LENGTH:
            raise BadRequestError(f"text: not a text of at most {MAX_TEXT_LENGTH} characters")
        return "".join(c for c in value if c != "\0" and not "\ud800" <= c <= "\udfff")
    value = _text(data, kind, MAX_BUTTON_LENGTH)
    if kind == "event" and value not in EVENTS:
        raise BadRequestError(f"event: not one of {', '.join(EVENTS)}")
    return value


def _moment(data: Mapping[str, Any]) -> str:
    value = data.get("as_of")
    try:
        if not isinstance(value, str):
            raise ValueError
        moment = datetime.fromisoformat(value[:-1] + "+00:00" if value.endswith("Z") else value)
        if moment.tzinfo is None:
            raise ValueError
    except ValueError:
        raise BadRequestError(
            "as_of: not a moment with offset, such as 2023-03-25T10:00:00+09:00"
        ) from None
    return moment.isoformat()
