"""A turn through Rasa's processor: replies, clock, presses, redelivery, failures, order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from nlu.engine.actions import ActionFailedError, ActionRegistry
from nlu.engine.processor import TURNS_AT_ONCE, response_of
from nlu.engine.protocol import Turn
from nlu.engine.tracker_store import ConflictError, PostgresTrackerStore

AS_OF = "2023-03-25T10:00:00+09:00"
Run = Callable[..., Any]


def turn(message: str, text: str = "24日です", conversation: str = "c", kind: str = "text") -> Turn:
    return Turn(conversation, message, AS_OF, kind, text)


def test_replies_are_what_the_action_said_as_json_with_the_turns_clock(with_engine: Run) -> None:
    async def test(engine: Any) -> None:
        answer = await engine.take_turn(turn("1", "gunma", kind="start"))
        assert answer == {
            "replies": [
                {
                    "text": "start 1",
                    "heard": '/start{"campaign": "gunma"}',
                    "as_of": AS_OF,
                    "entities": {"campaign": "gunma"},
                },
                {"text": "続き"},
            ],
            "case": None,
        }

    with_engine(test)


def test_a_press_reaches_its_action_with_token_and_interview(with_engine: Run) -> None:
    async def test(engine: Any) -> None:
        answer = await engine.take_turn(turn("1", "k3f9:app=paper", kind="button"))
        assert answer["replies"][0]["text"] == "press 1"
        assert answer["replies"][0]["entities"] == {"token": "app=paper", "interview": "k3f9"}

    with_engine(test)


@pytest.mark.parametrize("text", ["/thanks", '/press{"token":"app=paper"}', " /attachment"])
def test_typed_payloads_are_only_text(with_engine: Run, text: str) -> None:
    async def test(engine: Any) -> None:
        reply = (await engine.take_turn(turn("1", text)))["replies"][0]
        assert reply["heard"] == "／" + text.strip()[1:]
        assert not reply["text"].startswith(("press", "attachment"))
        assert "token" not in reply["entities"]

    with_engine(test)


@pytest.mark.parametrize("text", ["", "   ", "。", "🙏" * 50, "あ" * 9000, "a\nb\r\n\tc"])
def test_odd_texts_are_answered(with_engine: Run, text: str) -> None:
    async def test(engine: Any) -> None:
        assert (await engine.take_turn(turn("1", text)))["replies"]

    with_engine(test)


def test_only_the_json_parts_of_what_was_said_are_replies() -> None:
    reply = {"text": "はい"}
    events = [
        {"event": "user", "text": "x"},
        {"event": "bot", "text": "はい", "data": {"custom": {"reply": reply}, "buttons": [1]}},
        {"event": "bot", "text": "only for rasa shell", "data": {"custom": None}},
        {"event": "bot", "text": "no data"},
        {"event": "bot", "text": None, "data": {"custom": {"case": {"receipt": "12345678"}}}},
    ]
    assert response_of(events) == {"replies": [reply], "case": {"receipt": "12345678"}}
    assert response_of([]) == {"replies": [], "case": None}


def test_slots_last_from_turn_to_turn_and_end_with_the_conversation(with_engine: Run) -> None:
    async def test(engine: Any) -> None:
        for number in (1, 2, 3):
            answer = await engine.take_turn(turn(str(number)))
            assert answer["replies"][0]["text"].endswith(f" {number}")
        other = await engine.take_turn(turn("1", conversation="d"))
        assert other["replies"][0]["text"].endswith(" 1")

    with_engine(test)


def test_the_same_message_again_gives_the_same_and_changes_nothing(with_engine: Run) -> None:
    async def test(engine: Any) -> None:
        first = await engine.take_turn(turn("1"))
        second = await engine.take_turn(turn("2"))
        assert await engine.take_turn(turn("1", "別の文")) == first
        assert await engine.take_turn(turn("2")) == second
        third = await engine.take_turn(turn("3"))
        assert third["replies"][0]["text"].endswith(" 3")

    with_engine(test)


def test_one_conversations_turns_keep_their_order(with_engine: Run) -> None:
    async def test(engine: Any) -> None:
        answers = await asyncio.gather(*(engine.take_turn(turn(str(n))) for n in range(12)))
        counts = [int(answer["replies"][0]["text"].split()[-1]) for answer in answers]
        assert counts == list(range(1, 13))

    with_engine(test)


def test_an_evenings_turns_are_answered_in_the_order_they_came(
    with_engine: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(engine: Any) -> None:
        read, opened, under_way = engine.tracker_store.open_turn, [], [0]
        write = engine.tracker_store.close_turn

        async def open_turn(conversation: str, message: str) -> Any:
            opened.append(int(conversation))
            under_way.append(under_way[-1] + 1)
            return await read(conversation, message)

        async def close_turn(tracker: Any, message: str) -> Any:
            events = await write(tracker, message)
            under_way.append(under_way[-1] - 1)
            return events

        monkeypatch.setattr(engine.tracker_store, "open_turn", open_turn)
        monkeypatch.setattr(engine.tracker_store, "close_turn", close_turn)
        many = [turn("1", conversation=str(number)) for number in range(32)]
        await asyncio.gather(*(engine.take_turn(one) for one in many))
        assert max(under_way) == TURNS_AT_ONCE
        assert opened == list(range(32))

    with_engine(test)


def test_a_failing_action_fails_the_turn_and_keeps_nothing(with_engine: Run) -> None:
    async def test(engine: Any) -> None:
        await engine.take_turn(turn("1"))
        before = await _rows(engine.tracker_store)
        with pytest.raises(ActionFailedError) as raised:
            await engine.take_turn(turn("2", "壊れてひみつ"))
        assert "ひみつ" not in str(raised.value)
        assert raised.value.__cause__ is None
        assert await _rows(engine.tracker_store) == before
        again = await engine.take_turn(turn("2"))
        assert again["replies"][0]["text"].endswith(" 2")

    with_engine(test)


def test_the_domain_and_the_project_agree_on_the_actions(processor: Any) -> None:
    assert processor.actions.missing() == []
    assert ActionRegistry(processor.domain, "actions").missing() == []


def test_two_engines_take_turns_at_one_conversation(with_engine: Run, database: str) -> None:
    async def test(engine: Any) -> None:
        first, second = engine.tracker_store, PostgresTrackerStore(engine.domain, database)
        for number in range(1, 7):
            engine.tracker_store = (first, second)[number % 2]
            answer = await engine.take_turn(turn(str(number)))
            assert answer["replies"][0]["text"].endswith(f" {number}")
        await second.close()
        engine.tracker_store = first

    with_engine(test)


def test_a_turn_overtaken_by_another_engine_is_redone_on_the_new_state(
    with_engine: Run, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(engine: Any) -> None:
        await engine.take_turn(turn("1"))
        store, other = engine.tracker_store, PostgresTrackerStore(engine.domain, database)
        open_turn, opened = store.open_turn, 0

        async def overtaken(conversation: str, message: str) -> Any:
            nonlocal opened
            found = await open_turn(conversation, message)
            opened += 1
            if opened == 1:  # meanwhile another engine answers another message
                engine.tracker_store = other
                await engine._take_turn(turn("2"))
                engine.tracker_store = store
            return found

        monkeypatch.setattr(store, "open_turn", overtaken)
        answer = await engine.take_turn(turn("3"))
        assert answer["replies"][0]["text"].endswith(" 3")
        assert opened == 2
        await other.close()

    with_engine(test)


def test_a_message_answered_by_another_engine_meanwhile_is_not_answered_twice(
    with_engine: Run, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(engine: Any) -> None:
        store, other = engine.tracker_store, PostgresTrackerStore(engine.domain, database)
        open_turn, elsewhere = store.open_turn, []

        async def overtaken(conversation: str, message: str) -> Any:
            found = await open_turn(conversation, message)
            if not elsewhere:
                engine.tracker_store = other
                elsewhere.append(await engine._take_turn(turn("1")))
                engine.tracker_store = store
            return found

        monkeypatch.setattr(store, "open_turn", overtaken)
        assert await engine.take_turn(turn("1")) == elsewhere[0]
        assert len((await _rows(store))["turns"]) == 1
        await other.close()

    with_engine(test)


def test_endless_conflict_is_an_error_and_not_a_loop(
    with_engine: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(engine: Any) -> None:
        async def conflict(*_: Any) -> None:
            raise ConflictError("c")

        monkeypatch.setattr(engine.tracker_store, "close_turn", conflict)
        with pytest.raises(ConflictError):
            await engine.take_turn(turn("1"))

    with_engine(test)


async def _rows(store: PostgresTrackerStore) -> dict[str, Any]:
    connected = await store._connected()
    states = await connected.fetch("SELECT conversation, version, state::text FROM tracker_state")
    turns = await connected.fetch("SELECT conversation, message FROM tracker_turn")
    return {"states": [tuple(row) for row in states], "turns": [tuple(row) for row in turns]}
