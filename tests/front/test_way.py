"""A message's whole way: webhook, inbox, engine, outbox, platform call; in order, once."""

from __future__ import annotations

from tests.stand_ins.line_api import user_id
from tests.stand_ins.way import Way


async def test_a_line_message_is_answered_with_its_reply_token(way: Way) -> None:
    await way.worker()
    await way.ready()
    assert await way.line_sends(way.line.text(1, "こんにちは")) == 200
    await way.line.until(lambda: way.line.calls)
    assert way.line.said_to(user_id(1)) == ["answer to こんにちは"]
    assert [call.kind for call in way.line.calls] == ["reply"]
