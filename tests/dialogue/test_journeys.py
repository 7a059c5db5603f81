"""Whole interviews, campaign by campaign: what is asked, what comes out, what dates change."""

from __future__ import annotations

import pytest

from actions.answers import CAMPAIGNS
from tests.dialogue.talk import Talk

SHARED_SHAPE = ("iwate", "nara", "gunma", "kagoshima")
LABELS = {"chiba": {"A": "(1)①", "A2": "(1)②", "B": "(2)"}}


def label(campaign: str, code: str) -> str:
    return LABELS.get(campaign, {}).get(code, f"({code})")


def headline(talk: Talk) -> str:
    cards = [reply.card for reply in talk.said if reply.card]
    assert cards, talk.text
    return cards[0].headline


@pytest.mark.parametrize("campaign", CAMPAIGNS)
@pytest.mark.parametrize(
    ("app", "way"),
    [("charged", "手続きはいりません"), ("paper", "から申請"), ("withdrawn", "から申請")],
)
def test_a(campaign: str, app: str, way: str) -> None:
    talk = Talk().start(campaign)
    assert talk.state.pending == "expires"
    talk.tell(expires="2023-02-24")
    assert "有効期限は2023年2月24日（金）ですね" in talk.text
    talk.tell(incident="unusable").tell(balance=1500)
    assert talk.state.pending == "app"
    talk.tell(app=app)
    assert talk.state.stage == "verdict"
    assert headline(talk) == f"{label(campaign, 'A')}の補償の対象です"
    assert way in talk.text
    assert "最終的な判断は" in talk.text
    assert talk.case is not None
    assert talk.case.event == "verdict"
    assert talk.case.decision["classes"] == ["A"]


@pytest.mark.parametrize("campaign", CAMPAIGNS)
@pytest.mark.parametrize("incident", ["paid_otherwise_and_deducted", "charged_twice"])
def test_b(campaign: str, incident: str) -> None:
    talk = Talk().start(campaign).tell(expires="2023-03-10").tell(incident=incident)
    # A coupon to March needs neither balance nor app.
    assert talk.state.stage == "verdict"
    assert headline(talk) == f"{label(campaign, 'B')}の補償の対象です"
    memo = talk.said[-1]
    assert memo.card is not None
    assert memo.card.title == "お電話メモ"
    assert any(link.kind == "phone" and link.target == "0120-479-249" for link in memo.links)
    assert "受付番号" in memo.text
    assert "2023年3月10日（金）" in memo.text


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_a_and_b(campaign: str) -> None:
    talk = Talk().start(campaign).tell(expires="2023-02-24").tell(incident="charged_twice")
    talk.tell(balance="some").tell(app="paper")
    assert headline(talk) == f"{label(campaign, 'A')}と{label(campaign, 'B')}の両方の補償の対象です"
    assert "から申請" in talk.text
    assert "コールセンターに電話してください" in talk.text


def test_chiba_s_coupons_to_the_25th() -> None:
    talk = Talk().start("chiba").tell(expires="2023-02-25").tell(incident="none")
    talk.tell(balance="some").tell(stay="overnight")
    assert headline(talk) == "(1)②の補償の対象です"
    assert "3月27日（月）" in talk.text
    assert "口座に振り込" in talk.text


def test_chiba_s_coupons_to_the_25th_on_a_day_trip() -> None:
    talk = Talk().start("chiba").tell(expires="2023-02-25").tell(incident="none")
    talk.tell(balance="some").tell(stay="day_trip")
    assert headline(talk) == "補償の対象ではないようです"
    assert "日帰り（対象は泊まりの方）" in talk.text


@pytest.mark.parametrize("campaign", SHARED_SHAPE)
def test_the_25th_means_nothing_elsewhere(campaign: str) -> None:
    talk = Talk().start(campaign).tell(expires="2023-02-25").tell(incident="none")
    assert talk.state.stage == "verdict"
    assert headline(talk) == "補償の対象ではないようです"
    assert "2月25日（土）" not in talk.start(campaign).labels


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_other_trouble(campaign: str) -> None:
    talk = Talk().start(campaign).tell(expires="2023-03-10").tell(incident="other")
    assert headline(talk) == "コールセンターへのご相談になります"
    assert talk.said[-1].links


