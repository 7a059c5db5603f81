"""The conversation: asides, corrections, back, restart, failures, hand-over, stale buttons."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from actions.answers import CAMPAIGNS, QUESTIONS
from actions.interview.scene import Pressed, Stale, Unreadable
from actions.understanding.understood import TOPICS, Reason, Understood
from tests.dialogue.talk import OPEN, Talk

#: Answers after which the question named is the pending one.
BEFORE: dict[str, dict[str, object]] = {
    "campaign": {},
    "expires": {"campaign": "chiba"},
    "incident": {"campaign": "chiba", "expires": "2023-02-25"},
    "balance": {"campaign": "chiba", "expires": "2023-02-25", "incident": "none"},
    "stay": {"campaign": "chiba", "expires": "2023-02-25", "incident": "none", "balance": 800},
    "app": {"campaign": "gunma", "expires": "2023-02-24", "incident": "none", "balance": 800},
}


def at(question: str, as_of: str = OPEN) -> Talk:
    talk = Talk(as_of).start()
    if BEFORE[question]:
        talk.tell(**BEFORE[question])
    assert talk.state.pending == question
    return talk


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("topic", TOPICS)
def test_an_aside_is_answered_and_the_question_returns(question: str, topic: str) -> None:
    talk = at(question)
    buttons = talk.labels
    before = talk.state.answers
    talk.ask(topic)
    assert talk.state.pending == question
    assert talk.state.answers == before
    assert talk.state.unanswerable == frozenset()
    assert talk.labels == buttons
    # The question returns in short, without its hint.
    assert len(talk.said[-1].text.splitlines()) == 1


@pytest.mark.parametrize("topic", sorted(set(TOPICS) - {"privacy", "who", "other_prefecture"}))
def test_an_aside_before_the_campaign_waits_for_it(topic: str) -> None:
    talk = Talk().ask(topic)
    assert talk.state.pending == "campaign"
    assert "先にご旅行先を" in talk.text
    answered = Talk().start("nara").ask(topic).said[0].text
    talk.press("奈良県")
    assert answered in talk.text
    assert talk.state.pending == "expires"
    # Said once, not at every turn.
    assert answered not in talk.tell(expires="2023-02-24").text


def test_an_aside_with_an_answer_in_it_fills_the_answer() -> None:
    talk = at("expires").ask("bank_transfer", expires="2023-02-24")
    assert "有効期限は2023年2月24日（金）ですね" in talk.text
    assert "振込" in talk.text
    assert talk.state.pending == "incident"


def test_an_aside_after_the_verdict_leaves_the_verdict() -> None:
    talk = at("app").tell(app="paper").ask("bank_transfer")
    assert talk.state.stage == "verdict"
    assert "お知らせに記載がありません" in talk.text
    assert "最初から" in talk.labels


@pytest.mark.parametrize("question", QUESTIONS)
def test_unknown_works_at_every_question(question: str) -> None:
    talk = at(question).press("わからない")
    if question == "campaign":
        talk.press("わからない")
    assert question in talk.state.unanswerable
    if question == "campaign":
        # Without it nothing can be said: it stays open, and a bare 「千葉」 still answers it.
        assert talk.state.stage == "verdict"
        assert talk.state.pending == "campaign"
        assert "0120-479-249" in talk.text
        assert talk.tell(campaign="chiba").state.pending == "expires"
    else:
        assert talk.state.pending != question


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_human_is_there_at_every_question(question: str) -> None:
    talk = at(question).press("人に相談")
    assert "0120-479-249" in talk.text
    assert "受付番号" in talk.text
    assert talk.state.stage == "handed_over"
    assert talk.case is not None
    assert talk.case.event == "human"
    assert talk.case.answers == talk.state.answers.to_mapping()
    assert f"{talk.case.receipt[:4]}-{talk.case.receipt[4:]}" in talk.text


def test_after_the_hand_over_it_keeps_quiet_until_asked_to_go_on() -> None:
    talk = at("incident").command("human")
    state = talk.state
    for event in (
        Understood("answer", {"incident": "none"}),
        Understood("aside", topic="points"),
        Understood("out_of_scope"),
        Understood("thanks"),
        Unreadable(),
        Stale(),
    ):
        talk.take(event)
        assert len(talk.said) == 1
        assert len(talk.said[0].text) < 120
        assert talk.state == state
    talk.press("続ける")
    assert talk.state.pending == "incident"
    assert talk.state.answers.campaign == "chiba"


def test_stop_and_go_on() -> None:
    talk = at("incident").command("stop")
    assert talk.state.stage == "stopped"
    assert talk.case is not None
    assert talk.case.event == "stopped"
    talk.press("続ける")
    assert talk.state.pending == "incident"
    # An answer after やめる is welcome too.
    talk.command("stop").tell(incident="none")
    assert talk.state.pending == "balance"


@pytest.mark.parametrize("kind", ["greet", "out_of_scope"])
def test_whoever_comes_back_after_stopping_is_welcomed(kind: Any) -> None:
    talk = at("incident").command("stop")
    talk.take(Understood(kind))
    assert "おかえりなさい" in talk.text
    assert talk.state.pending == "incident"
    assert talk.state.stage == "asking"
    assert talk.state.failures == 0


def test_going_on_without_a_campaign_comes_back_to_what_was_said() -> None:
    talk = Talk().start().unknown().unknown().command("stop").command("start")
    assert "ご案内をもう一度" in talk.text
    assert talk.state.stage == "verdict"


def test_failures_after_the_verdict_are_answered_differently_too() -> None:
    talk = at("app").tell(app="paper").noise()
    first = talk.said[0].text
    assert talk.noise().said[0].text != first
    assert "「有効期限は2月25日」" in talk.text
    assert "0120-479-249" in talk.noise().text


def test_stopping_without_an_answer_leaves_no_case() -> None:
    assert Talk().command("stop").case is None


def test_back_undoes_step_by_step() -> None:
    talk = at("balance", as_of="2023-03-15T10:00+09:00")
    talk.tell(balance=500)
    assert talk.state.pending == "stay"
    talk.press("戻る")
    assert talk.state.pending == "balance"
    assert talk.state.answers.balance is None
    talk.press("戻る")
    # The message that held three answers was one step.
    assert talk.state.pending == "campaign"
    assert "戻る" not in talk.labels
    talk.command("back")
    assert "これより前の質問はありません" in talk.text
    assert talk.state.pending == "campaign"


def test_back_after_unknown_asks_again() -> None:
    talk = at("expires").press("わからない").press("戻る")
    assert talk.state.pending == "expires"
    assert talk.state.unanswerable == frozenset()


def test_back_from_the_verdict() -> None:
    talk = at("app").tell(app="paper").press("答えを直す")
    assert talk.state.pending == "app"
    talk.tell(app="charged")
    assert "手続きはいりません" in talk.text


def test_restart_forgets_and_makes_old_buttons_stale() -> None:
    talk = at("app")
    old = next(c for c in talk.said[-1].choices if c.label == "紙のまま")
    interview = talk.state.interview
    talk.command("restart")
    assert talk.state.answers.to_mapping() == {}
    assert talk.state.interview != interview
    talk.take(Pressed(old.token, interview))
    assert "前のやりとりのもの" in talk.text
    assert talk.state.pending == "campaign"
    assert talk.state.answers.to_mapping() == {}


def test_an_earlier_button_of_the_same_interview_corrects() -> None:
    talk = Talk().start("chiba")
    buttons = {c.label: c for c in talk.said[-1].choices}
    interview = talk.state.interview
    talk.press("2月24日（金）").press("使おうとしていない")
    talk.take(Pressed(buttons["2月25日（土）"].token, interview))
    assert "「2023年2月24日（金）」から「2023年2月25日（土）」に変えました" in talk.text
    assert talk.state.pending == "balance"
    talk.take(Pressed("expires=unknown", interview))
    assert "「わからない」に変えました" in talk.text
    assert talk.state.answers.expires is None


def test_the_same_button_twice_changes_nothing() -> None:
    talk = Talk().start("chiba")
    token, interview = talk.said[-1].choices[0].token, talk.state.interview
    talk.take(Pressed(token, interview))
    state = talk.state
    talk.take(Pressed(token, interview))
    assert talk.state == state
    assert "で承っています" in talk.text


def test_a_correction_says_what_it_changed_and_re_decides() -> None:
    talk = at("app").tell(app="paper")
    assert "(A)の補償の対象です" in talk.text
    talk.correct(expires="2023-02-25")
    assert "有効期限を「2023年2月24日（金）」から「2023年2月25日（土）」に変えました" in talk.text
    assert "残額とアプリは、もう結果に関係がありません" in talk.text
    assert "補償の対象ではないようです" in talk.text
    assert talk.state.answers.balance is None
    # And back again: what was forgotten is asked once more.
    talk.correct(expires="2023-02-24")
    assert talk.state.pending == "balance"


def test_an_answer_given_early_is_not_forgotten_by_a_correction() -> None:
    talk = Talk().tell(campaign="gunma", expires="2023-02-25", app="paper")
    talk.correct(expires="2023-02-24")
    assert talk.state.answers.app == "paper"
    assert "関係がありません" not in talk.text


def test_a_correction_of_the_campaign() -> None:
    talk = at("stay").tell(stay="overnight")
    assert "(1)②" in talk.text
    talk.correct(campaign="iwate")
    assert "ご旅行先を「千葉県」から「岩手県」に変えました" in talk.text
    assert "いわて旅応援プロジェクト" in talk.text
    assert "(1)②" not in talk.text


def test_a_correction_in_the_middle_keeps_the_pending_question() -> None:
    talk = at("balance").correct(incident="unusable")
    assert "変えました" in talk.text
    assert talk.state.pending == "balance"
    assert len(talk.said[-1].text.splitlines()) == 1


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_can_be_said_differently(question: str) -> None:
    talk = at(question).noise().noise()
    assert "言い方をかえます" in talk.text
    assert talk.said[-1].choices
    assert talk.noise().said[0].links


def test_failures_escalate() -> None:
    talk = at("incident").noise()
    assert "うまく読み取れませんでした" in talk.text
    assert "言い方をかえます" not in talk.text
    talk.noise()
    assert "言い方をかえます" in talk.text
    assert talk.said[-1].choices
    talk.noise()
    assert "0120-479-249" in talk.text
    assert "受付" in talk.text
    assert talk.state.pending == "incident"
    talk.tell(incident="none")
    assert talk.state.failures == 0
    talk.noise()
    assert "0120-479-249" not in talk.text


@pytest.mark.parametrize(
    ("reason", "question", "text", "candidates", "said"),
    [
        ("ambiguous", "expires", "24日、25日", ("2023-02-24", "2023-02-25"), "24日、25日"),
        ("impossible", "expires", "2月30日", (), "2月30日"),
        ("outside", "expires", "2022年2月24日", (), "2022年2月24日"),
        ("incomplete", "expires", "2月", (), "2月"),
        ("unsure", "expires", "", (), "読み取れませんでした"),
    ],
)
def test_what_was_read_and_cannot_be_taken_is_named(
    reason: str, question: str, text: str, candidates: tuple[str, ...], said: str
) -> None:
    talk = at("expires").misread(reason, question, text, *candidates)
    assert said in talk.text
    assert talk.state.pending == "expires"
    assert talk.state.answers.expires is None
    if candidates:
        assert talk.labels[:2] == ["2月24日（金）", "2月25日（土）"]
    assert "わからない" in talk.labels


@pytest.mark.parametrize("reason", get_args(Reason))
@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("text", ["", "あれ"])
def test_every_reading_asks_back_in_words(question: str, reason: str, text: str) -> None:
    candidates = {"expires": "2023-02-24", "balance": 1500, "campaign": "gunma"}.get(question)
    for offered in ((), () if candidates is None else (candidates,)):
        talk = at(question).misread(reason, question, text, *offered)
        assert talk.state.pending == question
        assert "わからない" in talk.labels
        assert "「」" not in talk.text
        assert len(talk.said[0].text) > 10


def test_a_deleted_app_is_asked_about() -> None:
    talk = at("app").misread("uninstalled", "app", "アプリを消した", "withdrawn", "charged")
    assert "退会の手続きもされましたか" in talk.text
    talk.press("退会もした")
    assert talk.state.answers.app == "withdrawn"


def test_a_reading_about_the_coupon_waits_for_the_campaign() -> None:
    talk = Talk().start().misread("impossible", "expires", "2月30日")
    assert "2月30日" in talk.text
    assert talk.state.pending == "campaign"


def test_an_unclear_correction_after_the_verdict_can_be_settled() -> None:
    talk = at("app").tell(app="paper")
    talk.misread("ambiguous", "expires", "24日か25日", "2023-02-24", "2023-02-25")
    talk.press("2月25日（土）")
    assert talk.state.stage == "verdict"
    assert "補償の対象ではないようです" in talk.text


def test_other_prefectures_get_an_honest_answer() -> None:
    talk = Talk().start().misread("outside", "campaign", "東京都")
    assert "東京都のお知らせは、補償ナビでは持っていません" in talk.text
    assert "0120-479-249" in talk.text
    assert "5県のお知らせに共通" in talk.text
    assert talk.state.failures == 0
    talk.press("この中にない")
    assert "持っていません" in talk.text
    assert talk.state.pending == "campaign"


def test_attachments_and_courtesies_leave_everything_as_it_is() -> None:
    talk = at("balance")
    state = talk.state
    for event, said in (
        (Unreadable(), "読み取れません"),
        (Understood("greet"), "こんにちは"),
        (Understood("thanks"), "どういたしまして"),
    ):
        talk.take(event)
        assert said in talk.text
        assert talk.state == state
        assert talk.said[-1].choices


@pytest.mark.parametrize(
    "event",
    [
        Understood("greet"),
        Understood("thanks"),
        Understood("out_of_scope"),
        Understood("unknown"),
        Understood("command", command="restart"),
        Understood("command", command="start"),
        Understood("command", command="back"),
        Unreadable(),
        Stale(),
        Pressed("app=paper", "k3f9ab"),
    ],
)
def test_whatever_comes_first_the_interview_begins(event: object) -> None:
    talk = Talk()
    talk.take(event)  # type: ignore[arg-type]
    assert "補償ナビです" in talk.text
    assert talk.state.pending == "campaign"
    assert len(talk.said[-1].choices) >= len(CAMPAIGNS)


def test_a_link_to_a_campaign_goes_on_or_begins_anew() -> None:
    talk = Talk().start("gunma").tell(expires="2023-02-24")
    interview = talk.state.interview
    talk.start("gunma")
    assert talk.state.interview == interview
    assert talk.state.pending == "incident"
    talk.start()
    assert talk.state.pending == "incident"
    talk.start("nara")
    assert talk.state.interview != interview
    assert talk.state.answers.to_mapping() == {"campaign": "nara"}
    talk.start("tokyo")
    assert talk.state.answers.campaign == "nara"


def test_the_receipt_stays_the_same_within_an_interview() -> None:
    talk = at("app").tell(app="paper")
    assert talk.case is not None
    receipt = talk.case.receipt
    talk.correct(app="charged")
    assert talk.case.receipt == receipt
    talk.command("human")
    assert talk.case.receipt == receipt
    talk.command("restart").tell(**BEFORE["app"]).tell(app="paper")
    assert talk.case.receipt != receipt


@pytest.mark.parametrize("candidates", [(), ("2023-02-24", "2023-02-25")])
def test_a_third_misreading_offers_a_human_and_still_names_it(candidates: tuple[str, ...]) -> None:
    talk = at("expires").noise().noise()
    talk.misread("ambiguous", "expires", "24か25", *candidates)
    assert "0120-479-249" in talk.text
    assert "「24か25」" in talk.said[-1].text
    assert "2月24日（金）" in talk.labels
    assert "2月25日（土）" in talk.labels


def test_going_back_says_which_answers_it_undoes() -> None:
    talk = at("app").correct(incident="charged_twice").command("back")
    assert talk.state.answers.incident == "none"
    assert "障害のときのことを「使おうとしていない」に戻しました" in talk.text
    talk = at("app").tell(app="paper").correct(expires="2023-02-25").command("back")
    assert "有効期限を「2023年2月24日（金）」に戻しました" in talk.text
    assert "アプリを「紙のまま」に戻しました" in talk.text
    # Several answers of one message go together; the one that is asked again speaks for itself.
    talk = Talk().start("nara").tell(expires="2023-02-24", incident="none").command("back")
    assert "障害のときのことのお答えは、取り消しました" in talk.text
    assert "有効期限のお答え" not in talk.text
    assert "取り消し" not in Talk().start("nara").command("back").text


def test_when_everything_is_over_no_button_asks_about_what_could_be_done() -> None:
    talk = at("app", "2026-11-21T10:00+09:00").tell(app="paper")
    assert "県の事務局" in talk.labels
    assert "申請に必要なもの" not in talk.labels
