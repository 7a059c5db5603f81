"""What a platform or the engine refuses: tried again with back-off, given up where it is seen."""

from __future__ import annotations

import json

import pytest

from bot.cli.inbox import main as inbox
from bot.inbox import conversation_id
from tests.front.by_hand import ByHand
from tests.stand_ins.faults import Fault
from tests.stand_ins.line_api import user_id
from tests.stand_ins.way import Way


async def _line(way: Way, text: str, number: int = 1) -> None:
    assert await way.line_sends(way.line.text(number, text)) == 200


@pytest.mark.parametrize("fault", [Fault("refuse", 500), Fault("refuse", 503), Fault("cut_before")])
async def test_line_is_down_for_a_moment(way: Way, desk: ByHand, fault: Fault) -> None:
    way.line.faults.add("reply", fault)
    await _line(way, "a")
    await desk.work()
    assert way.line.calls == []
    assert 0 < desk.due_in()[0] <= 1.3
    await desk.work()  # not due yet: nothing happens
    assert way.line.requests == ["reply"]
    desk.pass_time()
    await desk.work()
    assert way.line.said_to(user_id(1)) == ["answer to a"]
    assert [call.kind for call in way.line.calls] == ["reply"]


async def test_lines_answer_is_lost_on_its_way(way: Way, desk: ByHand) -> None:
    way.line.faults.add("reply", Fault("cut_after"))
    await _line(way, "a")
    await desk.work()
    desk.pass_time()
    await desk.work()
    assert way.line.said_to(user_id(1)) == ["answer to a"]
    assert desk.states() == ["sent"]