@pytest.mark.parametrize("campaign", CAMPAIGNS)
@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"expires": "2023-03-10", "incident": "none"}, "対象は2月24日（金）"),
        ({"expires": "2023-02-23", "incident": "unusable"}, "対象は2月24日（金）"),
        ({"expires": "2023-02-24", "incident": "unusable", "balance": 0}, "1円以上残っていた方"),
    ],
)
def test_neither(campaign: str, answers: dict[str, object], reason: str) -> None:
    talk = Talk().start(campaign)
    for question, value in answers.items():
        assert talk.state.pending == question
        talk.tell(**{question: value})
    assert headline(talk) == "補償の対象ではないようです"
    assert f"× {label(campaign, 'A')} " in talk.text
    assert reason in talk.text
    assert f"× {label(campaign, 'B')} 障害のときのこと" in talk.text


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_an_unknown_expiry_leaves_the_verdict_open(campaign: str) -> None:
    talk = Talk().start(campaign).unknown()
    assert "わからなくても大丈夫です" in talk.text
    talk.tell(incident="none")
    for _ in range(3):
        if talk.state.stage == "verdict":
            break
        talk.tell(
            **{
                talk.state.pending or "": {"balance": "some", "app": "paper", "stay": "overnight"}[
                    talk.state.pending or ""
                ]
            }
        )
    assert "かもしれません" in headline(talk)
    assert "確かめ方" in talk.text
    # Later the paper is found: the same interview goes on to a certain verdict.
    talk.tell(expires="2023-02-24")
    if talk.state.pending == "app":
        talk.tell(app="paper")
    assert headline(talk) == f"{label(campaign, 'A')}の補償の対象です"


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_everything_unknown_still_ends(campaign: str) -> None:
    talk = Talk().start(campaign)
    for _ in range(6):
        if talk.state.stage == "verdict":
            break
        talk.unknown()
    assert talk.state.stage == "verdict"
    assert "かもしれません" in headline(talk)


def test_not_even_the_campaign_is_known() -> None:
    talk = Talk().start().press("わからない")
    assert "市や町" in talk.text
    talk.press("わからない")
    assert talk.state.stage == "verdict"
    assert "0120-479-249" in talk.text
    talk.press("群馬県")
    assert talk.state.pending == "expires"


@pytest.mark.parametrize(
    ("as_of", "said", "unsaid"),
    [
        ("2023-03-15T10:00+09:00", "まだ開いていません", "過ぎ"),
        ("2023-03-25T10:00+09:00", "クーポンの期限は、3月31日（金）まで延びています", "過ぎ"),
        ("2023-04-10T10:00+09:00", "4月30日（日）まで", "また使えます"),
        ("2023-05-01T10:00+09:00", "申請の期限を過ぎています", "から申請してください"),
        ("2023-06-01T10:00+09:00", "期限を過ぎています", "申請してください"),
        ("2026-11-21T10:00+09:00", "期限を過ぎています", "申請してください"),
    ],
)
@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_the_application_site_by_date(campaign: str, as_of: str, said: str, unsaid: str) -> None:
    talk = Talk(as_of).start(campaign).tell(expires="2023-02-24", incident="none", balance="some")
    talk.tell(app="paper")
    assert said in talk.text
    assert unsaid not in talk.text
    over = as_of > "2023-06"
    links = [link for reply in talk.said for link in reply.links]
    assert not (over and links)


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_when_everything_is_over_it_is_said_first(campaign: str) -> None:
    talk = Talk("2026-11-21T10:00+09:00").start(campaign)
    assert "2023年5月31日（水）" in talk.text
    assert "すべて過ぎています" in talk.text
    assert talk.state.pending == "expires"


def test_gunma_s_site_opens_at_two() -> None:
    talk = Talk("2023-03-24T13:59+09:00").start("gunma")
    talk.tell(expires="2023-02-24", incident="none", balance="some", app="paper")
    assert "まだ開いていません" in talk.text
    assert "14時から" in talk.text
    talk = Talk("2023-03-24T14:00+09:00").start("gunma")
    talk.tell(expires="2023-02-24", incident="none", balance="some", app="paper")
    assert "まだ開いていません" not in talk.text
    links = [link.target for reply in talk.said for link in reply.links]
    assert "https://region-pay.com/pages/compensation.html" in links


def test_chiba_s_report_date_passes() -> None:
    for as_of, said in (
        ("2023-03-27T17:00+09:00", "電話で申し出てください"),
        ("2023-03-28T10:00+09:00", "お申し出の期限を過ぎています"),
    ):
        talk = Talk(as_of).start("chiba")
        talk.tell(expires="2023-02-25", incident="none", balance="some", stay="overnight")
        assert said in talk.text


def test_several_answers_in_one_message_save_questions() -> None:
    talk = Talk().tell(campaign="gunma", expires="2023-02-24", app="paper")
    assert "群馬県" in talk.text
    assert "2023年2月24日（金）" in talk.text
    assert "紙のまま" in talk.text
    talk.tell(incident="none").tell(balance="some")
    assert talk.state.stage == "verdict"
    assert headline(talk) == "(A)の補償の対象です"


#: Chiba's coupons to 2/25: paid to an account, without any date for it in the notice.
A2 = {"campaign": "chiba", "expires": "2023-02-25", "incident": "none", "balance": "some"}


