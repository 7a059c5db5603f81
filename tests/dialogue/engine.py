"""The real engine (Rasa, its actions, PostgreSQL) as a process of its own, and a talk with it."""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from actions.replies import Choice, Reply
from bot.training import NLU_PYTHON, ROOT
from tests.dialogue.talk import OPEN, shown

#: Loading Rasa takes a few seconds, on a busy machine more.
READY_WITHIN = 120.0
_NUMBERS = itertools.count(1)


@contextmanager
def running_engine(model: Path, database_url: str, folder: Path) -> Iterator[httpx.Client]:
    """Start an engine on a socket in ``folder`` and return a client to it; ends it afterwards."""
    address = folder / "engine.sock"
    log = folder / "engine.log"
    command = [str(NLU_PYTHON), "-m", "nlu.engine", "--socket", str(address), "--model", str(model)]
    environment = {**os.environ, "HOSHO_DATABASE_URL": database_url}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            transport = httpx.HTTPTransport(uds=str(address))
            with httpx.Client(transport=transport, base_url="http://engine", timeout=60) as client:
                _wait(client, address, process, log)
                yield client
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _wait(client: httpx.Client, address: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()[-4000:]
        if _listens(address) and client.get("/health").status_code == 200:
            return
        time.sleep(0.1)
    raise AssertionError(f"the engine is not ready:\n{log.read_text()[-4000:]}")


def _listens(address: Path) -> bool:
    # httpx leaves a socket open when it cannot connect: knock first.
    with socket.socket(socket.AF_UNIX) as knock:
        try:
            knock.connect(str(address))
        except OSError:
            return False
    return True


@dataclass
class EngineTalk:
    """One traveller talking to the engine; ``said`` is the latest turn's replies."""

    client: httpx.Client
    as_of: str = OPEN
    conversation: str = ""
    said: tuple[Reply, ...] = ()
    case: dict[str, Any] | None = None
    old: list[tuple[Choice, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.conversation = self.conversation or f"test:{os.getpid()}-{next(_NUMBERS)}"

    def send(self, **content: Any) -> EngineTalk:
        body = {
            "conversation": self.conversation,
            "message": f"m{next(_NUMBERS)}",
            "as_of": self.as_of,
            **content,
        }
        answer = self.client.post("/turn", json=body)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        self.old += [(c, reply.interview) for reply in self.said for c in reply.choices]
        self.said = tuple(Reply.from_json(reply) for reply in found["replies"])
        self.case = found["case"]
        return self

    def start(self, campaign: str = "") -> EngineTalk:
        return self.send(start=campaign)

    def write(self, text: str) -> EngineTalk:
        return self.send(text=text)

    def press(self, label: str) -> EngineTalk:
        for reply in self.said:
            for choice in reply.choices:
                if choice.label == label:
                    return self.send(button=f"{reply.interview}:{choice.token}")
        raise AssertionError(f"no button {label!r}; there are {self.labels}")

    def press_old(self, label: str) -> EngineTalk:
        """Press the first button of that label that was ever shown before the latest turn."""
        choice, interview = next((c, i) for c, i in self.old if c.label == label)
        return self.send(button=f"{interview}:{choice.token}")

    @property
    def text(self) -> str:
        return "\n---\n".join(shown(reply) for reply in self.said)

    @property
    def labels(self) -> list[str]:
        return [choice.label for reply in self.said for choice in reply.choices]
