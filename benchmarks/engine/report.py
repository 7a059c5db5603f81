"""The tables that the benchmark prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from benchmarks.engine.processes import Memory
from benchmarks.engine.travellers import Load


@dataclass
class SideReport:
    """What was measured of one side."""

    name: str
    ready: float
    loads: dict[int, Load]
    idle: Memory
    busy: Memory
    growth: Mapping[int, Load] = field(default_factory=dict)
    disk: float | None = None


@dataclass
class Goal:
    """A ratio to reach."""

    text: str
    value: float
    target: float
    at_least: bool

    @property
    def reached(self) -> bool:
        return self.value >= self.target if self.at_least else self.value <= self.target

    def line(self) -> str:
        sign = "≥" if self.at_least else "≤"
        mark = "reached" if self.reached else "MISSED"
        return f"  {self.text:<58} {self.value:>8.3g}   {sign} {self.target:<6.4g} {mark}"


def loads_table(sides: Iterable[SideReport]) -> str:
    lines = [
        f"{'side':<8} {'at once':>7} {'turns':>6} {'turns/s':>8} {'median':>8} {'p95':>8} "
        f"{'p99':>8} {'CPU-ms/turn':>12}   (ms)"
    ]
    for side in sides:
        for at_once, load in side.loads.items():
            lines.append(
                f"{side.name:<8} {at_once:>7} {load.turns:>6} {load.turns_per_second:>8.1f} "
                f"{load.median:>8.1f} {load.percentile(0.95):>8.1f} {load.percentile(0.99):>8.1f} "
                f"{load.cpu_ms:>12.2f}   "
                + ", ".join(f"{role} {cpu:.2f}" for role, cpu in load.cpu_ms_by_role.items())
            )
    return "\n".join(lines)


def costs_table(sides: Iterable[SideReport]) -> str:
    lines = [
        f"{'side':<8} {'start to ready':>14} {'RSS idle':>9} {'RSS busy':>9} {'PSS busy':>9} "
        f"{'environment':>12}   (s, MB)"
    ]
    for side in sides:
        disk = f"{side.disk:>12.0f}" if side.disk else f"{'':>12}"
        lines.append(
            f"{side.name:<8} {side.ready:>14.2f} {side.idle.rss:>9.0f} {side.busy.rss:>9.0f} "
            f"{side.busy.pss:>9.0f} {disk}"
        )
    return "\n".join(lines)


def growth_table(sides: Iterable[SideReport]) -> str:
    grown = [side for side in sides if side.growth]
    turns = list(grown[0].growth) if grown else []
    lines = [f"{'side':<8} " + " ".join(f"{f'turn {turn}':>12}" for turn in turns) + "   (CPU-ms)"]
    for side in grown:
        cells = " ".join(f"{side.growth[turn].cpu_ms:>12.2f}" for turn in turns)
        lines.append(f"{side.name:<8} {cells}")
    return "\n".join(lines)


def as_json(side: SideReport) -> dict[str, object]:
    """Return a side's numbers as JSON values."""

    def numbers(load: Load) -> dict[str, object]:
        return {
            "turns": load.turns,
            "turns_per_second": round(load.turns_per_second, 2),
            "median_ms": round(load.median, 2),
            "p95_ms": round(load.percentile(0.95), 2),
            "p99_ms": round(load.percentile(0.99), 2),
            "cpu_ms_per_turn": round(load.cpu_ms, 3),
            "cpu_ms_by_process": load.cpu_ms_by_role,
        }

    return {
        "seconds_to_ready": round(side.ready, 2),
        "rss_idle_mb": round(side.idle.rss),
        "rss_busy_mb": round(side.busy.rss),
        "pss_busy_mb": round(side.busy.pss),
        "environment_mb": side.disk and round(side.disk),
        "loads": {str(at_once): numbers(load) for at_once, load in side.loads.items()},
        "growth": {str(turn): round(load.cpu_ms, 3) for turn, load in side.growth.items()},
    }
