"""No traveller is ever told a fact of another campaign's notice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.answers import CAMPAIGNS
from actions.notices import load_notices
from actions.texts import long_date, plain_date, short_date
from tests.dialogue.sweep import sweep
from tests.dialogue.talk import Talk, shown

NOTICES = Path(__file__).resolve().parents[2] / "notices"
#: Said to every traveller: which prefectures the assistant can help with.
ANSWERS_ABOUT_OTHERS = "補償ナビでは持っていません"


def facts(campaign: str) -> set[str]:
    """Every figure, name and address in a notice, dates in the ways they are said."""
    found = set()
    content = yaml.safe_load((NOTICES / f"{campaign}.yml").read_text(encoding="utf-8"))
    content.pop("notes", None)
    for value in leaves(content):
        if isinstance(value, date):
            found |= {long_date(value), plain_date(value), short_date(value)}
        elif isinstance(value, str):
            found.add(value)
            found |= set(re.findall(r"[0-9]{2,}-[0-9-]{4,}|https?://\S+|\S+@\S+", value))
            found |= set(re.findall(r"[0-9]+月[0-9]+日", value))
            found |= set(re.findall(r"[0-9]+月[上中下]旬", value))
    return {fact for fact in found if len(fact) > 2}


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    else:
        yield value


def foreign(campaign: str) -> set[str]:
    """What other notices say and this one does not, not even inside something longer."""
    own = "\n".join(sorted(facts(campaign)))
    others = set().union(*(facts(other) for other in CAMPAIGNS if other != campaign))
    return {fact for fact in others if fact not in own}


def test_the_comparison_knows_what_differs() -> None:
    assert "regionpay_compensation_ml@giftpad.jp" in foreign("iwate")
    assert "https://region-pay.com/pages/compensation.html" in foreign("nara")
    assert "2023年3月22日（水）" in foreign("gunma")
    assert "019-623-1145" in foreign("chiba")
    assert "2023年3月27日（月）" in foreign("kagoshima")
    assert "0120-479-249" not in foreign("gunma")


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_nothing_of_another_notice_is_said(campaign: str) -> None:
    # A word of the assistant's own that happens to stand in another notice's data.
    spoken_by_ourselves = {"口座番号"}
    facts_of_others = foreign(campaign) - spoken_by_ourselves
    for as_of, reply in sweep(campaign):
        # When the call center opens next is reckoned, not quoted.
        text = re.sub(r"次は.*?から受け付けます", "", shown(reply))
        if ANSWERS_ABOUT_OTHERS in text:
            continue
        today = date.fromisoformat(as_of[:10])
        for fact in facts_of_others:
            if fact in {long_date(today), short_date(today)}:
                continue
            assert fact not in text, (as_of, fact, text)


def test_weekends_in_march_are_not_gunma_s() -> None:
    for campaign in CAMPAIGNS:
        said = Talk().start(campaign).ask("call_center").said[0].text
        if campaign == "gunma":
            assert "土日" not in said
            assert "次は3月27日（月）の10時から" in said
        else:
            assert "土日・祝日も" in said
            assert "いま受付中です" in said


def test_only_kagoshima_says_the_outage_s_hours() -> None:
    for campaign in CAMPAIGNS:
        said = Talk().start(campaign).ask("outage").said[0].text
        assert ("17時45分から22時15分まで" in said) == (campaign == "kagoshima")
        assert ("お知らせに記載がありません" in said) == (campaign != "kagoshima")


def test_what_a_notice_does_not_say_is_said_to_be_missing() -> None:
    silent = {
        "inquiry_number": set(CAMPAIGNS) - {"iwate"},
        "bank_transfer": {"gunma"},
        "not_arrived": set(CAMPAIGNS) - {"gunma"},
        "office": set(CAMPAIGNS) - {"iwate"},
        "application_site": set(CAMPAIGNS) - {"gunma"},
        "balance_where": set(CAMPAIGNS) - {"iwate"},
    }
    for topic, campaigns in silent.items():
        for campaign in CAMPAIGNS:
            said = Talk().start(campaign).ask(topic).said[0].text
            assert ("お知らせに記載がありません" in said) == (campaign in campaigns), said


def test_before_the_campaign_is_known_only_the_common_number_is_said() -> None:
    talk = Talk().start().command("human")
    assert "0120-479-249" in talk.text
    assert "5県のお知らせに共通" in talk.text
    assert "3月" not in talk.text
    numbers = {notice.call_center.number for notice in load_notices().values()}
    assert numbers == {"0120-479-249"}
