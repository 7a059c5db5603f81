"""Talk to the assistant in the terminal."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib
import os
import shlex
import shutil
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from typing import IO, Any

from psycopg.types.json import Jsonb
from sqlalchemy.exc import OperationalError

from actions.notices import NoticesError, load_notices
from actions.replies import Reply
from bot import clock
from bot.channels.base import FetchedChannel
from bot.channels.terminal import NoSuchChoiceError, Screen
from bot.channels.web.page import moment_in_words
from bot.db.migrate import upgrade
from bot.db.pool import open_pool
from bot.db.server import database
from bot.inbox import conversation_id
from bot.outbox import Outbox
from bot.outbox_listen import OutboxListener
from bot.settings import Settings, SettingsError
from bot.training import TrainingError, ensure_model, model_path
from bot.worker_engine import EngineProcess, default_command, engine_environment
from bot.worker_turn import Tools, carry_on

CHANNEL = "terminal"
PROMPT = "あなた> "
MAX_TEXT = 2_000
HINT = (
    "文字で答えるか、番号に括弧をつけて選んでください（例：1) ）。"
    "そのままの数字は、金額や日付として読みます。終わるときは Ctrl-D を押してください。"
)
#: Like ``bot.inbox.RECEIVE`` but without a job: this process answers by itself, whatever
#: service runs beside it on the same database.
_KEEP = """
WITH met AS (
    INSERT INTO conversation (id, channel, address)
    VALUES (%(conversation)s, %(channel)s, %(address)s) ON CONFLICT DO NOTHING
)
INSERT INTO inbox (channel, event_id, conversation, payload)
VALUES (%(channel)s, %(event_id)s, %(conversation)s, %(payload)s)
"""


class Talk:
    """One conversation, answered in this process by an engine of its own."""

    def __init__(
        self, settings: Settings, url: str, engine_command: Sequence[str], log_file: IO[bytes]
    ) -> None:
        """Take what it works with.

        Args:
            settings: the settings; their clock is the conversation's.
            url: the database's address.
            engine_command: how the engine is started (``{socket}`` for its socket).
            log_file: where the engine's output goes.
        """
        self._settings = settings
        self._url = url
        self._engine_command = engine_command
        self._log_file = log_file
        self._stack = AsyncExitStack()
        self._address = uuid.uuid4().hex
        self._conversation = conversation_id(CHANNEL, self._address)
        self._shown = 0
        self._count = 0

    async def open(self) -> None:
        """Start the engine and wait until it is ready."""
        self._pool = await self._stack.enter_async_context(open_pool(self._url, size=2))
        self._replies = OutboxListener(self._pool, self._url)
        engine = EngineProcess(
            self._engine_command,
            engine_environment(self._url),
            log_file=self._log_file,
        )
        await self._stack.enter_async_context(engine)
        self._tools = Tools(
            outbox=Outbox(self._pool),
            engine=engine.client,
            engine_ready=engine.wait_ready,
            channels={CHANNEL: FetchedChannel(CHANNEL)},
            clock=lambda: clock.now(self._settings),
        )
        await engine.wait_ready()

    async def close(self) -> None:
        """End the engine and let the database go."""
        await self._stack.aclose()

    async def say(self, turn: Mapping[str, Any]) -> list[Reply]:
        """Say something and return what is answered.

        Args:
            turn: as the engine takes it: ``text``, ``button`` or ``start``.
        """
        self._count += 1
        values = {
            "conversation": self._conversation,
            "channel": CHANNEL,
            "address": self._address,
            "event_id": f"{self._address}:{self._count}",
            "payload": Jsonb({"turn": dict(turn), "reply": {}}),
        }
        async with self._pool.connection() as connection:
            await connection.execute(_KEEP, values)
        await carry_on(self._tools, self._conversation)
        said = await self._replies.read(self._conversation, self._shown)
        if said:
            self._shown = said[-1].id
        return [item.reply for item in said]


def main(arguments: list[str]) -> int:
    """Talk until Ctrl-D, Ctrl-C, or the end of what is piped in (one line a turn).

    Args:
        arguments: see ``--help``.
    """
    parser = argparse.ArgumentParser(prog="./hosho chat", description=__doc__, epilog=HINT)
    parser.add_argument("--campaign", help="begin in this campaign, e.g. gunma")
    parser.add_argument(
        "--as-of", metavar="TIME", help="where the clock stands, e.g. 2023-03-25T10:00 (JST)"
    )
    parser.add_argument("--engine-command", help="start this engine; {socket} is its socket's path")
    options = parser.parse_args(arguments)
    environment = dict(os.environ)
    if options.as_of:
        environment["HOSHO_AS_OF"] = options.as_of
    try:
        settings = Settings.from_env(environment)
        known = list(load_notices())
        if options.campaign and options.campaign not in known:
            parser.error(f"--campaign: {options.campaign!r} is not one of {', '.join(known)}")
        with ExitStack() as stack:
            url = stack.enter_context(database(settings))
            upgrade(url)
            command = shlex.split(options.engine_command or "") or _engine_of(settings)
            log_file = stack.enter_context(
                tempfile.NamedTemporaryFile(prefix="hosho-chat-", suffix=".log")
            )
            runner = stack.enter_context(asyncio.Runner())
            talk = Talk(settings, url, command, log_file)
            stack.callback(lambda: runner.run(talk.close()))
            _aside("準備しています……")
            runner.run(talk.open())
            return _converse(runner, talk, settings, options.campaign or "")
    except SettingsError as error:
        name = "--as-of" if options.as_of and error.name == "HOSHO_AS_OF" else error.name
        print(f"hosho chat: {name}: {str(error).partition(': ')[2]}", file=sys.stderr)
        return 2
    except (NoticesError, TrainingError, OperationalError) as error:
        print(f"hosho chat: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
        return 0


def _engine_of(settings: Settings) -> list[str]:
    if not model_path(settings.data_dir).exists():
        _aside("モデルを準備しています（1分ほど、はじめの1回だけ）……")
    ensure_model(settings.data_dir)
    return default_command(settings)


def _converse(runner: asyncio.Runner, talk: Talk, settings: Settings, campaign: str) -> int:
    typed = sys.stdin.isatty()
    shown = sys.stdout.isatty()
    screen = Screen(
        shutil.get_terminal_size().columns - 1,
        colour=shown and "NO_COLOR" not in os.environ,
    )
    if settings.as_of:
        _print(screen.note(f"デモの時計：{moment_in_words(settings.as_of)}"))
    _print(screen.note(HINT))
    _print(screen.draw(runner.run(talk.say({"start": campaign}))))
    for line in _typed() if typed else _piped():
        if not typed:
            _print(["", f"{PROMPT}{line}"])
        try:
            turn = screen.read(line)
        except NoSuchChoiceError as error:
            _print(screen.note(str(error)))
            continue
        if len(line) > MAX_TEXT:
            _print(screen.note(f"1回に送れるのは{MAX_TEXT:,}文字までです。短く分けてください。"))
            continue
        if "button" in turn:
            _print(screen.note(f"（{screen.label(turn['button'])}）"))
        _print(screen.draw(runner.run(talk.say(turn))))
    return 0


def _typed() -> Iterator[str]:
    # Line editing and history, where Python has them.
    with contextlib.suppress(ImportError):
        importlib.import_module("readline")
    while True:
        print()
        try:
            line = input(PROMPT).strip()
        except EOFError:
            print()
            return
        if line:
            yield line


def _piped() -> Iterator[str]:
    for line in sys.stdin:
        if line.strip():
            yield line.strip()


def _print(lines: Sequence[str]) -> None:
    print("\n".join(lines), flush=True)


def _aside(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
