"""The tracker store: constant-size state, everything kept in turns, Rasa's own interface."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    Restarted,
    SlotSet,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig, read_endpoint_config

from nlu.engine.events import deserialised
from nlu.engine.protocol import Turn
from nlu.engine.tracker_store import (
    ConflictError,
    EnvironmentTrackerStore,
    PostgresTrackerStore,
    StoredTracker,
    state_events,
)

AS_OF = "2023-03-25T10:00:00+09:00"
Run = Callable[..., Any]
DOMAIN = Domain.from_dict(
    {
        "intents": ["tell"],
        "slots": {
            name: {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
            for name in ("campaign", "expires")
        },
        "forms": {"some_form": {"required_slots": ["campaign"]}},
        "actions": ["action_tell"],
    }
)


def said(text: str) -> UserUttered:
    parsed = {"intent_ranking": [{"name": "tell", "confidence": 1.0}] * 9, "text_tokens": [[0, 1]]}
    return UserUttered(text, {"name": "tell", "confidence": 1.0}, [], parsed, message_id=text)


def a_turn(text: str, **slots: Any) -> list[Any]:
    return [
        said(text),
        ActionExecuted("action_tell", policy="RulePolicy", confidence=1.0),
        BotUttered(f"{text}?", {"custom": {"reply": {"text": text}}}),
        *(SlotSet(name, value) for name, value in slots.items()),
        ActionExecuted("action_listen"),
    ]


def run(database: str, test: Callable[[PostgresTrackerStore], Any]) -> None:
    async def inside() -> None:
        store = PostgresTrackerStore(DOMAIN, database)
        try:
            await test(store)
        finally:
            await store.close()

    asyncio.run(inside())


def rebuilt(tracker: DialogueStateTracker) -> DialogueStateTracker:
    return DialogueStateTracker.from_dict("x", state_events(tracker), DOMAIN.slots)


def test_what_policies_and_actions_see_survives() -> None:
    tracker = DialogueStateTracker.from_events(
        "x", [*a_turn("a", campaign="gunma"), *a_turn("b", expires=["2023-02-24"])], DOMAIN.slots
    )
    again = rebuilt(tracker)
    assert again.current_slot_values() == tracker.current_slot_values()
    assert again.latest_action_name == tracker.latest_action_name == "action_listen"
    assert again.followup_action == tracker.followup_action
    assert again.latest_message.text == "b"
    assert again.latest_message.intent == tracker.latest_message.intent
    ours, whole = again.past_states(DOMAIN), tracker.past_states(DOMAIN)
    assert ours[-2:] == whole[-2:]
    assert DOMAIN.get_active_state(again) == DOMAIN.get_active_state(tracker)


def test_events_come_back_as_rasa_brings_them_back() -> None:
    events = [event.as_dict() for event in [*a_turn("a", campaign="gunma"), Restarted()]]
    assert deserialised([*events, {"no": "event"}]) == deserialise_events(events)
    with pytest.raises(ValueError, match="Unknown event"):
        deserialised([{"event": "of_tomorrow"}])


def test_loops_and_pauses_survive() -> None:
    events = [*a_turn("a"), ActiveLoop("some_form"), *a_turn("b"), ConversationPaused()]
    again = rebuilt(DialogueStateTracker.from_events("x", events, DOMAIN.slots))
    assert again.active_loop_name == "some_form"
    assert again.is_paused()


def test_a_restart_forgets_what_was_before_it() -> None:
    events = [*a_turn("a", campaign="gunma"), Restarted(), *a_turn("b", expires="2023-02-24")]
    again = rebuilt(DialogueStateTracker.from_events("x", events, DOMAIN.slots))
    assert again.get_slot("campaign") is None
    assert again.get_slot("expires") == "2023-02-24"


def test_a_start_of_conversation_is_not_seen_again_in_its_middle() -> None:
    tracker = DialogueStateTracker.from_events("x", a_turn("a"), DOMAIN.slots)
    again = rebuilt(tracker)
    again.update(said("b"))
    assert again.past_states(DOMAIN)[-2]["prev_action"] == {"action_name": "action_tell"}


def test_the_state_does_not_grow_with_the_conversation() -> None:
    def size(turns: int) -> tuple[int, int]:
        tracker = StoredTracker("x", DOMAIN.slots)
        for number in range(turns):
            for event in a_turn(f"{number:04}", campaign="gunma", expires="2023-02-24"):
                event.timestamp = 1679706000.123456
                tracker.update(event)
        events = state_events(tracker)
        for event in events:
            event["timestamp"] = 1679706000.123456
        return len(events), len(json.dumps(events))

    assert size(2) == size(10) == size(500)


def test_what_is_read_before_a_turn_does_not_grow(with_engine: Run) -> None:
    async def test(engine: Any) -> None:
        read = []
        for number in range(60):
            turn = Turn("c", str(number), AS_OF, "button", "abc:app=paper")
            opened = await engine.tracker_store.open_turn("c", str(number))
            read.append(len(opened.tracker.events))
            await engine.take_turn(turn)
        assert len(set(read[1:])) == 1
        stored = await engine.tracker_store.retrieve_full_tracker("c")
        assert sum(isinstance(event, UserUttered) for event in stored.events) == 60

    with_engine(test)


def test_every_event_is_kept_in_order(database: str) -> None:
    async def test(store: PostgresTrackerStore) -> None:
        assert await store.retrieve_full_tracker("c") is None
        whole = []
        for number in range(1, 6):
            tracker = (await store.open_turn("c", str(number))).tracker
            events = a_turn(str(number), expires=number)
            for event in events:
                tracker.update(event)
            whole += events
            await store.close_turn(tracker, str(number))
        stored = await store.retrieve_full_tracker("c")
        assert list(stored.events) == whole
        assert stored.get_slot("expires") == 5
        assert stored.version == 5
        assert list(await store.keys()) == ["c"]

    run(database, test)


def test_versions_let_only_one_of_two_through(database: str) -> None:
    async def test(store: PostgresTrackerStore) -> None:
        first = (await store.open_turn("c", "1")).tracker
        second = (await store.open_turn("c", "2")).tracker
        for tracker in (first, second):
            for event in a_turn("a"):
                tracker.update(event)
        await store.close_turn(first, "1")
        with pytest.raises(ConflictError):
            await store.close_turn(second, "2")
        assert (await store.open_turn("c", "2")).recorded is None
        assert (await store.open_turn("c", "1")).recorded is not None

    run(database, test)


def test_a_message_is_recorded_once_even_by_a_stale_tracker(database: str) -> None:
    async def test(store: PostgresTrackerStore) -> None:
        tracker = (await store.open_turn("c", "1")).tracker
        for event in a_turn("a"):
            tracker.update(event)
        await store.close_turn(tracker, "1")
        for event in a_turn("a"):
            tracker.update(event)
        with pytest.raises(ConflictError):
            await store.close_turn(tracker, "1")
        assert (await store.open_turn("c", "x")).tracker.version == 1

    run(database, test)


def test_slots_the_domain_no_longer_has_are_forgotten(database: str) -> None:
    async def test(store: PostgresTrackerStore) -> None:
        tracker = (await store.open_turn("c", "1")).tracker
        for event in a_turn("a", campaign="gunma", expires="2023-02-24"):
            tracker.update(event)
        await store.close_turn(tracker, "1")
        store.domain = Domain.from_dict(
            {"slots": {"campaign": {"type": "any", "mappings": [{"type": "custom"}]}}}
        )
        again = (await store.open_turn("c", "2")).tracker
        assert again.current_slot_values()["campaign"] == "gunma"
        assert "expires" not in again.current_slot_values()

    run(database, test)


def test_rasas_own_interface_reads_and_saves(database: str) -> None:
    async def test(store: TrackerStore) -> None:
        assert await store.retrieve("shell") is None
        tracker = await store.get_or_create_tracker("shell")
        assert tracker.latest_action_name == "action_listen"
        for event in a_turn("a", campaign="gunma"):
            tracker.update(event)
        await store.save(tracker)
        await store.save(tracker)  # nothing new: nothing written
        again = await store.get_or_create_tracker("shell", append_action_listen=False)
        assert again.get_slot("campaign") == "gunma"
        assert again.version == 1
        assert await store.exists("shell")
        with pytest.raises(TypeError):
            await store.save(DialogueStateTracker("shell", DOMAIN.slots))

    run(database, test)


def test_the_tables_are_made_when_missing_and_left_alone_when_there(postgres: str) -> None:
    async def test() -> None:
        admin = await asyncpg.connect(postgres)
        await admin.execute("DROP SCHEMA IF EXISTS bare CASCADE")
        await admin.execute("CREATE SCHEMA bare")
        url = f"{postgres}&options=-csearch_path%3Dbare"
        stores = [PostgresTrackerStore(DOMAIN, url) for _ in range(4)]
        # Engines that start together.
        await asyncio.gather(*(store.connect(create_tables=True) for store in stores))
        assert await stores[0].retrieve("c") is None
        for store in stores:
            await store.close()
        await admin.execute("DROP SCHEMA bare CASCADE")
        await admin.close()

    asyncio.run(test())


def test_rasas_tools_find_the_store(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    config = read_endpoint_config("nlu/endpoints.yml", "tracker_store")
    assert isinstance(config, EndpointConfig)
    monkeypatch.delenv("HOSHO_DATABASE_URL", raising=False)
    store = TrackerStore.create(config, DOMAIN)
    assert isinstance(store, EnvironmentTrackerStore)
    assert isinstance(store._store, InMemoryTrackerStore)

    monkeypatch.setenv("HOSHO_DATABASE_URL", database)
    store = TrackerStore.create(config, DOMAIN)
    assert isinstance(store, EnvironmentTrackerStore)
    assert isinstance(store._store, PostgresTrackerStore)

    async def test() -> None:
        tracker = await store.get_or_create_tracker("c")
        for event in a_turn("a", campaign="gunma"):
            tracker.update(event)
        await store.save(tracker)
        store.domain = DOMAIN
        assert (await store.retrieve("c")).get_slot("campaign") == "gunma"
        assert (await store.retrieve_full_tracker("c")).latest_message.text == "a"
        assert list(await store.keys()) == ["c"]
        await store._store.close()

    asyncio.run(test())