async def test_pauses_grow_until_it_is_given_up_and_seen(
    way: Way,
    desk: ByHand,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOSHO_DATABASE_URL", way.database_url)
    way.line.faults.add("reply", *[Fault("refuse", 500)] * 4)
    await _line(way, "geheim")
    pauses = []
    for _ in range(3):
        await desk.work()
        pauses += desk.due_in()
        desk.pass_time()
    await desk.work()
    assert pauses[0] < pauses[1] < pauses[2]
    assert desk.states() == ["given_up"]
    assert inbox([]) == 0
    listed = capsys.readouterr().out
    assert "1 given_up" in listed
    assert "LINE 500" in listed
    assert "geheim" not in listed
    assert "geheim" not in caplog.text
    [row] = way.rows("SELECT id FROM outbox")
    # A person tries again; the token is too old by now, so it is pushed.
    way.line.ahead += 4000
    way.rows("UPDATE inbox SET received_at = received_at - interval '1 hour' RETURNING 1")
    assert inbox(["show", f"out:{row[0]}"]) == 0
    assert "geheim" in capsys.readouterr().out
    assert inbox(["retry", f"out:{row[0]}"]) == 0
    assert way.rows("SELECT count(*) FROM procrastinate_jobs WHERE priority = 0")[0][0] == 2
    await desk.work()
    assert [(call.kind, call.texts) for call in way.line.calls] == [("push", ["answer to geheim"])]
    assert inbox(["retry", f"out:{row[0]}"]) == 1
    assert inbox(["show", "out:999"]) == 1
    with pytest.raises(SystemExit):
        inbox(["retry", "somewhere"])


async def test_line_asks_for_a_pause(way: Way, desk: ByHand) -> None:
    way.line.faults.add("reply", Fault("refuse", 429, retry_after=77))
    await _line(way, "a")
    await desk.work()
    assert 70 < desk.due_in()[0] <= 77


async def test_nothing_overtakes_what_waits(way: Way, desk: ByHand) -> None:
    way.line.faults.add("reply", Fault("refuse", 500))
    await _line(way, "a")
    await desk.work()
    await _line(way, "b")
    await desk.work()
    assert way.line.calls == []
    assert desk.states("inbox") == ["done", "done"]
    desk.pass_time()
    await desk.work()
    assert way.line.said_to(user_id(1)) == ["answer to a", "answer to b"]


async def test_the_months_messages_are_used_up(way: Way, desk: ByHand) -> None:
    event = way.line.text(1, "a")
    way.line.ahead += 120
    message = "You have reached your monthly limit."
    way.line.faults.add("push", Fault("refuse", 429, message))
    await way.line_sends(event)
    await desk.work()
    assert desk.states() == ["given_up"]
    [(problem,)] = way.rows("SELECT problem FROM outbox")
    assert "used up" in problem


async def test_a_wrong_token_of_ours_is_named(way: Way, desk: ByHand) -> None:
    way.line.faults.add("reply", Fault("refuse", 401))
    await _line(way, "a")
    await desk.work()
    [(problem,)] = way.rows("SELECT problem FROM outbox")
    assert "HOSHO_LINE_CHANNEL_ACCESS_TOKEN" in problem
    assert desk.states() == ["waiting"]


async def test_what_line_finds_malformed_is_given_up_and_the_talk_goes_on(
    way: Way, desk: ByHand
) -> None:
    way.line.faults.add("reply", Fault("refuse", 400, "The request body has 1 error(s)"))
    await _line(way, "a")
    await _line(way, "b")
    await desk.work()
    assert desk.states() == ["given_up", "sent"]
    assert way.line.said_to(user_id(1)) == ["answer to b"]


async def test_an_old_token_is_replaced_by_a_push_with_one_key(way: Way, desk: ByHand) -> None:
    event = way.line.text(1, "a")
    way.line.ahead += 120
    way.line.faults.add("push", Fault("cut_after"))
    await way.line_sends(event)
    await desk.work()
    assert way.line.requests == ["reply", "push"]
    desk.pass_time()
    await desk.work()
    # The second push carried the same key: LINE answered 409, so it is there.
    assert way.line.requests == ["reply", "push", "push"]
    assert way.line.said_to(user_id(1)) == ["answer to a"]
    assert desk.states() == ["sent"]


async def test_telegram_asks_for_a_pause_and_all_chats_keep_it(way: Way, desk: ByHand) -> None:
    way.telegram.faults.add("sendMessage", Fault("refuse", 429, "Too Many Requests", 33))
    await way.telegram_sends(way.telegram.text(7, "a"))
    await desk.work()
    assert 30 < desk.due_in()[0] <= 33
    await way.telegram_sends(way.telegram.text(8, "b"))
    await desk.work()
    assert way.telegram.requests.count("sendMessage") == 1
    assert len([seconds for seconds in desk.due_in() if seconds > 30]) == 2


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("refuse", 502, "Bad Gateway"), ["answer to a"]),
        (Fault("cut_before"), ["（念のため、もう一度お送りします）\nanswer to a"]),
        (Fault("cut_after"), ["answer to a", "（念のため、もう一度お送りします）\nanswer to a"]),
    ],
)
async def test_telegram_is_down_for_a_moment(
    way: Way, desk: ByHand, fault: Fault, said: list[str]
) -> None:
    way.telegram.faults.add("sendMessage", fault)
    await way.telegram_sends(way.telegram.text(7, "a"))
    await desk.work()
    desk.pass_time()
    await desk.work()
    assert way.telegram.said_to(7) == said


async def test_who_blocked_the_bot_gets_nothing_more_until_they_write(
    way: Way, desk: ByHand
) -> None:
    way.telegram.blocked.add(7)
    await way.telegram_sends(way.telegram.text(7, "many:3"))
    await desk.work()
    assert set(desk.states()) == {"given_up"}
    assert way.telegram.requests.count("sendMessage") == 1
    way.telegram.blocked.clear()
    await way.telegram_sends(way.telegram.text(7, "b"))
    await desk.work()
    assert way.telegram.said_to(7) == ["answer to b"]
    assert way.rows("SELECT blocked_at FROM conversation") == [(None,)]


async def test_who_unfollows_gets_nothing_more(way: Way, desk: ByHand) -> None:
    way.line.faults.add("reply", Fault("refuse", 500))
    await _line(way, "a")
    await desk.work()
    await way.line_sends(way.line.event(1, "unfollow"))
    desk.pass_time()
    await desk.work()
    assert way.line.calls == []
    assert desk.states() == ["given_up"]
    await way.line_sends(way.line.event(1, "follow"))
    await desk.work()
    assert way.line.said_to(user_id(1)) == ["answer to start"]


