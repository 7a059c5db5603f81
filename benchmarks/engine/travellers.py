"""The travellers: what they say turn by turn, and how many of them are served at once."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

AS_OF = "2023-03-25T10:00:00+09:00"


@dataclass(frozen=True)
class Step:
    """One turn: ``start`` opens the talk, ``text`` types, ``press`` presses a button.

    A press names the button's token (``app=paper``); ``text`` is what is typed where that button
    is not offered.
    """

    kind: Literal["start", "text", "press"]
    text: str = ""
    token: str = ""


#: A whole interview: answers, a question back, a correction, thanks, and once more from the
#: beginning, so that long conversations are the same turns again.
INTERVIEW: tuple[Step, ...] = (
    Step("text", "群馬です"),
    Step("text", "２月２４日です"),
    Step("text", "現金で払ったのに引かれていました"),
    Step("text", "問合せ番号はどこに書いてありますか"),
    Step("text", "１５００円"),
    Step("press", "紙のままです", "app=paper"),
    Step("text", "やっぱり期限は25日でした"),
    Step("text", "ありがとうございました"),
    Step("text", "最初から"),
)
START = Step("start")


class Side(Protocol):
    """One of the things measured: takes a traveller's turn, returns when it is answered."""

    async def say(self, traveller: str, step: Step) -> list[str]:
        """Take one turn; return the texts that were answered."""
        ...


@dataclass
class Load:
    """What a load measured: seconds of each turn, of the whole, and of CPU (in all, by role)."""

    seconds: list[float] = field(default_factory=list)
    wall: float = 0.0
    cpu: float = 0.0
    roles: dict[str, float] = field(default_factory=dict)

    def add(self, other: Load) -> None:
        """Take another round of the same load in."""
        self.seconds += other.seconds
        self.wall += other.wall
        self.cpu += other.cpu
        for role, cpu in other.roles.items():
            self.roles[role] = self.roles.get(role, 0.0) + cpu

    @property
    def turns(self) -> int:
        return len(self.seconds)

    @property
    def turns_per_second(self) -> float:
        return self.turns / self.wall

    @property
    def cpu_ms(self) -> float:
        """CPU-milliseconds a turn, all processes of the side together."""
        return self.cpu / self.turns * 1000

    @property
    def cpu_ms_by_role(self) -> dict[str, float]:
        """CPU-milliseconds a turn by process."""
        return {
            role: round(cpu / self.turns * 1000, 2) for role, cpu in self.roles.items() if cpu > 0
        }

    def percentile(self, share: float) -> float:
        """Return the milliseconds within which ``share`` of the turns were answered."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000

    @property
    def median(self) -> float:
        return statistics.median(self.seconds) * 1000


def script(turns: int) -> list[Step]:
    """Return the first ``turns`` turns of a traveller who never gets enough."""
    return list(itertools.islice(itertools.chain([START], itertools.cycle(INTERVIEW)), turns))


async def serve(
    side: Side, names: Sequence[str], at_once: int, steps: Sequence[Step]
) -> list[float]:
    """Let every named traveller go through the steps, ``at_once`` of them at a time.

    Returns:
        the seconds of every turn, in the order in which they were answered.
    """
    waiting = iter(names)
    seconds: list[float] = []

    async def one_after_the_other() -> None:
        for name in waiting:
            for step in steps:
                begun = time.perf_counter()
                if not await side.say(name, step):
                    raise AssertionError(f"no answer to {step}")
                seconds.append(time.perf_counter() - begun)

    await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))
    return seconds
