"""The plain graph runner gives what Rasa's dask runner gives, on the project's own model."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.engine import loader
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from nlu.engine.runner import PlainGraphRunner

UTTERANCES = [
    "群馬です",
    "２／２４でした",
    "現金で払ったのに減ってた",
    "わからない",
    "問合せ番号ってどこ?",
    "やっぱり25日でした",
    "ありがとう",
    '/press{"token": "app=paper", "interview": "abc"}',
    "/",
    "",
]


@pytest.fixture(scope="module")
def loaded(model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[type, Any]:
    return {
        runner: loader.load_predict_graph_runner(
            tmp_path_factory.mktemp("model"), model, LocalModelStorage, runner
        )
        for runner in (DaskGraphRunner, PlainGraphRunner)
    }


def _tracker(metadata: Any, *events: Any) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("x", list(events), metadata.domain.slots)


def _understood(loaded: dict[type, Any], runner_class: type, text: str) -> dict[str, Any]:
    metadata, runner = loaded[runner_class]
    tracker = _tracker(
        metadata, SlotSet("pending_question", "expires"), ActionExecuted("action_listen")
    )
    target = metadata.nlu_target
    results = runner.run(
        {
            "__message__": [UserMessage(text, metadata={"as_of": "2023-03-25T10:00:00+09:00"})],
            "__tracker__": tracker,
        },
        [target],
    )
    return copy.deepcopy(results[target][0].as_dict(only_output_properties=True))


@pytest.mark.parametrize("text", UTTERANCES)
def test_understands_the_same(loaded: dict[type, Any], text: str) -> None:
    assert _understood(loaded, PlainGraphRunner, text) == _understood(loaded, DaskGraphRunner, text)


def test_predicts_the_same_for_every_intent(loaded: dict[type, Any]) -> None:
    metadata, plain = loaded[PlainGraphRunner]
    _, dask = loaded[DaskGraphRunner]
    target = metadata.core_target
    for intent in metadata.domain.intents:
        said = UserUttered("x", {"name": intent, "confidence": 1.0})
        tracker = _tracker(metadata, ActionExecuted("action_listen"), said)
        ours, theirs = (
            runner.run({"__tracker__": tracker}, [target])[target] for runner in (plain, dask)
        )
        assert ours.probabilities == theirs.probabilities
        assert (ours.policy_name, ours.events) == (theirs.policy_name, theirs.events)


def test_says_when_an_input_hides_a_node(loaded: dict[type, Any]) -> None:
    metadata, runner = loaded[PlainGraphRunner]
    with pytest.raises(GraphRunError, match="clashes"):
        runner.run({metadata.nlu_target: 1}, [metadata.nlu_target])


def test_says_when_a_target_is_missing(loaded: dict[type, Any]) -> None:
    with pytest.raises(GraphRunError, match="no node nowhere"):
        loaded[PlainGraphRunner][1].run({}, ["nowhere"])


def test_says_when_an_input_is_missing(loaded: dict[type, Any]) -> None:
    metadata, runner = loaded[PlainGraphRunner]
    with pytest.raises(GraphRunError, match="Missing input"):
        runner.run({}, [metadata.nlu_target])
