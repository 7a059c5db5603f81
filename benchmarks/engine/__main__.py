"""Run the comparison and print it: ``python -m benchmarks.engine`` (see the package)."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import shutil
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from benchmarks.engine import measure, product, stock_rasa, whole
from benchmarks.engine.processes import disk_megabytes
from benchmarks.engine.report import (
    Goal,
    SideReport,
    as_json,
    costs_table,
    growth_table,
    loads_table,
)
from benchmarks.engine.travellers import Load
from bot.settings import Settings
from bot.training import ensure_model

AT_ONCE = (1, 8, 32)
#: The sides are loaded in turn, this often.
ROUNDS = 4
#: Turns in all, by side and by travellers at once.
TURNS = {
    "stock": {1: 200, 8: 400, 32: 1280},
    "engine": {1: 2000, 8: 4000, 32: 4000},
    "whole": {1: 1000, 8: 2000, 32: 3000},
}
#: Turns of each kind with few and many conversations stored, and of one engine against two.
STORED, TWO = 6000, 4000
#: How often their sides take turns: more often, as what is looked for is smaller. An even number,
#: so that each goes first as often as the other.
ALTERNATIONS = 8


def arguments() -> argparse.Namespace:
    """Return the command line, read."""
    parser = argparse.ArgumentParser(prog="./hosho bench engine", description=__doc__)
    parser.add_argument(
        "--stock-env",
        type=Path,
        default=Path(os.environ.get("HOSHO_STOCK_ENV") or stock_rasa.ENVIRONMENT),
        help="environment with plain `pip install rasa`; built when missing (default: .venv-stock)",
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of everything: a first look")
    parser.add_argument(
        "--sides", default="stock,engine,whole", help="which to measure (default: all three)"
    )
    parser.add_argument(
        "--parts",
        default="loads,growth,stored,two",
        help="which measurements (default: loads,growth,stored,two)",
    )
    parser.add_argument("--json", type=Path, help="write the numbers to this file as well")
    return parser.parse_args()


class Benchmark:
    """One run: measures side after side, keeps what was found, prints it at the end."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.sides = options.sides.split(",")
        self.parts = options.parts.split(",")
        self.scale = 0.1 if options.quick else 1.0
        self.rounds = 1 if options.quick else ROUNDS
        self.stock_env: Path = options.stock_env
        self.folder = Settings.from_env().data_dir / "bench"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.reports: dict[str, SideReport] = {}
        self.more: dict[str, Any] = {}
        self.goals: list[Goal] = []

    def turns(self, count: int) -> int:
        return max(20, int(count * self.scale))

    async def run(self) -> None:
        model = ensure_model(Settings.from_env().data_dir)
        async with AsyncExitStack() as stack:
            running = await self.start(stack, model)
            if "loads" in self.parts:
                await self.loads(running)
            for name, side in running.items():
                self.reports[name].busy = side.family.memory()
            if "growth" in self.parts:
                await self.growth(running)
            if isinstance(line := getattr(running.get("whole"), "line", None), whole.LineStandIn):
                self.more["whole_calls"] = {
                    "replies": line.replies,
                    "pushes": line.pushes,
                    "unexpected": line.unexpected,
                }
        if "engine" not in self.sides:
            return
        folder = self.folder / "engine"
        alternations = 2 if self.rounds == 1 else ALTERNATIONS
        if "stored" in self.parts:
            many = 100_000 if self.scale == 1 else 10_000
            say(f"{many:,} stored conversations ...")
            turns = self.turns(STORED)
            self.stored(many, await measure.stored(folder, model, turns, many, alternations))
        if "two" in self.parts:
            say("two engines ...")
            turns = self.turns(TWO)
            self.two(await measure.two_engines(folder, model, turns, alternations))

    async def start(self, stack: AsyncExitStack, model: Path) -> dict[str, measure.Measured]:
        """Start the sides one after the other, each by itself, and leave them running."""
        running: dict[str, measure.Measured] = {}
        for name in self.sides:
            say(f"starting {name} ...")
            folder = self.folder / name
            folder.mkdir(exist_ok=True)
            disk: float | None = None
            side: stock_rasa.StockRasa | product.Product | whole.Whole
            if name == "stock":
                uv = shutil.which("uv") or str(stock_rasa.ROOT / ".hosho" / "uv" / "bin" / "uv")
                python = stock_rasa.build(self.stock_env, uv)
                project = stock_rasa.train(python, self.folder)
                async with stock_rasa.running(python, project):
                    pass  # the first start reads it all from the disk
                side = await stack.enter_async_context(stock_rasa.running(python, project))
                disk = disk_megabytes(self.stock_env)
            elif name == "engine":
                async with product.running(folder, model):
                    pass  # the first start makes the database
                side = await stack.enter_async_context(product.running(folder, model))
                disk = disk_megabytes(product.NLU_PYTHON.parents[1])
            else:
                async with whole.running(folder, model):
                    pass
                side = await stack.enter_async_context(whole.running(folder, model))
            running[name] = side
            idle = side.family.memory()
            self.reports[name] = SideReport(name, side.seconds_to_ready, {}, idle, idle, {}, disk)
        return running

    async def loads(self, running: dict[str, measure.Measured]) -> None:
        """Load the sides in turn, several rounds: what else the machine does meets all of them."""
        for side in running.values():
            await measure.load(side, 4, 40)  # warm
        for number in range(1, self.rounds + 1):
            for at_once in AT_ONCE:
                for name, side in running.items():
                    say(f"round {number} of {self.rounds}: {name}, {at_once} at once ...")
                    turns = self.turns(TURNS[name][at_once] // self.rounds)
                    found = await measure.load(side, at_once, turns)
                    self.reports[name].loads.setdefault(at_once, Load()).add(found)

    async def growth(self, running: dict[str, measure.Measured]) -> None:
        for name, conversations, at_once in (
            ("stock", 1, 1),
            ("engine", max(4, int(40 * self.scale)), 8),
        ):
            if name in running:
                say(f"long conversations: {name} ...")
                found = await measure.growth(running[name], conversations, at_once)
                self.reports[name].growth = found

    def stored(self, many: int, found: measure.Stored) -> None:
        kinds = ("new", "stored")
        for name, loads in (("ten", found.ten), (f"{many}", found.many)):
            self.more[f"{name} stored, CPU-ms a turn"] = {
                kind: {"all": load.cpu_ms, **load.cpu_ms_by_role}
                for kind, load in zip(kinds, loads, strict=True)
            }
        for kind, ten, lots in zip(kinds, found.ten, found.many, strict=True):
            text = f"CPU a turn, {many:,} stored / ten ({kind} talks)"
            self.goals.append(Goal(text, lots.cpu_ms / ten.cpu_ms, 1.1, False))

    def two(self, found: measure.TwoEngines) -> None:
        for name, loads in (("free", found.free), ("held", found.held)):
            self.more[f"one and two engines, {name}: turns/s, CPU-ms a turn"] = {
                count: [load.turns_per_second, load.cpu_ms] for count, load in loads.items()
            }
        free = {count: load.turns_per_second for count, load in found.free.items()}
        self.more["two engines / one with both cores free for either (turns/s)"] = {
            "ratio": free[2] / free[1]
        }
        held = {count: load.turns_per_second for count, load in found.held.items()}
        text = "two engines on two cores / one on one (turns/s)"
        self.goals.append(Goal(text, held[2] / held[1], 1.8, True))

    def ratios(self) -> list[Goal]:
        goals: list[Goal] = []
        stock, engine, all_of_it = (self.reports.get(name) for name in ("stock", "engine", "whole"))
        if stock and engine:
            if stock.loads and engine.loads:
                cpu = [stock.loads[at].cpu_ms / engine.loads[at].cpu_ms for at in AT_ONCE]
                late = engine.loads[32].percentile(0.99) / stock.loads[32].percentile(0.99)
                goals += [
                    *(
                        Goal(f"turns a CPU-second, engine / stock, {at} at once", value, 10, True)
                        for at, value in zip(AT_ONCE, cpu, strict=True)
                    ),
                    Goal("p99 with 32 at once, engine / stock", late, 0.1, False),
                ]
            goals += [
                Goal("start to ready, engine / stock", engine.ready / stock.ready, 1 / 8, False),
                Goal("RSS, engine / stock", engine.busy.rss / stock.busy.rss, 1 / 3, False),
                Goal(
                    "environment on disk, engine / stock",
                    (engine.disk or 0) / (stock.disk or 1),
                    1 / 8,
                    False,
                ),
            ]
        if all_of_it and engine and engine.loads and all_of_it.loads:
            goals += [
                Goal(
                    f"CPU a turn, whole / engine, {at} at once",
                    all_of_it.loads[at].cpu_ms / engine.loads[at].cpu_ms,
                    2,
                    False,
                )
                for at in AT_ONCE
            ]
        if engine and engine.growth:
            goals.append(
                Goal(
                    "CPU, turn 500 / turn 10",
                    engine.growth[500].cpu_ms / engine.growth[10].cpu_ms,
                    1.2,
                    False,
                )
            )
        return goals + self.goals

    def print(self) -> None:
        sides = [
            self.reports[name] for name in ("stock", "engine", "whole") if name in self.reports
        ]
        print(
            f"\n{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}\n"
        )
        if any(side.loads for side in sides):
            print(loads_table(sides), "\n")
        print(costs_table(sides), "\n")
        if any(side.growth for side in sides):
            print(growth_table(sides), "\n")
        for name, values in self.more.items():
            print(f"{name}: {json.dumps(_rounded(values))}")
        print("\nratios")
        for goal in self.ratios():
            print(goal.line())

    def as_json(self) -> dict[str, Any]:
        return {
            "sides": {name: as_json(side) for name, side in self.reports.items()},
            **self.more,
            "ratios": [
                {"what": goal.text, "value": round(goal.value, 4), "reached": goal.reached}
                for goal in self.ratios()
            ],
        }


def _rounded(value: Any) -> Any:
    """Return a value with its numbers in two decimals."""
    if isinstance(value, dict):
        return {key: _rounded(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_rounded(entry) for entry in value]
    return round(value, 2) if isinstance(value, float) else value


def say(text: str) -> None:
    """Tell the person waiting what is measured now."""
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Measure, print, and say by the exit status whether every ratio was reached."""
    options = arguments()
    benchmark = Benchmark(options)
    try:
        asyncio.run(benchmark.run())
    finally:  # what was found before something failed is worth seeing
        if benchmark.reports:
            benchmark.print()
    if options.json:
        options.json.write_text(json.dumps(benchmark.as_json(), indent=1) + "\n")
    return 0 if all(goal.reached for goal in benchmark.ratios()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
