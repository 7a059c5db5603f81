"""The measurements: loads, growth of a turn's cost, stored conversations, two engines."""

from __future__ import annotations

import itertools
import os
import random
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from benchmarks.engine import product
from benchmarks.engine.processes import Family
from benchmarks.engine.travellers import INTERVIEW, START, Load, Side, Step, script, serve

#: Turns at which a conversation's cost is measured: one whole interview up to each.
GROWTH = (10, 50, 200, 500)


class Measured(Side, Protocol):
    """A side whose processes' cost can be read."""

    @property
    def family(self) -> Family: ...


def names(count: int) -> list[str]:
    """Return names that no conversation has had."""
    run = uuid.uuid4().hex[:12]
    return [f"web:{run}{number}" for number in range(count)]


async def load(
    side: Measured,
    at_once: int,
    turns: int,
    *,
    known: Sequence[str] | None = None,
    steps: Sequence[Step] | None = None,
) -> Load:
    """Serve about ``turns`` turns of ``at_once`` travellers at a time.

    Args:
        side: what is measured.
        at_once: travellers served at the same time.
        turns: how many turns in all, rounded up to whole interviews.
        known: conversations to carry on instead of new ones.
        steps: what each says instead of one interview.
    """
    steps = steps or script(1 + len(INTERVIEW))
    who = names(max(at_once, -(-turns // len(steps)))) if known is None else known
    before, cpu, begun = (
        side.family.cpu_by_role(),
        side.family.cpu_seconds(),
        time.perf_counter(),
    )
    seconds = await serve(side, who, at_once, steps)
    wall = time.perf_counter() - begun
    cpu = side.family.cpu_seconds() - cpu
    after = side.family.cpu_by_role()
    roles = {role: after[role] - before.get(role, 0.0) for role in after}
    return Load(seconds, wall, cpu, roles)


async def growth(side: Measured, conversations: int, at_once: int) -> dict[int, Load]:
    """Measure what the turns before turn 10, 50, 200 and 500 of a conversation cost.

    All conversations are brought to their length first, then a few of each length are measured in
    turn: what else the machine does meets all of them.

    Args:
        side: what is measured.
        conversations: how many of each length.
        at_once: travellers served at the same time.
    """
    cycle = len(INTERVIEW)
    groups = {turn: names(conversations) for turn in GROWTH}
    for turn, who in groups.items():
        # Up to the last whole interview before it, unmeasured; that interview is measured.
        await serve(side, who, at_once, [START, *INTERVIEW * ((turn - cycle - 1) // cycle)])
    found = {turn: Load() for turn in GROWTH}
    for number, first in enumerate(range(0, conversations, at_once)):
        for turn in GROWTH if number % 2 else reversed(GROWTH):
            chosen = groups[turn][first : first + at_once]
            found[turn].add(await load(side, at_once, 0, known=chosen, steps=INTERVIEW))
    return found


async def stored(folder: Path, model: Path, turns: int, many: int, rounds: int) -> Stored:
    """Measure with ten conversations stored, and with ``many``: new ones and stored ones.

    Both are there side by side, each with an engine and a server of its own, and are loaded in
    turn: what else the machine does meets both. The new talks of a round stay, on both sides, so
    that ten become some hundreds; the ten are talked to again and again, as turn 500 costs what
    turn 10 does.

    Args:
        folder: where the server's data is kept from run to run.
        model: the trained model.
        turns: how many turns to measure of each kind, over all rounds.
        many: conversations stored on the second side.
        rounds: how often the sides take turns.
    """
    found = Stored()
    async with (
        product.running(folder / "few", model) as few,
        product.running(folder / "many", model) as lots,
    ):
        known_few, known_many = await _talks(few, 10), await _talks(lots, many)
        sides = ((few, known_few, found.ten), (lots, known_many, found.many))
        for side, _, _ in sides:
            await load(side, 8, max(20, turns // 8))  # warm
        for number in range(rounds):
            for side, known, (new, old) in sides if number % 2 else reversed(sides):
                new.add(await load(side, 8, turns // rounds))
                # As they come in the evening: any of the stored ones.
                each = -(-turns // rounds // len(INTERVIEW))
                chosen = list(itertools.islice(known, each))
                old.add(await load(side, 8, 0, known=chosen, steps=INTERVIEW))
    return found


@dataclass
class Stored:
    """What new and stored conversations cost, with ten stored and with many."""

    ten: tuple[Load, Load] = field(default_factory=lambda: (Load(), Load()))
    many: tuple[Load, Load] = field(default_factory=lambda: (Load(), Load()))


async def _talks(side: product.Product, count: int) -> Iterator[str]:
    """Store conversations, each after one interview; return them in endless random order."""
    database = side.database
    ten = names(10)
    await serve(side, ten, 8, script(1 + len(INTERVIEW)))
    known = ten
    if count > len(ten):
        copies = -(-count // len(ten))
        for table, columns in (
            ("tracker_state", "version, state"),
            ("tracker_turn", "message, version, events"),
        ):
            database.run(
                f"INSERT INTO {table} (conversation, {columns}) "
                f"SELECT conversation || ':' || copy, {columns} "
                f"FROM {table}, generate_series(1, {copies}) AS copy"
            )
        known = [f"{name}:{copy}" for name in ten for copy in range(1, copies + 1)]
    database.run("VACUUM (ANALYZE)", "CHECKPOINT")
    return _shuffled(known)


def _shuffled(known: Sequence[str]) -> Iterator[str]:
    """Return the names again and again in one random order: no one comes twice at once."""
    return itertools.cycle(random.Random(2023).sample(known, len(known)))


@dataclass
class TwoEngines:
    """One engine against two: free on all cores, and with everything held to as many cores."""

    free: dict[int, Load] = field(default_factory=lambda: {1: Load(), 2: Load()})
    held: dict[int, Load] = field(default_factory=lambda: {1: Load(), 2: Load()})


async def two_engines(folder: Path, model: Path, turns: int, rounds: int) -> TwoEngines:
    """Measure one engine and two, in turn, over one database.

    Free, one engine leaves the second core to PostgreSQL and to the travellers; held, each
    engine has one core's worth of everything, and rounds take the cores in turn for the one.

    Args:
        folder: where the server's data is kept from run to run.
        model: the trained model.
        turns: how many turns to measure of one engine; of two, twice as many.
        rounds: how often one and two take turns.
    """
    cores = sorted(os.sched_getaffinity(0))[:2]
    found = TwoEngines()
    async with product.running(folder, model, 2) as both:
        sides = {1: product.Product(both.engines[:1], both.database), 2: both}
        everything = Family([*both.family.roots, os.getpid()])
        await load(both, 32, max(40, turns // 4))  # warm
        try:
            for number in range(rounds):
                for loads in (found.free, found.held):
                    for count, side in sides.items():
                        held = loads is found.held and count == 1
                        everything.pin({cores[number % len(cores)]} if held else set(cores))
                        loads[count].add(await load(side, 16 * count, turns * count // rounds))
        finally:
            everything.pin(set(cores))
    return found
