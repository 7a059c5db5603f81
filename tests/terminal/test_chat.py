"""``./hosho chat``: piped or at a terminal, left by Ctrl-C and Ctrl-D, kept like any talk."""

from __future__ import annotations

import fcntl
import os
import pty
import shlex
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import psycopg
import pytest

from bot.settings import ROOT

FAKE = [sys.executable, "-m", "tests.stand_ins.fake_engine", "--socket", "{socket}"]


def command(*arguments: str) -> list[str]:
    engine = shlex.join(FAKE)
    return [sys.executable, "-m", "bot.cli", "chat", "--engine-command", engine, *arguments]


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "HOSHO_DATABASE_URL": database_url,
        "TERM": "xterm",
        "LANG": "C.UTF-8",
    }


def piped(
    environment: dict[str, str], said: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        cwd=ROOT,
        env=environment,
        input=said,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_piped_lines_are_turns(environment: dict[str, str]) -> None:
    done = piped(environment, "こんにちは\n\n1500\nask me\n2)\ncard\n9)\n")
    assert done.returncode == 0, done.stderr
    out = done.stdout
    turns = [
        "start",
        "こんにちは",
        "1500",
        "ask me",
        "button k3f9:expires=2023-02-25",
        "補償の対象",
    ]
    places = [out.index(turn if turn == "補償の対象" else f"answer to {turn}") for turn in turns]
    assert places == sorted(places)
    assert "あなた> 1500" in out
    assert "（2月25日（土））" in out
    assert "│ 補償の対象です（A）" in out
    assert "いま選べる番号は 1) から 1) まで" in out
    assert "\x1b[" not in out


def test_what_the_engine_sees(environment: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "engine.log"
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    engine = shlex.join([*FAKE, "--log", str(log)])
    subprocess.run(
        [
            *(sys.executable, "-m", "bot.cli", "chat", "--engine-command", engine),
            *("--campaign", "gunma", "--as-of", "2023-03-25T10:00"),
        ],
        cwd=ROOT,
        env=environment,
        input="２／２４\n",
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    lines = [line.split("\t") for line in log.read_text(encoding="utf-8").splitlines()]
    assert [line[2] for line in lines] == ["start gunma", "２／２４"]
    assert len({line[0] for line in lines}) == 1
    assert lines[0][0].startswith("terminal:")


def test_the_talk_and_its_case_are_kept(environment: dict[str, str], database_url: str) -> None:
    assert piped(environment, "card\n").returncode == 0
    with psycopg.connect(database_url) as connection:
        states = connection.execute("SELECT state FROM inbox ORDER BY id").fetchall()
        cases = connection.execute("SELECT event, answers ->> 'campaign' FROM cases").fetchall()
        jobs = connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone()
    assert states == [("done",), ("done",)]
    assert cases == [("verdict", "gunma")]
    # No worker of a service that runs beside it is asked to answer as well.
    assert jobs == (0,)


def test_the_clock_is_said(environment: dict[str, str]) -> None:
    done = piped(environment, "", "--as-of", "2023-03-25T10:00")
    assert done.stdout.startswith("デモの時計：2023年3月25日（土）10:00\n")
    assert "デモの時計" not in piped(environment, "").stdout


def test_an_engine_that_fails_is_apologised_for(environment: dict[str, str]) -> None:
    done = piped(environment, "boom\nこんにちは\n")
    assert done.returncode == 0
    assert "申し訳ありません" in done.stdout
    assert "answer to こんにちは" in done.stdout


def test_a_text_too_long_is_refused_kindly(environment: dict[str, str]) -> None:
    done = piped(environment, "あ" * 2001 + "\nこんにちは\n")
    assert "2,000文字まで" in done.stdout
    assert "answer to あ" not in done.stdout
    assert "answer to こんにちは" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--campaign", "tokyo"), "'tokyo' is not one of"),
        (("--as-of", "yesterday"), "--as-of: 'yesterday' is not a time"),
    ],
)
def test_wrong_arguments_are_named(
    environment: dict[str, str], arguments: tuple[str, ...], says: str
) -> None:
    done = piped(environment, "", *arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def take_terminal() -> None:
    """Make standard input the controlling terminal: only there Ctrl-C becomes a signal."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """The chat at a terminal of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            command(),
            cwd=ROOT,
            env=environment,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            close_fds=True,
            preexec_fn=take_terminal,  # noqa: PLW1509 - one system call
        )
        os.close(slave)
        self.shown = ""

    def expect(self, text: str, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        os.set_blocking(self.master, False)
        while text not in self.shown:
            assert time.monotonic() < deadline, f"{text!r} never came:\n{self.shown}"
            try:
                self.shown += os.read(self.master, 65536).decode("utf-8", "replace")
            except BlockingIOError:
                time.sleep(0.02)
        self.shown = self.shown.partition(text)[2]

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def end(self) -> int:
        try:
            return self.process.wait(20)
        finally:
            os.close(self.master)


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_at_a_terminal_and_left_by_a_key(environment: dict[str, str], key: str) -> None:
    terminal = Terminal(environment)
    terminal.expect("あなた> ")
    terminal.type("ask me\r")
    terminal.expect("2月25日（土）")
    terminal.expect("あなた> ")
    terminal.type("1)\r")
    terminal.expect("answer to button k3f9:expires=2023-02-24")
    terminal.expect("あなた> ")
    engines = children(terminal.process.pid)
    assert engines
    terminal.type(key)
    assert terminal.end() == 0
    assert "Traceback" not in terminal.shown
    assert not [pid for pid in engines if Path(f"/proc/{pid}").exists()]


def children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()]


def test_killed_it_takes_its_engine_along(environment: dict[str, str]) -> None:
    terminal = Terminal(environment)
    terminal.expect("あなた> ")
    engines = children(terminal.process.pid)
    terminal.process.send_signal(signal.SIGKILL)
    terminal.end()
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in engines):
        assert time.monotonic() < deadline, "the engine outlived the chat"
        time.sleep(0.05)
