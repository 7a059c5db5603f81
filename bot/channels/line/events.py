"""LINE's webhook events as the inbox takes them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.channels.line import limits
from bot.inbox import Event

log = logging.getLogger(__name__)

#: Messages that cannot be read: answered with the question once more.
ATTACHMENTS = {"sticker", "image", "video", "audio", "file", "location"}
#: Events that want no answer.
SILENT = {
    "accountLink",
    "activated",
    "beacon",
    "botResumed",
    "botSuspended",
    "deactivated",
    "delivery",
    "memberJoined",
    "memberLeft",
    "membership",
    "module",
    "videoPlayComplete",
}


@dataclass(frozen=True)
class Step:
    """What an event asks of us: ``answer``, or note that they ``left`` or took a message back."""

    kind: Literal["answer", "left", "unsend"]
    address: str
    event: Event | None = None
    message: str = ""


def read(event: object) -> Step | None:  # noqa: PLR0911 (one way out a kind)
    """Return what to do about one webhook event; ``None`` (and a log line) for nothing.

    Never raises: LINE adds event types and fields without notice.

    Args:
        event: one item of the webhook's ``events``, as parsed from JSON
            (https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects).
    """
    if not isinstance(event, Mapping):
        log.warning("LINE event ignored: no object")
        return None
    kind = event.get("type")
    kind = kind if isinstance(kind, str) else ""
    source = event.get("source")
    source = source if isinstance(source, Mapping) else {}
    if event.get("mode") == "standby":
        # Another module channel answers; sending now would be refused.
        log.info("LINE event ignored: standby")
        return None
    alone = source.get("type") == "user"
    address = source.get(
        {"user": "userId", "group": "groupId", "room": "roomId"}.get(
            str(source.get("type")), "userId"
        )
    )
    if not isinstance(address, str) or not address or not kind or kind in SILENT:
        log.info("LINE event ignored: %s", kind if kind in SILENT else "unknown type or source")
        return None
    if kind in {"unfollow", "leave"}:
        return Step("left", address)
    if kind == "unsend":
        unsent = event.get("unsend")
        message = unsent.get("messageId") if isinstance(unsent, Mapping) else None
        return Step("unsend", address, message=message) if isinstance(message, str) else None
    turn = _turn_alone(kind, event) if alone else _turn_in_group(kind, event)
    event_id = event.get("webhookEventId")
    if event.get("replyToken") in limits.TEST_TOKENS:
        log.info("LINE event ignored: the console's connection test")
        return None
    if turn is None or not isinstance(event_id, str) or not event_id:
        log.info("LINE event ignored: nothing to answer")
        return None
    reply: dict[str, Any] = {"alone": alone}
    if isinstance(event.get("replyToken"), str):
        reply["token"] = event["replyToken"]
        context = event.get("deliveryContext")
        if isinstance(context, Mapping) and context.get("isRedelivery") is True:
            # Its token may be older than the message is with us.
            reply["redelivered"] = True
    message = event.get("message")
    if isinstance(message, Mapping) and isinstance(message.get("id"), str):
        reply["message"] = message["id"]
    return Step("answer", address, Event(event_id, address, turn, reply))


def _turn_alone(kind: str, event: Mapping[str, Any]) -> dict[str, str] | None:
    """Return what the engine gets for an event of a one-on-one talk."""
    if kind == "follow":
        return {"start": ""}
    if kind == "postback":
        return _button(event.get("postback"))
    if kind != "message" or not isinstance(event.get("message"), Mapping):
        return None
    message = event["message"]
    if message.get("type") == "text" and isinstance(message.get("text"), str):
        return {"text": message["text"]}
    if str(message.get("type")) in ATTACHMENTS:
        return {"event": "attachment"}
    log.info("LINE message of an unknown type: answered like an attachment")
    return {"event": "attachment"}


def _turn_in_group(kind: str, event: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the answer in a group or room: a word on joining and when it is called by name.

    Personal matters are for one-on-one talks, and a bot that answers everybody is a nuisance.
    """
    if kind == "join":
        return {"say": "group"}
    message = event.get("message")
    if kind == "message" and isinstance(message, Mapping):
        mention = message.get("mention")
        mentionees = mention.get("mentionees") if isinstance(mention, Mapping) else None
        if isinstance(mentionees, list) and any(
            isinstance(one, Mapping) and one.get("isSelf") is True for one in mentionees
        ):
            return {"say": "group"}
    return None


def _button(postback: object) -> dict[str, str] | None:
    """Return the press of a button or the date of a calendar as ``interview:token``."""
    data = postback.get("data") if isinstance(postback, Mapping) else None
    if not isinstance(data, str) or ":" not in data or len(data) > limits.POSTBACK_DATA:
        return None
    params = postback.get("params") if isinstance(postback, Mapping) else None
    if data.endswith("="):
        date = params.get("date") if isinstance(params, Mapping) else None
        if not isinstance(date, str) or len(date) > 10:
            return None
        data += date
    return {"button": data}
