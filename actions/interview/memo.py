"""The お電話メモ: what to read out when calling, with the 受付番号 the operator looks up."""

from __future__ import annotations

from actions.answers import QUESTIONS
from actions.interview import calling
from actions.interview.card import card_text
from actions.interview.ids import spoken
from actions.interview.scene import Scene
from actions.interview.state import State
from actions.notice_types import Notice
from actions.replies import Card, CardRow, Choice, Reply


def memo_reply(scene: Scene, state: State, choices: tuple[Choice, ...] = ()) -> Reply:
    """Return the memo as a card: the 受付番号, the items asked for, what was told."""
    notice = scene.notice(state)
    receipt = spoken(scene.receipt(state))
    rows = [] if notice is None else _items(scene, state, notice)
    rows += _told(scene, state)
    card = Card(
        title=scene.say("calling.memo.title"),
        headline=scene.say("calling.memo.headline", receipt=receipt),
        tone="info",
        rows=tuple(rows),
        footer=scene.say("calling.memo.footer"),
    )
    text = card_text(scene, card)
    return Reply(
        text,
        choices=choices,
        links=calling.phone_links(scene, state),
        card=card,
        interview=state.interview,
    )


def _items(scene: Scene, state: State, notice: Notice) -> list[CardRow]:
    place = notice.inquiry_number.text if notice.inquiry_number else ""
    return [
        CardRow(
            item,
            scene.say(
                "calling.memo.item",
                item=item,
                expires=state.answers.expires,
                prefecture=notice.prefecture,
                place=place,
            ),
        )
        for item in notice.call_center.needed
    ]


def _told(scene: Scene, state: State) -> list[CardRow]:
    """Return the answers that the items asked for do not already hold."""
    return [
        CardRow(scene.wording.name(question), scene.wording.value(question, value))
        for question in QUESTIONS
        if question not in ("campaign", "expires")
        and (value := getattr(state.answers, question)) is not None
    ]
