"""Through signed LINE and Telegram webhooks, the real engine and the outbox: every journey ends.

Each campaign's (A), (B), both, neither and special cases, typed and pressed, before, while and
after the application sites are open; corrections, questions back and a new start on the way.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.journeys import MOMENTS, OFFICES, PREFECTURES, Journey, journeys, label
from tests.journeys.travellers import (
    LineTraveller,
    TelegramTraveller,
    pending,
    real_worker,
    travel,
)
from tests.stand_ins.way import Way

pytestmark = pytest.mark.model

CHANNELS = {"line": LineTraveller, "telegram": TelegramTraveller}
#: Facts that one notice alone has: nobody else's traveller may read them.
ONLY = {
    "gunma": ("region-pay.com", "giftpad.jp", "03-5244-9370", "3月24日"),
    "chiba": ("お申し出", "(1)①", "(1)②"),
    "kagoshima": ("17:45", "17時45分"),
    "iwate": ("019-623-1145",),
}


@pytest.fixture
async def way(database_url: str, tmp_path: Path) -> AsyncIterator[Way]:
    async with Way(database_url, tmp_path) as way:
        yield way


def check(journey: Journey, said: str) -> None:
    for words in journey.says:
        assert words in said, f"{journey.name}, {journey.campaign}: {words!r} is not in:\n{said}"
    for words in journey.never_says:
        assert words not in said, f"{journey.name}, {journey.campaign}: {words!r} is in:\n{said}"
    for campaign, facts in ONLY.items():
        if campaign != journey.campaign:
            for fact in facts:
                assert fact not in said, f"{campaign}'s {fact} told to {journey.campaign}:\n{said}"


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("moment", MOMENTS)
async def test_every_journey_ends_in_its_verdict(way: Way, channel: str, moment: str) -> None:
    await real_worker(way, MOMENTS[moment])
    chosen = [journey for journey in journeys() if journey.moment == moment]
    assert chosen
    for first in range(0, len(chosen), 8):
        batch = chosen[first : first + 8]
        travellers = [CHANNELS[channel](way, first + number + 1) for number in range(len(batch))]
        said = await asyncio.gather(
            *(
                travel(traveller, journey, typing=(first + number) % 2 == 1)
                for number, (traveller, journey) in enumerate(zip(travellers, batch, strict=True))
            )
        )
        for journey, words in zip(batch, said, strict=True):
            check(journey, words)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_question_back_is_answered_at_every_question(way: Way, channel: str) -> None:
    await real_worker(way, MOMENTS["open"])
    for number, campaign in enumerate(OFFICES, 1):
        traveller = CHANNELS[channel](way, number)
        await traveller.follow()
        await traveller.say(PREFECTURES[campaign])
        answers = ("2/24です", "使えませんでした", "1000円残ってます", "紙のままです")
        for answer in answers:
            question = pending(traveller)
            assert question is not None
            await traveller.say("ポイントはいつ届きますか？")
            said = traveller.latest()
            assert ("4月10日" in said) == (campaign == "gunma"), said
            assert ("4月上旬" in said) == (campaign != "gunma"), said
            # The question on the screen is the one that was open before.
            assert pending(traveller) == question
            await traveller.say(answer)
        assert f"{label(campaign, 'A')}の補償の対象です" in traveller.latest()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_correction_after_the_verdict_decides_anew(way: Way, channel: str) -> None:
    await real_worker(way, MOMENTS["open"])
    for number, campaign in enumerate(OFFICES, 1):
        traveller = CHANNELS[channel](way, number)
        await traveller.follow()
        for words in (
            PREFECTURES[campaign],
            "2月24日",
            "使おうとしていません",
            "1500円",
            "紙のまま",
        ):
            await traveller.say(words)
        assert f"{label(campaign, 'A')}の補償の対象です" in traveller.latest()
        await traveller.say("やっぱり2月23日でした")
        assert "2月23日（木）" in traveller.latest()
        assert "補償の対象ではないようです" in traveller.latest()
        await traveller.say("最初から")
        assert pending(traveller) == "campaign"


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_button_of_an_earlier_interview_is_not_taken_as_an_answer(
    way: Way, channel: str
) -> None:
    await real_worker(way, MOMENTS["open"])
    traveller = CHANNELS[channel](way, 1)
    await traveller.follow()
    await traveller.say("群馬")
    old = traveller.buttons()["expires=2023-02-24"]
    await traveller.say("最初から")
    await traveller.say("岩手")
    assert pending(traveller) == "expires"
    await traveller.press(old)
    assert pending(traveller) == "expires"
    assert "前" in traveller.latest()
