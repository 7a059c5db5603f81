"""Nothing got worse: every journey says the same through stock Rasa and through the engine.

Stock Rasa here is its own message processor, dask runner, in-memory tracker store and an action
server over HTTP, on the project's model; the journeys are those of ``tests/dialogue/cases``.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional

import pytest
import yaml
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from nlu.engine.locks import ConversationLocks
from nlu.engine.processor import TurnProcessor
from nlu.engine.protocol import Turn
from nlu.engine.tracker_store import PostgresTrackerStore

ROOT = Path(__file__).resolve().parents[2]
OPEN = "2023-03-25T10:00:00+09:00"
CASES = [
    pytest.param(case, id=f"{path.parent.name}-{number}")
    for path in sorted((ROOT / "tests" / "dialogue" / "cases").glob("*/*.yml"))
    for number, case in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")))
]
Answer = dict[str, Any]


@pytest.fixture(scope="module")
def stock(model: Path, action_server: str) -> MessageProcessor:
    processor = MessageProcessor(
        model,
        InMemoryTrackerStore(Domain.empty()),
        InMemoryLockStore(),
        TemplatedNaturalLanguageGenerator({}),
        EndpointConfig(action_server),
    )
    processor.tracker_store.domain = processor.domain  # as Rasa's Agent does
    return processor


@pytest.fixture(scope="module")
def ours(model: Path) -> TurnProcessor:
    return TurnProcessor(model, PostgresTrackerStore(None, ""), ConversationLocks())


class Talk:
    """One traveller: finds the buttons to press in what was answered."""

    def __init__(self, say: Callable[[Turn], Any], as_of: str, name: str) -> None:
        self._say = say
        self._as_of = as_of
        self._name = name
        self._count = 0
        self._shown: list[tuple[str, str]] = []
        self._old: list[tuple[str, str]] = []

    async def do(self, step: dict[str, Any]) -> Answer:
        kind, content = next(
            (kind, step[doing])
            for doing, kind in (
                ("write", "text"),
                ("press", "button"),
                ("press_old", "old"),
                ("start", "start"),
                ("event", "event"),
            )
            if doing in step
        )
        if kind in ("button", "old"):
            among = self._shown if kind == "button" else self._old
            kind, content = "button", next(token for label, token in among if label == content)
        self._count += 1
        answer = await self._say(Turn(self._name, str(self._count), self._as_of, kind, content))
        self._old += self._shown
        self._shown = [
            (choice["label"], f"{reply['interview']}:{choice['token']}")
            for reply in answer["replies"]
            for choice in reply["choices"]
        ]
        return answer


async def _through_stock(processor: MessageProcessor, turn: Turn) -> Answer:
    channel = CollectingOutputChannel()
    message = UserMessage(
        turn.utterance(),
        channel,
        turn.conversation,
        input_channel="engine",
        message_id=turn.message,
        metadata={"as_of": turn.as_of},
    )
    said = await processor.handle_message(message)
    customs = [part["custom"] for part in said or [] if "custom" in part]
    cases: list[Optional[Any]] = [custom["case"] for custom in customs if "case" in custom]
    return {
        "replies": [custom["reply"] for custom in customs if "reply" in custom],
        "case": cases[-1] if cases else None,
    }


@pytest.mark.parametrize("case", CASES)
def test_every_journey_says_the_same(
    case: dict[str, Any], stock: MessageProcessor, ours: TurnProcessor, database: str
) -> None:
    async def test() -> None:
        ours.tracker_store = store = PostgresTrackerStore(ours.domain, database)
        name, as_of = f"test:{case['case']}", case.get("as_of", OPEN)

        async def expected(turn: Turn) -> Answer:
            return await _through_stock(stock, turn)

        async def found(turn: Turn) -> Answer:
            # As it leaves the engine: JSON knows no tuples.
            return json.loads(json.dumps(await ours.take_turn(turn)))

        through_stock, through_ours = (Talk(say, as_of, name) for say in (expected, found))
        for step in case["turns"]:
            theirs = await through_stock.do(step)
            assert theirs["replies"], step
            assert await through_ours.do(step) == theirs, step
        slots = (await store.retrieve(name)).current_slot_values()
        whole = (await stock.tracker_store.retrieve(name)).current_slot_values()
        assert {key: value for key, value in slots.items() if key != METADATA} == {
            key: value for key, value in whole.items() if key != METADATA
        }
        await store.close()

    asyncio.run(test())


#: Rasa keeps the first message's metadata in it; the engine gives each turn its own.
METADATA = "session_started_metadata"
