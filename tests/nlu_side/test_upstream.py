"""Rasa is the one we subclassed: a release that changes what we rely on fails here, by name.

Each entry pins the source of something of Rasa's that the engine subclasses, replaces or calls
out of its intended order. When one fails: read what changed there, compare with our counterpart,
change that if needed, then put the new digest in.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
import re

import pytest
import rasa
import rasa_sdk

PINS = {
    # ours: PlainGraphRunner
    "rasa.engine.runner.dask:DaskGraphRunner": "a2c8b720a1269c45",
    "rasa.engine.runner.interface:GraphRunner": "78dffcce011d2a91",
    "rasa.engine.graph:GraphNode": "fbbcf95260855caa",
    "rasa.engine.loader:load_predict_graph_runner": "f06554632d0bbcc7",
    # ours: TurnProcessor
    "rasa.core.processor:MessageProcessor.__init__": "481059d742037e3a",
    "rasa.core.processor:MessageProcessor._load_model": "5c673543da465735",
    "rasa.core.processor:MessageProcessor.handle_message": "953923823e2b496c",
    "rasa.core.processor:MessageProcessor.log_message": "eabb632822ec9c95",
    "rasa.core.processor:MessageProcessor.fetch_tracker_and_update_session": "a7c07a311a51b092",
    "rasa.core.processor:MessageProcessor.get_tracker": "be095c81439f8535",
    "rasa.core.processor:MessageProcessor._update_tracker_session": "8e5b491237c6612f",
    "rasa.core.processor:MessageProcessor._handle_message_with_tracker": "be0eb6f0e1c1b90f",
    "rasa.core.processor:MessageProcessor.run_action_extract_slots": "98963ffbbc03e5df",
    "rasa.core.processor:MessageProcessor._run_prediction_loop": "23b1e794554b9ae2",
    "rasa.core.processor:MessageProcessor._get_action": "577670e11e9a0172",
    "rasa.core.processor:MessageProcessor.predict_next_with_tracker_if_should": "9d5165e850ce7145",
    "rasa.core.processor:MessageProcessor._predict_next_with_tracker": "19efd71abed187dc",
    "rasa.core.processor:MessageProcessor._run_action": "ca365169b7bfa97e",
    "rasa.core.processor:MessageProcessor._log_action_on_tracker": "1a820b74a91164ee",
    "rasa.core.processor:MessageProcessor.run_anonymization_pipeline": "39b4de96de050ae7",
    # ours: InProcessAction, ActionRegistry
    "rasa.core.actions.action:RemoteAction": "fa90974fb1616c2b",
    "rasa.core.actions.action:action_for_name_or_text": "bf2293a96fec4402",
    "rasa.core.actions.action:create_bot_utterance": "511c5fbb4b611935",
    "rasa.core.actions.action:ActionListen": "e41e402c5bf6ad03",
    "rasa_sdk.executor:ActionExecutor.run": "8e9c1fe056984547",
    "rasa_sdk.executor:ActionExecutor.register_action": "c6156edab7fb3afb",
    "rasa_sdk.executor:ActionExecutor.register_package": "a201b534119f232f",
    # ours: PostgresTrackerStore
    "rasa.core.tracker_store:TrackerStore": "15b010a3dc71eb22",
    "rasa.core.tracker_store:create_tracker_store": "1788c9b69bee442f",
    "rasa.core.tracker_store:_load_from_module_name_in_endpoint_config": "a8727b5b3c489131",
    "rasa.shared.core.trackers:DialogueStateTracker": "5a3da8df8dea0c98",
    "rasa.shared.core.events:UserUttered": "f4f9602c847b0177",
    "rasa.shared.core.events:ActionExecuted": "4016377ff7f81c84",
    # ours: events.deserialised
    "rasa.shared.core.events:deserialise_events": "23cb4136da5f9254",
    "rasa.shared.core.events:Event.from_parameters": "7b4663de1b7239db",
    "rasa.shared.core.events:Event.resolve_by_type": "d225bd161580dd7b",
    # ours: ConversationLocks
    "rasa.core.lock_store:LockStore.lock": "be5e2abea39422fd",
    # ours: Turn.utterance keeps travellers' texts away from these
    "rasa.nlu.classifiers.regex_message_handler:RegexMessageHandler.process": "37819867ec05350d",
    "rasa.shared.core.training_data.story_reader.yaml_story_reader"
    ":YAMLStoryReader.unpack_regex_message": "6e4699344aa211d5",
    # ours: nlu/components/classifier.py
    "rasa.nlu.classifiers.logistic_regression_classifier"
    ":LogisticRegressionClassifier": "10aa05b50d41457e",
}


def digest(name: str) -> str:
    """Return a digest of something's source, blind to how it is laid out in lines."""
    module, _, path = name.partition(":")
    found = importlib.import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    source = re.sub(r"\s+", " ", inspect.getsource(found)).strip()
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def test_the_versions_are_the_pinned_ones() -> None:
    assert (rasa.__version__, rasa_sdk.__version__) == ("3.6.21", "3.6.2")


@pytest.mark.parametrize("name", sorted(PINS))
def test_upstream_is_unchanged(name: str) -> None:
    assert digest(name) == PINS[name], (
        f"{name} changed upstream (now {digest(name)}): compare it with what nlu/engine makes of "
        f"it, then pin the new digest here"
    )
