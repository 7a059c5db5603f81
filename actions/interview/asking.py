"""Asking a question: in full, once more in short, differently; with its buttons."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal, Optional

from actions.answers import APPS, INCIDENTS, STAYS, Answers, BadAnswerError
from actions.interview import facts, press
from actions.interview.scene import Scene
from actions.interview.state import State
from actions.replies import Choice, DatePicker, Reply

Manner = Literal["full", "short", "help"]
#: How far around the outage the calendar reaches, in days; other dates can still be typed.
PICKER_BEFORE, PICKER_AFTER = 60, 120


def question_reply(scene: Scene, state: State, question: str, manner: Manner) -> Reply:
    """Return the bubble that asks ``question``.

    ``full`` comes with the hint, ``short`` after something else was said, ``help`` says it
    differently after a second message that was not understood.
    """
    known = _facts(scene, state)
    if manner == "full":
        text = "\n".join(
            scene.say(f"questions.{question}.{part}", **known) for part in ("ask", "hint")
        )
    else:
        form = "again" if manner == "short" else "help"
        text = scene.say(f"questions.{question}.{form}", **known)
    return Reply(
        text,
        choices=(*answer_choices(scene, state, question), *way_choices(scene, state, question)),
        date_picker=_picker(scene, question),
        interview=state.interview,
    )


def candidates_reply(
    scene: Scene, state: State, question: str, text: str, candidates: tuple[Any, ...]
) -> Reply:
    """Return a bubble that asks which of a few readings was meant; none: the usual buttons."""
    values = candidate_values(question, candidates)
    choices = _choices(scene, question, values) or answer_choices(scene, state, question)
    return Reply(
        text,
        choices=(*choices, *way_choices(scene, state, question)),
        date_picker=_picker(scene, question),
        interview=state.interview,
    )


def candidate_values(question: str, candidates: tuple[Any, ...]) -> list[Any]:
    """Return the candidates (JSON values) as typed values; what no question accepts is left out."""
    values = []
    for candidate in candidates:
        try:
            value = getattr(Answers.from_mapping({question: candidate}), question)
        except BadAnswerError:
            continue
        if value is not None:
            values.append(value)
    return values


def answer_choices(scene: Scene, state: State, question: str) -> list[Choice]:
    """Return the buttons that answer a question."""
    return _choices(scene, question, _offered(scene, state, question))


def _choices(scene: Scene, question: str, values: list[Any]) -> list[Choice]:
    return [
        press.answer(
            scene.wording.button(question, value),
            question,
            value.isoformat() if isinstance(value, date) else value,
        )
        for value in values
    ]


def way_choices(scene: Scene, state: State, question: str) -> list[Choice]:
    """Return the buttons every question has: わからない, 戻る where it leads back, a human."""
    choices = []
    if question == "campaign":
        choices.append(press.aside(scene.say("talk.buttons.elsewhere"), "other_prefecture"))
    choices.append(press.answer(scene.say("talk.buttons.unknown"), question, "unknown"))
    if state.history:
        choices.append(press.command(scene.say("talk.buttons.back"), "back"))
    choices.append(press.command(scene.say("talk.buttons.human"), "human"))
    return choices


def _offered(scene: Scene, state: State, question: str) -> list[Any]:
    if question == "campaign":
        return list(scene.notices)
    if question == "expires":
        notice = scene.notice(state)
        return list(facts.expiry_days(notice)) if notice else [scene.outage]
    if question == "balance":
        return ["some", 0]
    offered = {"incident": INCIDENTS, "app": APPS, "stay": STAYS}
    return list(offered[question])


def _picker(scene: Scene, question: str) -> Optional[DatePicker]:
    if question != "expires":
        return None
    outage = scene.outage
    return DatePicker(
        label=scene.say("questions.dates.picker"),
        question=question,
        initial=outage.isoformat(),
        earliest=(outage - timedelta(days=PICKER_BEFORE)).isoformat(),
        latest=(outage + timedelta(days=PICKER_AFTER)).isoformat(),
    )


def _facts(scene: Scene, state: State) -> dict[str, Any]:
    notice = scene.notice(state)
    known: dict[str, Any] = {
        "outage": scene.outage,
        "notices": list(scene.notices.values()),
    }
    if notice is not None:
        known["stay_days"] = facts.stay_days(notice)
        known["after"] = facts.balance_day(notice, state.answers.expires)
    return known
