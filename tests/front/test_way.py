"""A message's whole way: webhook, inbox, engine, outbox, platform call; in order, once, at once."""

from __future__ import annotations

import asyncio

from tests.stand_ins.line_api import user_id
from tests.stand_ins.way import Way


async def test_a_line_message_is_answered_with_its_reply_token(way: Way) -> None:
    await way.worker()
    await way.ready()
    assert await way.line_sends(way.line.text(1, "こんにちは")) == 200
    await way.line.until(lambda: way.line.calls)
    assert way.line.said_to(user_id(1)) == ["answer to こんにちは"]
    assert [call.kind for call in way.line.calls] == ["reply"]


async def test_a_telegram_message_is_answered(way: Way) -> None:
    await way.worker()
    await way.ready()
    assert await way.telegram_sends(way.telegram.text(7, "こんにちは <b>&")) == 200
    await way.telegram.until(lambda: way.telegram.messages)
    assert way.telegram.said_to(7) == ["answer to こんにちは <b>&"]


async def test_a_burst_is_answered_in_order_one_by_one(way: Way) -> None:
    await way.worker()
    await way.ready()
    words = [f"slow:0.02 {number}" for number in range(12)]
    for word in words:
        assert await way.line_sends(way.line.text(1, word)) == 200
    # All in one call, too.
    events = [way.line.text(1, f"together {number}") for number in range(5)]
    assert await way.line_sends(*events) == 200
    await way.line.until(lambda: len(way.line.calls) >= 17)
    said = [*words, *(f"together {number}" for number in range(5))]
    assert way.line.said_to(user_id(1)) == [f"answer to {word}" for word in said]
    assert [word for _, word in way.turns()] == said


async def test_a_second_delivery_of_the_same_event_is_not_answered_again(way: Way) -> None:
    await way.worker()
    await way.ready()
    event = way.line.text(1, "一度だけ")
    again = {**event, "deliveryContext": {"isRedelivery": True}}
    for delivery in (event, again, again):
        assert await way.line_sends(delivery) == 200
    update = way.telegram.text(7, "一度だけ")
    for _ in range(3):
        assert await way.telegram_sends(update) == 200
    assert await way.line_sends(way.line.text(1, "次")) == 200
    assert await way.telegram_sends(way.telegram.text(7, "次")) == 200
    await way.line.until(lambda: len(way.line.calls) >= 2)
    await way.telegram.until(lambda: len(way.telegram.messages) >= 2)
    assert way.line.said_to(user_id(1)) == ["answer to 一度だけ", "answer to 次"]
    assert way.telegram.said_to(7) == ["answer to 一度だけ", "answer to 次"]


async def test_a_second_message_never_waits_for_a_poll(way: Way) -> None:
    """Sent at every stage of the first one's job, with polls an hour apart."""
    await way.worker("--poll-seconds", "3600")
    await way.ready()
    for number in range(60):
        await way.line_sends(way.line.text(1, f"slow:0.01 first {number}"))
        # From within the engine's turn to after the job's end.
        await asyncio.sleep(number * 0.0006)
        await way.line_sends(way.line.text(1, f"second {number}"))
        await way.line.until(lambda n=number: len(way.line.calls) >= 2 * n + 2)
    # Nor was one found by the net below the net.
    assert "without a job" not in way.logs()


async def test_two_workers_share_conversations_and_keep_each_in_order(way: Way) -> None:
    await way.worker("--poll-seconds", "3600")
    await way.worker("--poll-seconds", "3600")
    await way.ready(engines=2)
    for number in range(10):
        for person in range(6):
            await way.line_sends(way.line.text(person, f"slow:0.005 {number}"))
    await way.line.until(lambda: len(way.line.calls) >= 60)
    for person in range(6):
        expected = [f"answer to slow:0.005 {number}" for number in range(10)]
        assert way.line.said_to(user_id(person)) == expected
    assert "without a job" not in way.logs()
