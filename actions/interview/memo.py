"""The お電話メモ: what to read out when calling, with the 受付番号 the operator looks up."""

from __future__ import annotations

from actions.answers import QUESTIONS
from actions.interview import calling, facts
from actions.interview.card import card_text
from actions.interview.ids import spoken
from actions.interview.scene import Scene
from actions.interview.state import State
from actions.replies import Card, CardRow, Choice, Reply


def memo_reply(scene: Scene, state: State, choices: tuple[Choice, ...] = ()) -> Reply:
    """Return the memo as a card: the 受付番号, the items asked for, what was told."""
    receipt = spoken(scene.receipt(state))
    card = Card(
        title=scene.say("calling.memo.title"),
        headline=scene.say("calling.memo.headline", receipt=receipt),
        tone="info",
        rows=(*_items(scene, state), *_told(scene, state)),
        footer=scene.say("calling.memo.footer"),
    )
    return Reply(
        card_text(scene, card),
        choices=choices,
        links=calling.phone_links(scene, state),
        card=card,
        interview=state.interview,
    )


def _items(scene: Scene, state: State) -> list[CardRow]:
    notice = scene.notice(state)
    items = notice.call_center.needed if notice else facts.common_items(scene.notices)
    place = notice.inquiry_number.text if notice and notice.inquiry_number else ""
    known = {
        "expires": state.answers.expires,
        "prefecture": notice.prefecture if notice else "",
        "place": place,
    }
    return [CardRow(item, scene.say("calling.memo.item", item=item, **known)) for item in items]


def _told(scene: Scene, state: State) -> list[CardRow]:
    """Return the answers that the items asked for do not already hold."""
    return [
        CardRow(scene.wording.name(question), scene.wording.value(question, value))
        for question in QUESTIONS
        if question not in ("campaign", "expires")
        and (value := getattr(state.answers, question)) is not None
    ]
