"""A process killed (SIGKILL) anywhere on the way loses nothing and says nothing twice."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import sys

import httpx
import psycopg
import pytest

from bot.settings import ROOT
from tests.stand_ins.faults import Fault
from tests.stand_ins.line_api import user_id
from tests.stand_ins.way import Way


async def _started(way: Way) -> None:
    await way.worker()
    await way.ready()


async def _killed_and_replaced(way: Way) -> None:
    await way.workers[-1].kill()
    await way.worker()


async def _settled(way: Way) -> None:
    """Wait until a further message is answered: what came before it is done by then."""
    await way.line_sends(way.line.text(1, "zuletzt"))
    await way.line.until(lambda: "answer to zuletzt" in way.line.said_to(user_id(1)))


async def test_during_the_engines_turn(way: Way) -> None:
    await _started(way)
    await way.line_sends(way.line.text(1, "slow:1 a"))
    while not way.turns():
        await asyncio.sleep(0.01)
    await _killed_and_replaced(way)
    await _settled(way)
    assert way.line.said_to(user_id(1)) == ["answer to slow:1 a", "answer to zuletzt"]
    # The engine was asked again, under the same id: it can give its recorded answer.
    assert len({message for message, said in way.turns() if said == "slow:1 a"}) == 1


async def test_before_anything_was_sent_to_an_event_that_came_late(way: Way) -> None:
    """Redelivered with a token that is too old: refused, but not because it was used."""
    await _started(way)
    event = way.line.text(1, "slow:1 a", deliveryContext={"isRedelivery": True})
    way.line.ahead += 120
    await way.line_sends(event)
    while not way.turns():
        await asyncio.sleep(0.01)
    await _killed_and_replaced(way)
    await _settled(way)
    assert way.line.said_to(user_id(1)) == ["answer to slow:1 a", "answer to zuletzt"]
    assert [call.kind for call in way.line.calls] == ["push", "reply"]


@pytest.mark.parametrize("held", ["reply", "engine"])
async def test_killed_before_the_reply_twice(way: Way, held: str) -> None:
    """Tried as uncertain each time, and still not lost: an unused token is accepted."""
    await _started(way)
    said = "a" if held == "reply" else "slow:1 a"
    for number in (1, 2):
        if held == "reply":
            way.line.faults.add("reply", Fault("hold_before", release=asyncio.Event()))
        if number == 1:
            await way.line_sends(way.line.text(1, said))
        if held == "reply":
            await way.line.until(lambda: len(way.line.requests) >= number)  # noqa: B023
        else:
            while len(way.turns()) < number:
                await asyncio.sleep(0.01)
        await _killed_and_replaced(way)
    await _settled(way)
    assert way.line.said_to(user_id(1)) == [f"answer to {said}", "answer to zuletzt"]


async def test_while_the_answer_is_being_stored(way: Way) -> None:
    await _started(way)
    async with await psycopg.AsyncConnection.connect(way.database_url) as blocker:
        await blocker.execute("LOCK TABLE outbox IN EXCLUSIVE MODE")
        await way.line_sends(way.line.text(1, "a"))
        while not way.rows("SELECT 1 FROM pg_locks WHERE NOT granted"):
            await asyncio.sleep(0.01)
        await way.workers[-1].kill()
        await blocker.rollback()
    await way.worker()
    await _settled(way)
    assert way.line.said_to(user_id(1)) == ["answer to a", "answer to zuletzt"]


async def test_before_line_got_the_reply(way: Way) -> None:
    await _started(way)
    way.line.faults.add("reply", Fault("hold_before", release=asyncio.Event()))
    await way.line_sends(way.line.text(1, "a"))
    await way.line.until(lambda: "reply" in way.line.requests)
    await _killed_and_replaced(way)
    await _settled(way)
    assert way.line.said_to(user_id(1)) == ["answer to a", "answer to zuletzt"]


async def test_after_line_got_the_reply_before_we_know(way: Way) -> None:
    await _started(way)
    way.line.faults.add("reply", Fault("hold", release=asyncio.Event()))
    await way.line_sends(way.line.text(1, "a"))
    await way.line.until(lambda: way.line.calls)
    await _killed_and_replaced(way)
    await _settled(way)
    assert way.line.said_to(user_id(1)) == ["answer to a", "answer to zuletzt"]
    assert [call.kind for call in way.line.calls] == ["reply", "reply"]


async def test_after_line_answered_before_it_is_noted(way: Way) -> None:
    await _started(way)
    release = asyncio.Event()
    way.line.faults.add("reply", Fault("hold", release=release))
    await way.line_sends(way.line.text(1, "a"))
    await way.line.until(lambda: way.line.calls)
    async with await psycopg.AsyncConnection.connect(way.database_url) as blocker:
        await blocker.execute("LOCK TABLE outbox IN EXCLUSIVE MODE")
        release.set()
        while not way.rows("SELECT 1 FROM pg_locks WHERE NOT granted"):
            await asyncio.sleep(0.01)
        await way.workers[-1].kill()
        await blocker.rollback()
    await way.worker()
    await _settled(way)
    assert way.line.said_to(user_id(1)) == ["answer to a", "answer to zuletzt"]


@pytest.mark.parametrize("kind", ["hold_before", "hold"])
async def test_during_a_push(way: Way, kind: str) -> None:
    """The token is too old, so the answer is pushed; the retry key stays the same."""
    await _started(way)
    event = way.line.text(1, "a")
    way.line.ahead += 120
    way.line.faults.add("push", Fault(kind, release=asyncio.Event()))  # type: ignore[arg-type]
    await way.line_sends(event)
    await way.line.until(lambda: "push" in way.line.requests)
    if kind == "hold":
        await way.line.until(lambda: way.line.calls)
    await _killed_and_replaced(way)
    await _settled(way)
    assert way.line.said_to(user_id(1)) == ["answer to a", "answer to zuletzt"]
    assert [call.kind for call in way.line.calls] == ["push", "reply"]


async def test_between_two_messages_of_one_answer(way: Way) -> None:
    """Seven bubbles with buttons between: two calls, of which the second is held."""
    await _started(way)
    await way.line_sends(way.line.text(1, "many:3000"))
    await way.line.until(lambda: "push" in way.line.requests)
    await _killed_and_replaced(way)
    await _settled(way)
    said = "\n\n".join(way.line.said_to(user_id(1))[:-1])
    assert [f"bubble {number} of" in said for number in range(1, 3001)] == [True] * 3000
    assert said.count("bubble ") == 3000


async def test_before_telegram_got_the_message(way: Way) -> None:
    await _started(way)
    way.telegram.faults.add("sendMessage", Fault("hold_before", release=asyncio.Event()))
    await way.telegram_sends(way.telegram.text(7, "a"))
    await way.telegram.until(lambda: "sendMessage" in way.telegram.requests)
    await _killed_and_replaced(way)
    await way.telegram.until(lambda: way.telegram.messages)
    # Nobody can know that it did not arrive: the second try says so.
    assert way.telegram.said_to(7) == ["（念のため、もう一度お送りします）\nanswer to a"]


async def test_after_telegram_got_the_message_before_we_know(way: Way) -> None:
    """The one window in which a message can appear twice: then its second copy says why."""
    await _started(way)
    way.telegram.faults.add("sendMessage", Fault("hold", release=asyncio.Event()))
    await way.telegram_sends(way.telegram.text(7, "a"))
    await way.telegram.until(lambda: way.telegram.messages)
    await _killed_and_replaced(way)
    await way.telegram.until(lambda: len(way.telegram.messages) >= 2)
    said = way.telegram.said_to(7)
    assert said == ["answer to a", "（念のため、もう一度お送りします）\nanswer to a"]


async def test_the_engine_alone(way: Way) -> None:
    await _started(way)
    await way.line_sends(way.line.text(1, "die-once:x"), way.line.text(2, "b"))
    await way.line.until(lambda: len(way.line.calls) >= 2)
    assert way.line.said_to(user_id(1)) == ["answer to die-once:x"]
    assert way.line.said_to(user_id(2)) == ["answer to b"]
    assert way.workers[0].running


async def test_another_worker_takes_over_by_itself(way: Way) -> None:
    await way.worker("--poll-seconds", "3600")
    await way.ready()
    way.line.faults.add("reply", Fault("hold", release=asyncio.Event()))
    await way.line_sends(way.line.text(1, "a"))
    await way.line.until(lambda: way.line.calls)
    await way.worker("--poll-seconds", "3600")
    await way.ready(engines=2)
    await way.line_sends(way.line.text(1, "b"))
    await way.workers[0].kill()
    await way.line.until(lambda: len(way.line.calls) >= 2)
    assert way.line.said_to(user_id(1)) == ["answer to a", "answer to b"]


async def test_at_any_moment(way: Way) -> None:
    """Travellers keep writing while workers are killed at random moments (a fixed seed)."""
    dice = random.Random(20230224)
    people, each = 5, 8
    await way.worker()
    await way.worker()
    await way.ready(engines=2)

    async def writes(person: int) -> None:
        for number in range(each):
            assert await way.line_sends(way.line.text(person, f"slow:0.02 {number}")) == 200
            await asyncio.sleep(dice.uniform(0, 0.5))

    async def kills() -> None:
        for _ in range(4):
            await asyncio.sleep(dice.uniform(0.3, 0.9))
            victim = dice.choice([worker for worker in way.workers if worker.running])
            await victim.kill()
            await way.worker()

    await asyncio.gather(kills(), *(writes(person) for person in range(people)))
    await way.line.until(lambda: len(way.line.calls) >= people * each, seconds=40)
    for person in range(people):
        expected = [f"answer to slow:0.02 {number}" for number in range(each)]
        assert way.line.said_to(user_id(person)) == expected


async def test_engines_are_added_and_killed_under_load(way: Way) -> None:
    """Workers with their engines come and go, and engines die alone, while travellers write."""
    people, each = 6, 10
    await way.worker("--poll-seconds", "3600")
    await way.ready()

    async def writes(person: int) -> None:
        for number in range(each):
            assert await way.line_sends(way.line.text(person, f"slow:0.02 {number}")) == 200
            await asyncio.sleep(0.2)

    async def answered(share: float) -> None:
        await way.line.until(lambda: len(way.line.calls) >= people * each * share, seconds=40)

    async def comes_and_goes() -> None:
        await answered(0.1)
        way.workers[0].kill_engine()
        await answered(0.2)
        await way.worker("--poll-seconds", "3600")
        await way.ready(engines=2)
        await answered(0.4)
        await way.workers[0].kill()
        await answered(0.5)
        await way.worker("--poll-seconds", "3600")
        way.workers[1].kill_engine()
        await answered(0.7)
        await way.workers[1].kill()

    await asyncio.gather(comes_and_goes(), *(writes(person) for person in range(people)))
    await answered(1)
    # What would be said twice or too late comes before the answers to this.
    for person in range(people):
        await way.line_sends(way.line.text(person, "zuletzt"))
    await way.line.until(
        lambda: all(
            "answer to zuletzt" in way.line.said_to(user_id(person)) for person in range(people)
        )
    )
    for person in range(people):
        expected = [f"answer to slow:0.02 {number}" for number in range(each)]
        assert way.line.said_to(user_id(person)) == [*expected, "answer to zuletzt"]
    assert "without a job" not in way.logs()


async def test_asked_to_end_it_finishes_what_is_under_way(way: Way) -> None:
    await _started(way)
    await way.line_sends(way.line.text(1, "slow:0.5 a"))
    while not way.turns():
        await asyncio.sleep(0.01)
    assert await way.workers[0].terminate() == 0
    assert way.line.said_to(user_id(1)) == ["answer to slow:0.5 a"]


async def test_cut_off_from_the_database_it_ends_and_the_next_one_goes_on(way: Way) -> None:
    await _started(way)
    await way.line_sends(way.line.text(1, "slow:1 a"))
    while not way.turns():
        await asyncio.sleep(0.01)
    way.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    assert await way.workers[0].ended() == 1
    await way.worker()
    await _settled(way)
    assert way.line.said_to(user_id(1)) == ["answer to slow:1 a", "answer to zuletzt"]


async def test_the_front_ends_in_order(way: Way) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.front"),
        cwd=ROOT,
        env={**way.environment, "HOSHO_PORT": str(port)},
    )
    async with httpx.AsyncClient() as http, asyncio.timeout(30):
        while True:
            with contextlib.suppress(httpx.HTTPError):
                if (await http.get(f"http://127.0.0.1:{port}/health")).status_code == 503:
                    break
            await asyncio.sleep(0.05)
        process.terminate()
        assert await process.wait() == 0
