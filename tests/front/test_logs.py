"""Logs hold no traveller's words, no platform ids, no tokens, whatever goes wrong."""

from __future__ import annotations

import io
import logging

from bot.logs import set_up
from tests.stand_ins import line_api, telegram_api
from tests.stand_ins.faults import Fault
from tests.stand_ins.line_api import user_id
from tests.stand_ins.way import Way

SECRETS = ("山田花子", "090-1234-5678", "2/24", "answer to")


async def test_a_worker_under_all_kinds_of_trouble(way: Way) -> None:
    await way.worker(HOSHO_LOG_LEVEL="DEBUG")
    await way.ready()
    way.line.faults.add("reply", Fault("refuse", 500), Fault("cut_after"), Fault("refuse", 400))
    way.telegram.faults.add(
        "sendMessage", Fault("refuse", 429, "x", 1), Fault("refuse", 500), Fault("cut_before")
    )
    words = " ".join(SECRETS)
    events = [way.line.text(number, f"{words} {number}") for number in range(1, 4)]
    assert await way.line_sends(*events, way.line.text(4, f"boom-once:{words}")) == 200
    assert await way.telegram_sends(way.telegram.text(700123456, words)) == 200
    assert await way.telegram_sends(way.telegram.press_data(700123456, 5, "k:app=x")) == 200
    await way.line.until(lambda: len(way.line.calls) >= 3)
    await way.telegram.until(lambda: len(way.telegram.messages) >= 2)
    await way.workers[0].terminate()
    log = way.logs()
    assert log.count("WARNING") + log.count("ERROR") >= 4
    tokens = [event["replyToken"] for event in events]
    ids = [event["webhookEventId"] for event in events]
    hidden = [*SECRETS, user_id(1), "700123456", line_api.TOKEN, telegram_api.TOKEN]
    hidden += [line_api.SECRET, telegram_api.SECRET, *tokens, *ids]
    assert [secret for secret in hidden if secret in log] == []


def test_an_exception_is_logged_by_type_and_place() -> None:
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        set_up("INFO", stream)
        try:
            try:
                raise KeyError("090-1234-5678")
            except KeyError:
                raise ValueError("山田花子") from None
        except ValueError:
            logging.getLogger("x").exception("that failed")
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    said = stream.getvalue()
    assert "builtins.ValueError" in said
    assert "test_logs.py" in said
    assert "山田" not in said
    assert "090" not in said
