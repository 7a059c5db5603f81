"""The engine's answers as the worker takes them: replies, errors by kind, nothing of content."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from aiohttp import web

from bot.engine_client import EngineClient, EngineError, EngineGoneError

AS_OF = "2023-03-25T10:00:00+09:00"


class Scripted:
    """An engine that answers what it is told, and keeps what it was asked."""

    def __init__(self) -> None:
        self.body: bytes = b'{"replies": []}'
        self.status = 200
        self.asked: list[dict[str, str]] = []
        self.hangs_up = False

    async def turn(self, request: web.Request) -> web.Response:
        self.asked.append(await request.json())
        if self.hangs_up:
            assert request.transport is not None
            request.transport.abort()
        return web.Response(body=self.body, status=self.status)


@pytest.fixture
async def engine() -> AsyncIterator[tuple[Scripted, EngineClient]]:
    with TemporaryDirectory() as folder:
        scripted = Scripted()
        app = web.Application()
        app.router.add_post("/turn", scripted.turn)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        socket = Path(folder) / "s"
        await web.UnixSite(runner, str(socket)).start()
        async with EngineClient(socket) as client:
            yield scripted, client
        await runner.cleanup()


async def test_replies_and_case_come_back(engine: tuple[Scripted, EngineClient]) -> None:
    scripted, client = engine
    scripted.body = json.dumps({"replies": [{"text": "はい"}], "case": {"receipt": "1"}}).encode()
    turn = await client.turn("line:a", "7", AS_OF, {"text": "２／２４"})
    assert [reply.text for reply in turn.replies] == ["はい"]
    assert turn.case == {"receipt": "1"}
    assert scripted.asked == [
        {"conversation": "line:a", "message": "7", "as_of": AS_OF, "text": "２／２４"}
    ]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"),
        (400, b'{"error": "geheim"}'),
        (200, b"geheim"),
        (200, b"[]"),
        (200, b'{"replies": [{"txt": "geheim"}]}'),
        (200, b'{"replies": null}'),
    ],
)
async def test_a_bad_answer_is_an_error_without_content(
    engine: tuple[Scripted, EngineClient], status: int, body: bytes
) -> None:
    scripted, client = engine
    scripted.status, scripted.body = status, body
    with pytest.raises(EngineError) as caught:
        await client.turn("line:a", "7", AS_OF, {"text": "geheim"})
    assert not isinstance(caught.value, EngineGoneError)
    assert "geheim" not in str(caught.value)


async def test_an_engine_that_ends_in_the_middle_is_gone_with_the_turn_begun(
    engine: tuple[Scripted, EngineClient],
) -> None:
    scripted, client = engine
    scripted.hangs_up = True
    with pytest.raises(EngineGoneError) as caught:
        await client.turn("line:a", "7", AS_OF, {"text": "a"})
    assert caught.value.begun


async def test_no_engine_is_gone_with_nothing_begun(tmp_path: Path) -> None:
    async with EngineClient(tmp_path / "nowhere") as client:
        assert not await client.ready()
        with pytest.raises(EngineGoneError) as caught:
            await client.turn("line:a", "7", AS_OF, {"text": "a"})
    assert not caught.value.begun
