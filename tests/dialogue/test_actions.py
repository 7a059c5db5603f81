"""The thin actions in Rasa's environment: every intent has one, and what they hand to Rasa."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from typing import Any

import pytest
import yaml

from actions.answers import QUESTIONS
from actions.interview.press import read_press
from actions.interview.state import State
from actions.replies import Reply
from bot.training import NLU_PYTHON, ROOT

DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
RULES = yaml.safe_load((ROOT / "nlu/data/rules.yml").read_text(encoding="utf-8"))["rules"]
RUN = """
import asyncio, json, os, sys
from rasa_sdk.executor import ActionExecutor
executor = ActionExecutor()
executor.register_package("actions")
calls = json.load(sys.stdin)
if calls is None:
    json.dump(sorted(executor.actions), sys.stdout)
else:
    os.environ.update(calls["environment"])
    async def run():
        return [await executor.run(call) for call in calls["calls"]]
    json.dump(asyncio.run(run()), sys.stdout)
"""


def run(given: Any) -> Any:
    """Run actions as Rasa would, in Rasa's environment, and return what they answer."""
    done = subprocess.run(
        [str(NLU_PYTHON), "-W", "ignore", "-c", RUN],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def call(action: str, *entities: tuple[str, Any], as_of: str | None, **slots: Any) -> Any:
    message = {
        "intent": {"name": action.removeprefix("action_")},
        "entities": [{"entity": name, "value": value} for name, value in entities],
        "metadata": {"as_of": as_of} if as_of else {},
    }
    tracker = {
        "sender_id": "test:1",
        "slots": slots,
        "latest_message": message,
        "events": [],
        "paused": False,
        "active_loop": {},
        "latest_action_name": None,
    }
    return {"next_action": action, "tracker": tracker, "domain": {}}


@cache
def answers() -> list[dict[str, Any]]:
    """What a few actions answer: a link's start, an answer, an old button, a picture."""
    march = "2023-03-25T10:00:00+09:00"
    begun = State().to_slots()
    asked = {
        **begun,
        "campaign": "gunma",
        "interview_id": "abc234",
        "interview_count": 1,
        "pending_question": "expires",
        "stage": "asking",
    }
    found: list[dict[str, Any]] = run(
        {
            "environment": {"HOSHO_AS_OF": "2026-11-21T10:00+09:00"},
            "calls": [
                call("action_start", ("campaign", "gunma"), as_of=march, **begun),
                call("action_inform", ("expires", "2023-02-24"), as_of=march, **asked),
                call(
                    "action_press",
                    ("token", "expires=2023-02-24"),
                    ("interview", "older2"),
                    as_of=march,
                    **asked,
                ),
                call("action_attachment", as_of=march, **asked),
                call("action_human", as_of=march, **asked),
                # Without a moment of its own the message takes the setting's.
                call("action_start", as_of=None, **begun),
            ],
        }
    )
    return found


def replies(answer: dict[str, Any]) -> list[Reply]:
    return [
        Reply.from_json(message["custom"]["reply"])
        for message in answer["responses"]
        if "reply" in message["custom"]
    ]


def changed(answer: dict[str, Any]) -> dict[str, Any]:
    return {e["name"]: e["value"] for e in answer["events"] if e["event"] == "slot"}


def test_every_intent_has_its_rule_and_every_rule_its_action() -> None:
    intents = {next(iter(intent)) for intent in DOMAIN["intents"]}
    routed = {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in RULES}
    assert set(routed) == intents
    assert set(routed.values()) == set(DOMAIN["actions"])
    assert all(len(rule["steps"]) == 2 for rule in RULES)


def test_every_action_of_the_domain_is_there() -> None:
    assert set(run(None)) == set(DOMAIN["actions"])


def test_the_state_s_slots_are_the_domain_s() -> None:
    assert set(DOMAIN["slots"]) == set(State().to_slots())
    assert all(slot["influence_conversation"] is False for slot in DOMAIN["slots"].values())
    assert set(QUESTIONS) <= set(DOMAIN["entities"])


def test_an_action_ends_its_turn_itself() -> None:
    for answer in answers():
        assert answer["events"][-1] == {
            "event": "followup",
            "timestamp": None,
            "name": "action_listen",
        }


def test_only_slots_that_changed_are_set() -> None:
    start, inform, stale, attachment, human, _ = answers()
    assert changed(start)["campaign"] == "gunma"
    assert set(changed(inform)) == {"expires", "pending_question", "history"}
    assert changed(stale) == {}
    assert changed(attachment) == {}
    assert changed(human) == {"stage": "handed_over"}


def test_buttons_are_rasa_s_and_ours_at_once() -> None:
    for answer in answers():
        for message in answer["responses"]:
            if "reply" not in message["custom"]:
                continue
            reply = Reply.from_json(message["custom"]["reply"])
            assert message["text"] == reply.text
            assert [button["title"] for button in message["buttons"]] == [
                choice.label for choice in reply.choices
            ]
            for button in message["buttons"]:
                assert button["payload"].startswith("/press{")
                pressed = json.loads(button["payload"].removeprefix("/press"))
                assert pressed["interview"] == reply.interview
                assert read_press(pressed["token"]) is not None


def test_what_must_be_kept_comes_beside_the_replies() -> None:
    human = answers()[4]
    (case,) = [m["custom"]["case"] for m in human["responses"] if "case" in m["custom"]]
    assert case["event"] == "human"
    assert case["answers"] == {"campaign": "gunma"}
    assert len(case["receipt"]) == 8


@pytest.mark.parametrize(("number", "said"), [(0, False), (5, True)])
def test_the_clock_is_the_message_s_or_the_setting_s(number: int, said: bool) -> None:
    text = "\n".join(reply.text for reply in replies(answers()[number]))
    assert ("2026年11月21日" in text) == said