async def test_the_engine_fails_once(way: Way, desk: ByHand) -> None:
    await _line(way, "boom-once:x")
    await desk.work()
    assert way.line.said_to(user_id(1)) == ["answer to boom-once:x"]
    assert desk.states("inbox") == ["done"]


async def test_the_engine_always_fails_at_one_message(
    way: Way,
    desk: ByHand,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The traveller is told, the talk goes on, and a person sees it."""
    monkeypatch.setenv("HOSHO_DATABASE_URL", way.database_url)
    await _line(way, "boom")
    await _line(way, "b")
    await desk.work()
    apology, answer = way.line.said_to(user_id(1))
    assert apology.startswith("申し訳ありません。")
    assert answer == "answer to b"
    assert desk.states("inbox") == ["given_up", "done"]
    assert len([1 for _, said in way.turns() if said == "boom"]) == 3
    assert inbox(["list", "--json"]) == 0
    [item] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (item["channel"], item["state"]) == ("line", "given_up")
    assert item["problem"] == "engine answered 500"
    # Tried again by a person, it is answered (and apologised for) once more.
    assert inbox(["retry", "all"]) == 0
    await desk.work()
    assert len(way.line.calls) == 3


async def test_the_loading_sign_is_shown_only_when_it_takes_time(way: Way, desk: ByHand) -> None:
    await _line(way, "quick")
    await desk.work()
    assert way.line.loading == []
    await _line(way, "slow:0.8")
    await desk.work()
    assert way.line.loading == [user_id(1)]


async def test_a_sign_that_fails_hurts_nothing(way: Way, desk: ByHand) -> None:
    way.line.faults.add("loading", Fault("refuse", 500))
    await _line(way, "slow:0.8")
    await desk.work()
    assert way.line.said_to(user_id(1)) == ["answer to slow:0.8"]


async def test_used_buttons_of_telegram_are_taken_away(way: Way, desk: ByHand) -> None:
    await way.telegram_sends(way.telegram.text(7, "ask"))
    await desk.work()
    [question] = way.telegram.messages
    assert question.keyboard is not None
    press = way.telegram.press(question, "わからない")
    await way.telegram_sends(press)
    await desk.work()
    assert question.keyboard is None
    assert way.telegram.answered == [press["callback_query"]["id"]]
    assert way.telegram.said_to(7)[1] == "answer to button k3f9:expires=unknown"
    # Answered by typing, the buttons go with the next question's.
    await way.telegram_sends(way.telegram.text(7, "ask"))
    await desk.work()
    await way.telegram_sends(way.telegram.text(7, "ask again"))
    await desk.work()
    shown = [message.keyboard is not None for message in way.telegram.messages]
    assert shown == [False, False, False, True]


async def test_telegram_takes_a_message_a_second_and_gets_no_more(way: Way, desk: ByHand) -> None:
    """Seven bubbles are joined rather than sent in a rush."""
    way.telegram.burst = 1
    await way.telegram_sends(way.telegram.text(7, "many:7"))
    await desk.work()
    assert len(way.telegram.messages) == 1
    assert desk.states() == ["sent"]


async def test_a_channel_that_is_off_keeps_its_messages(way: Way, desk: ByHand) -> None:
    await _line(way, "a")
    line = desk.tools.channels["line"]
    desk.tools.channels = {k: v for k, v in desk.tools.channels.items() if k != "line"}
    await desk.work()
    assert desk.states("inbox") == ["pending"]
    desk.tools.channels = {**desk.tools.channels, "line": line}
    await desk.work()
    assert way.line.said_to(user_id(1)) == ["answer to a"]


async def test_a_case_is_kept_with_its_answer_once(way: Way, desk: ByHand) -> None:
    await _line(way, "card")
    await desk.work()
    await desk.work()
    rows = way.rows("SELECT receipt, event, answers, as_of, conversation FROM cases")
    [(receipt, event, answers, as_of, conversation)] = rows
    assert (receipt[0], event, answers) == ("R", "verdict", {"campaign": "gunma"})
    assert as_of.isoformat().startswith("2023-03-25")
    assert conversation == conversation_id("line", user_id(1))