@pytest.mark.parametrize("stay", ["overnight", None])
@pytest.mark.parametrize("as_of", ["2023-03-28T10:00+09:00", "2023-06-01T10:00+09:00"])
def test_no_deadline_is_made_up_for_chiba_s_transfers(as_of: str, stay: str | None) -> None:
    talk = Talk(as_of).start().tell(**A2)
    verdict = talk.tell(stay=stay) if stay else talk.unknown()
    assert verdict.state.stage == "verdict"
    text = verdict.said[1].text
    assert "お申し出の期限" in text
    assert "受け取りの期限" not in text
    assert "5月31日" not in text
    assert "5月31日" not in talk.ask("delivery").said[0].text.replace(
        "お知らせにある期限は、2023年5月31日", ""
    )


def test_questions_back_after_the_verdict_are_about_the_own_class() -> None:
    transfer = Talk().start().tell(**A2, stay="overnight")
    assert "口座へ振り込まれます" in transfer.ask("bank_transfer").text
    assert "ポイント" not in transfer.text
    assert "順番に口座へ" in transfer.ask("delivery").text
    assert "URL" not in transfer.text
    twice = Talk().start().tell(campaign="gunma", expires="2023-03-10", incident="charged_twice")
    assert "クーポンに戻ります" in twice.ask("delivery").text
    assert "クーポンの利用：2023年3月31日（金）" in twice.ask("deadline").text
    charged = Talk().start("nara").tell(expires="2023-02-24", incident="none", balance="some")
    charged.tell(app="charged")
    assert "申請" not in charged.ask("delivery").said[0].text
    assert "申請" not in charged.ask("deadline").said[0].text


def test_before_its_site_opens_the_transfer_waits_for_it() -> None:
    said = Talk("2023-03-15T10:00+09:00").start("iwate").ask("bank_transfer").said[0].text
    assert "3月22日（水）に開く予定です" in said
    assert "開く予定" not in Talk().start("iwate").ask("bank_transfer").said[0].text


@pytest.mark.parametrize("campaign", CAMPAIGNS)
@pytest.mark.parametrize("answer", [{"app": "charged"}, {"app": "paper"}])
def test_no_button_leads_to_a_silence_of_the_notice(campaign: str, answer: dict[str, str]) -> None:
    talk = Talk().start(campaign).tell(expires="2023-02-24", incident="none", balance="some")
    labels = talk.tell(**answer).labels
    paper = answer["app"] == "paper"
    assert ("銀行振込にしたい" in labels) == (campaign != "gunma")
    assert ("問合せ番号の場所" in labels) == (campaign == "iwate" and paper)
    assert ("届かないとき" in labels) == (campaign == "gunma" and not paper)


def test_after_the_days_of_sending_it_says_whom_to_ask() -> None:
    answers = {"campaign": "gunma", "expires": "2023-02-24", "incident": "none", "balance": "some"}
    for app, last, first in (
        ("charged", "2023-04-21", "2023-04-22"),
        ("paper", "2023-05-10", "2023-05-11"),
    ):
        for day, late in ((last, False), (first, True)):
            talk = Talk(f"{day}T10:00+09:00").start().tell(**answers, app=app)
            assert ("届いていないとき" in talk.text) == late, (app, day)


def test_the_next_opening_of_the_same_day_is_called_today() -> None:
    talk = Talk("2023-03-21T09:00+09:00").start("nara").ask("call_center")
    assert "次は今日の10時から" in talk.text
    talk = Talk("2023-03-21T09:00+09:00").start("gunma").ask("call_center")
    assert "次は3月22日（水）の10時から" in talk.text


def test_how_long_the_coupon_can_be_used_by_date() -> None:
    for as_of, said, unsaid in (
        ("2023-03-27T10:00+09:00", "申し出ると、クーポンを", "申し出ていれば"),
        ("2023-03-28T10:00+09:00", "申し出ていれば、クーポンを", "申し出ると"),
        ("2023-04-01T10:00+09:00", "2023年3月31日（金）で終わりました", "使えます"),
    ):
        text = Talk(as_of).start("chiba").ask("extension").said[0].text
        assert said in text
        assert unsaid not in text


def test_unknown_app_still_hears_that_the_coupon_can_be_used() -> None:
    talk = Talk().start("nara").tell(expires="2023-02-24", incident="none", balance="some")
    assert "クーポンの期限は、3月31日（金）まで延びています" in talk.unknown().text


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_unknown_app_by_date(campaign: str) -> None:
    for as_of, said, unsaid in (
        ("2023-03-21T10:00+09:00", "申請の受付：2023年3月2", "期限を過ぎています"),
        ("2023-04-10T10:00+09:00", "「補償対応特設サイト」で申請します", "申請の受付："),
        ("2023-05-01T10:00+09:00", "申請は、期限を過ぎています", "で申請します"),
    ):
        talk = Talk(as_of).start(campaign)
        talk.tell(expires="2023-02-24", incident="none", balance="some").unknown()
        assert talk.state.stage == "verdict"
        assert said in talk.text
        assert unsaid not in talk.text
