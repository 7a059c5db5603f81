"""One parent for everything: PostgreSQL, migrations, the model, front, workers; stops all of it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

#: Seconds a child may take to finish what is under way before it is killed.
STOP_SECONDS = 10.0
#: Seconds before a child that died is started again; doubled each time it dies young.
RESTART_SECONDS = 0.5
RESTART_SECONDS_AT_MOST = 30.0
#: A child that lived this long (seconds) has started well: the next pause is short again.
YOUNG_SECONDS = 20.0
COLOURS = (36, 33, 35, 32, 34)


class PortTakenError(Exception):
    """Something else listens where the front is to listen."""


@dataclass
class Child:
    """One process to keep alive: its name in the logs, its command line."""

    name: str
    command: Sequence[str]
    process: asyncio.subprocess.Process | None = field(default=None, repr=False)
    restarts: int = 0


def check_port(host: str, port: int) -> None:
    """Raise PortTakenError when ``host:port`` cannot be listened on."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTakenError(
                f"cannot listen on {host}:{port} ({error.strerror}); "
                "stop what runs there, or choose another port with HOSHO_PORT"
            ) from None


class Supervisor:
    """Starts children, prefixes what they print, restarts the dead, stops them all."""

    def __init__(self, children: Sequence[Child], environment: Mapping[str, str]) -> None:
        """Keep ``children`` (in the order in which they are to be stopped) for :meth:`run`.

        Args:
            children: what to start.
            environment: the environment variables each of them gets.
        """
        self._children = list(children)
        self._environment = dict(environment)
        self._stopping = asyncio.Event()
        self._width = max(len(child.name) for child in self._children)
        self._colour = sys.stdout.isatty()

    def stop(self) -> None:
        """Ask for the end; ``run`` returns when everything has stopped."""
        self._stopping.set()

    async def run(self) -> None:
        """Keep the children alive until asked to stop."""
        loop = asyncio.get_running_loop()
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(signum, self.stop)
        keepers = [
            asyncio.create_task(self._keep(child, number))
            for number, child in enumerate(self._children)
        ]
        await self._stopping.wait()
        # In the order they were named: the front first, so that nothing new comes in.
        for child in self._children:
            await self._end(child)
        await asyncio.gather(*keepers)

    async def _keep(self, child: Child, number: int) -> None:
        pause = RESTART_SECONDS
        while not self._stopping.is_set():
            started = time.monotonic()
            child.process = await asyncio.create_subprocess_exec(
                *child.command,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                # A session of its own: Ctrl-C reaches the supervisor alone, which ends the
                # children in order.
                start_new_session=True,
            )
            relay = asyncio.create_task(self._relay(child, number))
            status = await child.process.wait()
            # What it started (a worker's engine) must not outlive it, nor hold its output open.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.process.pid, signal.SIGKILL)
            await relay
            if self._stopping.is_set():
                return
            if time.monotonic() - started > YOUNG_SECONDS:
                pause = RESTART_SECONDS
            child.restarts += 1
            self._print(child.name, number, f"ended with {status}; starting again in {pause:.1f} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
            pause = min(pause * 2, RESTART_SECONDS_AT_MOST)

    async def _relay(self, child: Child, number: int) -> None:
        assert child.process is not None
        assert child.process.stdout is not None
        while True:
            try:
                line = await child.process.stdout.readline()
            except ValueError:  # a line over the reader's limit: dropped, the next one follows
                continue
            if not line:
                return
            self._print(child.name, number, line.decode("utf-8", "replace").rstrip())

    def _print(self, name: str, number: int, line: str) -> None:
        prefix = f"{name:<{self._width}} |"
        if self._colour:
            prefix = f"\x1b[{COLOURS[number % len(COLOURS)]}m{prefix}\x1b[0m"
        print(prefix, line, flush=True)

    async def _end(self, child: Child) -> None:
        process = child.process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            # The whole group: a worker's engine must not outlive it.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
