"""What each step away from stock Rasa saves: ``nlu/.venv/bin/python -m benchmarks.engine.steps``.

Runs inside Rasa's environment, in one process, over the project's model and actions: the engine as
it is, then with one step taken back at a time. Prints CPU-milliseconds a turn of this process.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import logging
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.engine.travellers import AS_OF, INTERVIEW, START, Step
from nlu.engine.quiet import quieten

quieten()

from rasa.core.actions.action import RemoteAction, action_for_name_or_text  # noqa: E402
from rasa.core.tracker_store import InMemoryTrackerStore  # noqa: E402
from rasa.engine.runner.dask import DaskGraphRunner  # noqa: E402
from rasa.shared.core.events import deserialise_events  # noqa: E402

from nlu.engine import tracker_store as our_tracker_store  # noqa: E402
from nlu.engine.actions import InProcessAction  # noqa: E402
from nlu.engine.locks import ConversationLocks  # noqa: E402
from nlu.engine.processor import TurnProcessor  # noqa: E402
from nlu.engine.protocol import Turn  # noqa: E402
from nlu.engine.runner import PlainGraphRunner  # noqa: E402
from nlu.engine.tracker_store import Opened, PostgresTrackerStore  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
SERVICE_PYTHON = ROOT / ".venv" / "bin" / "python"
POSTGRES = """
import sys
from pathlib import Path
from bot.postgres import embedded
with embedded(Path(sys.argv[1])) as url:
    print(url, flush=True)
    sys.stdin.read()
"""


class Rereading(PostgresTrackerStore):
    """Reads and writes the whole conversation each turn, as Rasa's in-memory store does."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._memory = InMemoryTrackerStore(self.domain)

    async def open_turn(self, conversation: str, message: str) -> Opened:
        self._memory.domain = self.domain
        tracker = await self._memory.retrieve(conversation)
        return Opened(tracker or self._memory.init_tracker(conversation), None)  # type: ignore[arg-type]

    async def close_turn(self, tracker: Any, message: str) -> list[dict[str, Any]]:
        await self._memory.save(tracker)
        return [event.as_dict() for event in list(tracker.events)[-12:]]


@contextlib.contextmanager
def stock_runner(processor: TurnProcessor) -> Iterator[None]:
    """Run the graph through dask."""
    ours = processor.graph_runner
    assert isinstance(ours, PlainGraphRunner)
    dask = DaskGraphRunner.__new__(DaskGraphRunner)
    dask._graph_schema = ours._schema
    dask._instantiated_nodes = ours._nodes
    dask._execution_context = None
    processor.graph_runner = dask
    yield
    processor.graph_runner = ours


@contextlib.contextmanager
def schema_check(_processor: TurnProcessor) -> Iterator[None]:
    """Check every action's answer against the JSON schema, as ``RemoteAction`` does."""
    run = InProcessAction.run

    async def checked(self: InProcessAction, *arguments: Any) -> Any:
        executor_run = self._executor.run

        class Checking:
            async def run(_self, call: Any) -> Any:
                response = await executor_run(call)
                self._validate_action_result(response)
                return response

        executor, self._executor = self._executor, Checking()  # type: ignore[assignment]
        try:
            return await run(self, *arguments)
        finally:
            self._executor = executor

    InProcessAction.run = checked  # type: ignore[method-assign]
    yield
    InProcessAction.run = run  # type: ignore[method-assign]


@contextlib.contextmanager
def new_actions(processor: TurnProcessor) -> Iterator[None]:
    """Create every action again at each use, and the domain that goes with each call."""
    registry = processor.actions
    get = registry.get

    def create(name: str) -> Any:
        action = action_for_name_or_text(name, processor.domain, None)
        if isinstance(action, RemoteAction):
            return InProcessAction(name, registry._executor, processor.domain.as_dict())
        return action

    registry.get = create  # type: ignore[method-assign]
    yield
    registry.get = get  # type: ignore[method-assign]


@contextlib.contextmanager
def second_prediction(processor: TurnProcessor) -> Iterator[None]:
    """Predict again after the action, which otherwise ends its turn itself."""
    predict = processor._predict_next_with_tracker

    def forgetful(tracker: Any) -> Any:
        tracker.clear_followup_action()
        return predict(tracker)

    processor._predict_next_with_tracker = forgetful  # type: ignore[method-assign]
    yield
    processor._predict_next_with_tracker = predict  # type: ignore[method-assign]


@contextlib.contextmanager
def searched_events(_processor: TurnProcessor) -> Iterator[None]:
    """Read events with Rasa's function, which searches all classes for each."""
    ours = our_tracker_store.deserialised
    our_tracker_store.deserialised = deserialise_events
    yield
    our_tracker_store.deserialised = ours


@contextlib.contextmanager
def rereading(processor: TurnProcessor) -> Iterator[None]:
    """Reread and rewrite the whole conversation, as Rasa's in-memory store does."""
    ours = processor.tracker_store
    processor.tracker_store = Rereading(processor.domain, "")
    yield
    processor.tracker_store = ours


STEPS: dict[str, Callable[[TurnProcessor], Any]] = {
    "the engine": lambda _processor: contextlib.nullcontext(),
    "with dask": stock_runner,
    "with the JSON schema checked": schema_check,
    "with actions created anew": new_actions,
    "with a second prediction": second_prediction,
    "with events' classes searched": searched_events,
    "with the conversation reread": rereading,
}


async def cost(processor: TurnProcessor, conversations: int, interviews: int) -> float:
    """Return the CPU-milliseconds of a turn in the last of so many interviews."""
    run = uuid.uuid4().hex
    number = 0

    async def say(conversation: int, step: Step) -> None:
        nonlocal number
        number += 1
        kind, content = ("start", "") if step.kind == "start" else ("text", step.text)
        turn = Turn(f"{run}{conversation}", str(number), AS_OF, kind, content)
        answer = await processor.take_turn(turn)
        assert answer["replies"]

    for conversation in range(conversations):
        await say(conversation, START)
        for step in INTERVIEW * (interviews - 1):
            await say(conversation, step)
    gc.collect()
    begun, count = time.process_time(), number
    for conversation in range(conversations):
        for step in INTERVIEW:
            await say(conversation, step)
    return (time.process_time() - begun) / (number - count) * 1000


async def measure(model: Path, url: str) -> None:
    store = PostgresTrackerStore(None, url)
    processor = TurnProcessor(model, store, ConversationLocks())
    await store.connect(create_tables=True)
    gc.collect()
    gc.freeze()
    await cost(processor, 20, 1)
    print(f"{'CPU-ms a turn':<34} {'turn 10':>9} {'turn 50':>9}")
    for name, step in STEPS.items():
        with step(processor):
            # The least of several: what other processes do only ever adds.
            early = min([await cost(processor, 12, 1) for _ in range(5)])
            late = min([await cost(processor, 4, 5) for _ in range(5)])
        print(f"{name:<34} {early:>9.2f} {late:>9.2f}", flush=True)
    await store.close()


def main() -> None:
    """Start a PostgreSQL of our own, measure, end it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="trained model (.tar.gz)")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="hosho-") as folder:
        server = subprocess.Popen(
            [SERVICE_PYTHON, "-W", "ignore", "-c", POSTGRES, folder],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            asyncio.run(measure(options.model, server.stdout.readline().strip()))
        finally:
            server.stdin.close()
            server.wait()


if __name__ == "__main__":
    sys.exit(main())
