"""What a family of processes costs: CPU time and memory, from ``/proc``."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


#: What a command line that contains it is; the first that fits (a worker's names its engine).
ROLES = ("bot.worker", "nlu.engine", "bot.front", "postgres", "actions.actions", "rasa")


@dataclass(frozen=True)
class Memory:
    """Resident memory in MB: ``rss`` counts shared pages in every process, ``pss`` once."""

    rss: float
    pss: float


class Family:
    """Processes with all their descendants, also those that come and go."""

    def __init__(self, roots: Iterable[int]) -> None:
        self.roots = tuple(roots)

    def cpu_by_role(self) -> dict[str, float]:
        """Return the CPU seconds by what the processes are, told by their command lines."""
        found: dict[str, float] = {}
        for pid in self.pids():
            with contextlib.suppress(OSError):
                command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                role = next((role for role in ROLES if role in command), "other")
                found[role] = found.get(role, 0.0) + _ticks(pid) / _TICKS
        return found

    def cpu_seconds(self) -> float:
        """User and system time of the living, and of their dead children that were waited for."""
        return sum(_ticks(pid) for pid in self.pids()) / _TICKS

    def memory(self) -> Memory:
        rss = pss = 0
        for pid in self.pids():
            with contextlib.suppress(OSError):
                for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                    if line.startswith("Rss:"):
                        rss += int(line.split()[1])
                    elif line.startswith("Pss:"):
                        pss += int(line.split()[1])
        return Memory(rss / 1024, pss / 1024)

    def pin(self, cores: set[int]) -> None:
        """Let every thread of the family run on these cores only."""
        for pid in self.pids():
            with contextlib.suppress(OSError):
                for thread in os.listdir(f"/proc/{pid}/task"):
                    with contextlib.suppress(OSError):
                        os.sched_setaffinity(int(thread), cores)

    def pids(self) -> Iterator[int]:
        seen: set[int] = set()
        waiting = list(self.roots)
        while waiting:
            pid = waiting.pop()
            if pid in seen:
                continue
            seen.add(pid)
            with contextlib.suppress(OSError):
                for thread in os.listdir(f"/proc/{pid}/task"):
                    with contextlib.suppress(OSError):
                        children = Path(f"/proc/{pid}/task/{thread}/children").read_text()
                        waiting += [int(child) for child in children.split()]
        yield from seen


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(int(value) for value in fields[11:15])  # utime, stime, cutime, cstime


def disk_megabytes(folder: Path) -> float:
    """Return what a folder occupies on disk, each file counted once however often it is linked."""
    seen: set[tuple[int, int]] = set()
    blocks = 0
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            entry = os.lstat(os.path.join(parent, name))
            if (entry.st_dev, entry.st_ino) not in seen:
                seen.add((entry.st_dev, entry.st_ino))
                blocks += entry.st_blocks
    return blocks * 512 / 1e6
