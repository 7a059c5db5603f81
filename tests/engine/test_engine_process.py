"""One engine over its socket: answers, refusals, what its log holds, how it ends."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import pytest

from bot.training import NLU_PYTHON
from tests.engine.conftest import AS_OF, Start

pytestmark = pytest.mark.model

SECRET = "ひみつの言葉"
GOOD = {"conversation": "c", "message": "1", "as_of": AS_OF, "text": "24日です"}


async def test_a_turn_a_press_and_a_redelivery(start: Start) -> None:
    async with start() as engine:
        status, first = await engine.say("c", "1")
        assert status == 200
        assert first["replies"][0]["text"].endswith(" 1")
        assert first["replies"][0]["as_of"] == AS_OF
        assert first["case"] is None
        press = {**GOOD, "message": "2", "button": "abc:app=paper"}
        del press["text"]
        status, second = await engine.post(press)
        assert (status, second["replies"][0]["text"]) == (200, "press 2")
        assert await engine.say("c", "1", "別の文") == (200, first)


BAD: list[Any] = [
    b"",
    b"{",
    b"[]",
    {},
    {**GOOD, "message": None},
    {**GOOD, "as_of": "昨日"},
    {**GOOD, "button": "x"},
    {**GOOD, "extra": SECRET},
    {**GOOD, "conversation": SECRET * 100},
]


async def test_malformed_requests_are_refused_with_a_reason(start: Start) -> None:
    async with start() as engine:
        for body in BAD:
            status, answer = await engine.post(body)
            assert status == 400
            assert answer["error"]
            assert SECRET not in answer["error"]
        status, answer = await engine.post(b" " * 300_000)
        assert status == 413
        assert "longer" in answer["error"]
        assert (await engine.say("c", "1"))[0] == 200


async def test_a_failing_action_is_500_and_changes_nothing(start: Start, database_url: str) -> None:
    async with start() as engine:
        await engine.say("c", "1")
        status, answer = await engine.say("c", "2", f"壊れて{SECRET}")
        assert status == 500
        assert SECRET not in str(answer)
        status, answer = await engine.say("c", "2")
        assert (status, answer["replies"][0]["text"].split()[-1]) == (200, "2")
    assert _turns(database_url) == {"c": ["1", "2"]}


async def test_the_log_never_holds_what_travellers_say(start: Start) -> None:
    async with start() as engine:
        for number, text in enumerate(
            [SECRET, f"/{SECRET}", f"/press{{{SECRET}", f"壊れて{SECRET}", SECRET * 500]
        ):
            await engine.say("c", str(number), text)
        await engine.post({**GOOD, "message": "x", "start": SECRET, "text": None})
        await engine.post({**GOOD, "message": "y", "button": f"{SECRET}:{SECRET}", "text": None})
        await engine.post({**GOOD, "conversation": f"line:{SECRET}", "as_of": SECRET})
    log = engine.log.read_text()
    assert SECRET not in log
    assert "ValueError at" in log  # the failing action is told, by place
    assert "c" not in log.split()  # nor whose conversation it was


async def test_a_database_that_is_gone_is_503(
    start: Start, database_url: str, postgres: str
) -> None:
    async with start() as engine:
        assert (await engine.say("c", "1"))[0] == 200
        name = database_url.partition("?")[0].rpartition("/")[2]
        with psycopg.connect(postgres, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
            status, answer = await engine.say("c", "2")
            admin.execute(f"CREATE DATABASE {name}")
        assert status == 503
        assert "try again" in answer["error"]


async def test_a_connection_that_broke_is_made_anew(
    start: Start, database_url: str, postgres: str
) -> None:
    async with start() as engine:
        assert (await engine.say("c", "1"))[0] == 200
        with psycopg.connect(postgres, autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = %s AND pid <> pg_backend_pid()",
                (database_url.partition("?")[0].rpartition("/")[2],),
            )
        statuses = [(await engine.say("c", "2"))[0] for _ in range(4)]
        assert statuses[-1] == 200
    assert _turns(database_url) == {"c": ["1", "2"]}


async def test_sigterm_finishes_what_is_under_way(start: Start, database_url: str) -> None:
    async with start() as engine:
        await engine.say("c0", "0")
        turns = [asyncio.create_task(engine.say(f"c{n}", "1")) for n in range(30)]
        await asyncio.wait(turns, return_when=asyncio.FIRST_COMPLETED)
        assert await engine.stop() == 0
        answers = await asyncio.gather(*turns)
        assert [status for status, _ in answers] == [200] * 30
    assert len(_turns(database_url)) == 30


async def test_a_client_that_hangs_up_does_not_stop_its_turn(
    start: Start, database_url: str
) -> None:
    async with start() as engine:
        turns = [asyncio.create_task(engine.say(f"c{n}", "1")) for n in range(20)]
        await asyncio.wait(turns, return_when=asyncio.FIRST_COMPLETED)
        for turn in turns:
            turn.cancel()
        await asyncio.gather(*turns, return_exceptions=True)
        again = [await engine.say(f"c{n}", "1") for n in range(20)]
        assert {answer["replies"][0]["text"].split()[-1] for _, answer in again} == {"1"}
    assert all(messages == ["1"] for messages in _turns(database_url).values())


async def test_it_listens_on_loopback_when_asked(
    start: Start, database_url: str, model: Any
) -> None:
    # The same protocol over TCP, for those who have no unix sockets.
    process = await asyncio.create_subprocess_exec(
        *(str(NLU_PYTHON), "-m", "nlu.engine", "--port", "0", "--model", str(model)),
        *("--database-url", database_url, "--actions", "tests.nlu_side.echo_actions"),
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    line = (await asyncio.wait_for(process.stderr.readline(), 60)).decode()
    process.terminate()
    assert await process.wait() == 0
    assert "ready on ('127.0.0.1'" in line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--socket", "x", "--model", "nowhere.tar.gz", "--database-url", "x"], "train it first"),
        (["--socket", "x", "--model", __file__], "--database-url"),
        (["--model", __file__, "--database-url", "x"], "--socket --port"),
    ],
)
async def test_wrong_arguments_say_what_to_do(words: list[str], said: str) -> None:
    process = await asyncio.create_subprocess_exec(
        str(NLU_PYTHON), "-m", "nlu.engine", *words, stderr=asyncio.subprocess.PIPE, env={}
    )
    _, error = await process.communicate()
    assert process.returncode == 2
    assert said in error.decode()


async def test_a_database_that_does_not_answer_is_said_at_the_start(model: Any) -> None:
    nowhere = "postgresql://postgres:secret@127.0.0.1:1/postgres"
    process = await asyncio.create_subprocess_exec(
        *(str(NLU_PYTHON), "-m", "nlu.engine", "--port", "0", "--model", str(model)),
        stderr=asyncio.subprocess.PIPE,
        env={"HOSHO_DATABASE_URL": nowhere},
    )
    _, error = await process.communicate()
    assert process.returncode == 1
    assert "the database does not answer" in error.decode()
    assert "secret" not in error.decode()


def _turns(url: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with psycopg.connect(url) as connection:
        for conversation, message in connection.execute(
            "SELECT conversation, message FROM tracker_turn ORDER BY conversation, version"
        ):
            found.setdefault(conversation, []).append(message)
    return found
