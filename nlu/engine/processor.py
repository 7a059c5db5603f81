"""Rasa's message processor for one turn: what it repeats needlessly, done once or left out."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Optional, Union

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage
from rasa.core.lock_store import LockStore
from rasa.core.nlg import NaturalLanguageGenerator, TemplatedNaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine import loader
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.exceptions import ActionLimitReached
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecutionRejected
from rasa.shared.core.trackers import DialogueStateTracker

from nlu.engine.actions import ActionFailedError, ActionRegistry
from nlu.engine.protocol import Turn
from nlu.engine.runner import PlainGraphRunner
from nlu.engine.tracker_store import ConflictError, PostgresTrackerStore

#: A turn that finds its conversation moved on by another engine is redone this often.
MAX_ATTEMPTS = 5
#: Turns that are under way together, so that one reads or writes while another computes. Those that
#: come meanwhile wait their turn at the door: between a turn's reading and its writing stand
#: few others, not all.
TURNS_AT_ONCE = 4


class TurnProcessor(MessageProcessor):
    """A :class:`MessageProcessor` that takes turns of the engine protocol."""

    tracker_store: PostgresTrackerStore

    def __init__(
        self,
        model_path: Union[str, Path],
        tracker_store: PostgresTrackerStore,
        lock_store: LockStore,
        actions_package: str = "actions",
    ) -> None:
        """Load the model and the actions.

        Args:
            model_path: the trained model (``.tar.gz``).
            tracker_store: keeps the conversations.
            lock_store: keeps one conversation's turns in order within this process.
            actions_package: import name of the package with the custom actions.
        """
        generator = TemplatedNaturalLanguageGenerator({})
        super().__init__(model_path, tracker_store, lock_store, generator)
        self.nlg: NaturalLanguageGenerator = generator
        generator.responses = self.domain.responses
        tracker_store.domain = self.domain
        self.actions = ActionRegistry(self.domain, actions_package)
        self.under_way = asyncio.Semaphore(TURNS_AT_ONCE)

    @staticmethod
    def _load_model(model_path: Union[str, Path]) -> tuple[str, ModelMetadata, GraphRunner]:
        """Load the model as Rasa does, with our runner in place of dask's."""
        with TemporaryDirectory() as scratch:
            metadata, runner = loader.load_predict_graph_runner(
                Path(scratch), Path(model_path), LocalModelStorage, PlainGraphRunner
            )
        return os.path.basename(model_path), metadata, runner

    async def take_turn(self, turn: Turn) -> dict[str, Any]:
        """Answer one message: ``{"replies": […], "case": … or None}``.

        The same message again gives what was recorded and changes nothing.

        Raises:
            ActionFailedError: an action failed; nothing of the turn is kept.
        """
        async with self.lock_store.lock(turn.conversation):
            for _attempt in range(MAX_ATTEMPTS):
                try:
                    async with self.under_way:
                        return await self._take_turn(turn)
                except ConflictError:
                    continue
        raise ConflictError(turn.conversation)

    async def _take_turn(self, turn: Turn) -> dict[str, Any]:
        opened = await self.tracker_store.open_turn(turn.conversation, turn.message)
        if opened.recorded is not None:
            return response_of(opened.recorded)
        tracker = opened.tracker
        tracker.model_id = self.model_metadata.model_id
        tracker.assistant_id = self.model_metadata.assistant_id
        channel = CollectingOutputChannel()
        message = UserMessage(
            turn.utterance(),
            channel,
            turn.conversation,
            parse_data=turn.parse_data(),
            input_channel="engine",
            message_id=turn.message,
            metadata={"as_of": turn.as_of},
        )
        # What MessageProcessor.handle_message does, on the tracker that is already here.
        await self._update_tracker_session(tracker, channel)
        await self._handle_message_with_tracker(message, tracker)
        await self.run_action_extract_slots(channel, tracker)
        await self._run_prediction_loop(channel, tracker)
        await self.run_anonymization_pipeline(tracker)
        return response_of(await self.tracker_store.close_turn(tracker, turn.message))

    def _get_action(self, action_name: str) -> Action:
        """Return the action from the registry instead of creating all of them again."""
        return self.actions.get(action_name)

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """Predict as Rasa does, with the action from the registry."""
        should = self.should_predict_another_action(tracker.latest_action_name)
        if self.is_action_limit_reached(tracker, should):
            raise ActionLimitReached("The limit of actions to predict has been reached.")
        prediction = self._predict_next_with_tracker(tracker)
        name = self.domain.action_names_or_texts[prediction.max_confidence_index]
        return self.actions.get(name), prediction

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """Run an action as Rasa does, but let its failure fail the turn.

        Rasa logs a failing action (with what it said, travellers' words included) and goes on as
        if it had done nothing: the traveller would wait for an answer that never comes. And it
        copies the tracker by replaying it, which is only needed where the prediction brought
        events that a rejection must take back.
        """
        if action.name() == ACTION_LISTEN_NAME and not prediction.events:
            self._log_action_on_tracker(tracker, action, [], prediction)
            return False
        temporary = tracker
        if prediction.events:
            temporary = tracker.copy()
            temporary.update_with_events(prediction.events, self.domain)
        try:
            events = await action.run(output_channel, nlg, temporary, self.domain)
        except ActionExecutionRejection:
            tracker.update(
                ActionExecutionRejected(
                    action.name(), prediction.policy_name, prediction.max_confidence
                )
            )
            return bool(self.should_predict_another_action(action.name()))
        self._log_action_on_tracker(tracker, action, events, prediction)
        await self.execute_side_effects(events, tracker, output_channel)
        return bool(self.should_predict_another_action(action.name()))


def response_of(events: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what a turn's events say: the replies, and the case to keep if there is one.

    Both ways to an answer (the turn itself, and the record of it) end here, so that a message
    delivered twice gets the same answer twice.
    """
    replies: list[dict[str, Any]] = []
    case: Optional[dict[str, Any]] = None
    for event in events:
        if event["event"] != "bot":
            continue
        custom = (event.get("data") or {}).get("custom") or {}
        if "reply" in custom:
            replies.append(custom["reply"])
        if "case" in custom:
            case = custom["case"]
    return {"replies": replies, "case": case}


__all__ = ["ActionFailedError", "TurnProcessor", "response_of"]
