"""The measurements: loads, growth of a turn's cost, stored conversations, two engines."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import time
import uuid
from collections.abc import Sequence
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
    """Measure what the turns before turn 10, 50, 200 and 500 of a conversation cost."""
    who = names(conversations)
    cycle = len(INTERVIEW)
    found: dict[int, Load] = {}
    done = 1
    await serve(side, who, at_once, [START])
    for turn in GROWTH:
        # Up to the last whole interview before it, unmeasured; then that interview.
        rest = (turn - cycle - done) // cycle * cycle
        await serve(side, who, at_once, INTERVIEW * (rest // cycle))
        done += max(0, rest)
        found[turn] = await load(side, at_once, 0, known=who, steps=INTERVIEW)
        done += cycle
    return found


async def stored(side: product.Product, turns: int, many: int) -> tuple[Load, Load, Load, Load]:
    """Measure with ten conversations stored, and with ``many``: new ones and stored ones.

    Returns:
        new and stored conversations with ten, then new and stored ones with many.
    """
    database = side.database
    database.run("TRUNCATE tracker_state, tracker_turn", "VACUUM")
    ten = names(10)
    interview = script(1 + len(INTERVIEW))
    await serve(side, ten, 8, interview)
    each = turns // len(INTERVIEW)

    async def measure(known: list[str]) -> tuple[Load, Load]:
        database.run("VACUUM (ANALYZE)", "CHECKPOINT")
        await load(side, 8, turns // 4)  # warm
        new = await load(side, 8, turns)
        # As they come in the evening: any of the stored ones, some more than once, not at once.
        chosen = list(itertools.islice(_shuffled(known), each))
        return new, await load(side, 8, 0, known=chosen, steps=INTERVIEW)

    with_ten = await measure(ten)
    # Fresh ones again: the ten have talked for hours meanwhile.
    database.run("TRUNCATE tracker_state, tracker_turn")
    ten = names(10)
    await serve(side, ten, 8, interview)
    copies = -(-many // len(ten))
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
    with_many = await measure(known)
    database.run("TRUNCATE tracker_state, tracker_turn", "VACUUM")
    return (*with_ten, *with_many)


def _shuffled(known: list[str]) -> itertools.chain[str]:
    order = random.Random(2023)

    def rounds() -> itertools.chain[str]:
        return itertools.chain.from_iterable(
            order.sample(known, len(known)) for _ in itertools.count()
        )

    return rounds()


async def two_engines(folder: Path, model: Path, turns: int) -> tuple[Load, Load, Load, Load]:
    """Measure one engine and two, free on all cores, then everything held to one core and to two.

    Free, one engine leaves the second core to PostgreSQL and to the travellers; held, each
    engine has one core's worth of everything.

    Returns:
        one free, two free, one on one core, two on two cores.
    """
    cores = sorted(os.sched_getaffinity(0))[:2]
    found: list[Load] = []
    for held in (False, True):
        for count in (1, 2):
            async with product.running(folder, model, count) as side:
                family = Family([*side.family.roots, os.getpid()])
                if held:
                    family.pin(set(cores[:count]))
                try:
                    await load(side, 16, turns // 4)
                    found.append(await load(side, 16 * count, turns * count))
                finally:
                    if held:
                        Family([os.getpid()]).pin(set(cores))
                await asyncio.sleep(0)
    return found[0], found[1], found[2], found[3]
