"""Every reply fits every channel, says all that its card shows, and has no hole or slip in it."""

from __future__ import annotations

import re

import pytest

from actions.answers import CAMPAIGNS
from actions.replies import MAX_TOKEN_BYTES, Reply
from tests.dialogue.sweep import sweep
from tests.dialogue.talk import Talk, shown

#: Short bubbles are read aloud in half a minute; a verdict and its memo say more.
LONGEST_BUBBLE = 300
LONGEST_CARD = 950


def units(text: str) -> int:
    """Length as LINE counts it."""
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_every_reply_fits_every_channel(campaign: str) -> None:
    for as_of, reply in sweep(campaign):
        where = f"{as_of}: {reply.text}"
        assert reply.text.strip(), where
        assert units(reply.text) <= (LONGEST_CARD if reply.card else LONGEST_BUBBLE), where
        assert len(reply.choices) <= 13, where
        labels = [choice.label for choice in reply.choices]
        assert len(set(labels)) == len(labels), where
        for choice in reply.choices:
            assert 0 < units(choice.label) <= 20, choice
            assert choice.token.isascii(), choice
            assert len(choice.token) <= MAX_TOKEN_BYTES, choice
            assert len(f"{reply.interview}:{choice.token}") <= 64, choice
        assert reply.interview, where
        for link in reply.links:
            assert units(link.label) <= 20, link
            assert len(link.target) <= 1000, link


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_the_text_says_everything_the_card_shows(campaign: str) -> None:
    cards = 0
    for _, reply in sweep(campaign):
        if reply.card is None:
            continue
        cards += 1
        for part in (reply.card.title, reply.card.headline, reply.card.footer):
            assert part in reply.text
        for row in reply.card.rows:
            assert row.label in reply.text
            assert row.text in reply.text
            assert row.mark in {None, "met", "not_met", "unknown"}
    assert cards > 50


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_no_hole_and_no_slip(campaign: str) -> None:
    slips = re.compile(
        r"None|\{|\}|undefined|。。|、、|。、|、。|です方|  |「」|（）|\n\n\n|[A-Za-z]+_"
    )
    for _, reply in sweep(campaign):
        # Mail addresses and web addresses may have underscores; sentences may not.
        text = re.sub(r"\S+@\S+|https?://\S+", "＠", shown(reply))
        assert not slips.search(text), (slips.search(text), text)


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_replies_survive_the_way_to_the_front(campaign: str) -> None:
    for _, reply in sweep(campaign):
        assert Reply.from_json(reply.to_json()) == reply


def test_a_turn_is_five_bubbles_at_most() -> None:
    # LINE answers one event with at most five messages.
    for as_of in ("2023-03-25T10:00+09:00", "2026-11-21T10:00+09:00"):
        talk = Talk(as_of).ask("bank_transfer")
        assert len(talk.said) <= 5
        talk.tell(campaign="chiba", expires="2023-02-24", incident="charged_twice")
        assert len(talk.said) <= 5
        talk.ask("points", balance="some", app="paper")
        assert talk.state.stage == "verdict"
        assert len(talk.said) <= 5
        assert len(Talk(as_of).start("gunma").said) <= 5
