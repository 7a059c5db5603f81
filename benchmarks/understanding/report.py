"""The tables that the benchmark prints, and its line per utterance."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from actions.answers import QUESTIONS
from benchmarks.understanding.judge import NOTHING_TAKEN, Heard, judge
from benchmarks.understanding.lines import Line

Sides = Mapping[str, Sequence[Heard]]


def table(lines: Sequence[Line], sides: Sides) -> str:
    """Return right, asked back, wrong and milliseconds, per question, side by side."""
    head = f"{'question':<12} {'lines':>5}"
    for name in sides:
        head += f" | {name:<6} {'right':>7} {'asked':>6} {'wrong':>6} {'ms':>6}"
    rows = [head, "-" * len(head)]
    for question in (*QUESTIONS, "all"):
        chosen = [i for i, line in enumerate(lines) if question in (line.question, "all")]
        if chosen:
            rows.append(_row(question, lines, sides, chosen))
    rows += ["", "by what was meant:"]
    for kind in ("answer", "unknown", "aside", "command", "ask_back"):
        chosen = [i for i, line in enumerate(lines) if line.kind == kind]
        if chosen:
            rows.append(_row(kind, lines, sides, chosen))
    return "\n".join(rows)


def _row(title: str, lines: Sequence[Line], sides: Sides, chosen: Sequence[int]) -> str:
    row = f"{title:<12} {len(chosen):>5}"
    for heard in sides.values():
        verdicts = Counter(judge(lines[i], heard[i]) for i in chosen)
        ms = statistics.fmean(heard[i].nlu_ms for i in chosen)
        shares = [verdicts[name] / len(chosen) for name in ("right", "asked", "wrong")]
        row += f" | {'':<6} {shares[0]:>7.1%} {shares[1]:>6.1%} {shares[2]:>6.1%} {ms:>6.2f}"
    return row


def goals(lines: Sequence[Line], heard: Sequence[Heard]) -> str:
    """Return what is to be reached, and whether it was."""
    verdicts = [judge(line, h) for line, h in zip(lines, heard, strict=True)]
    dates = [i for i, line in enumerate(lines) if line.question == "expires"]
    outside = [i for i, line in enumerate(lines) if line.kind == "ask_back"]
    taken = [i for i in outside if heard[i].kind not in (*NOTHING_TAKEN, "aside")]
    wrong_dates = [
        i
        for i, line in enumerate(lines)
        if "expires" in heard[i].values and heard[i].values["expires"] != line.values.get("expires")
    ]
    ms = statistics.fmean(h.nlu_ms for h in heard)
    rows = [
        _goal("right", verdicts.count("right") / len(lines), 0.95, at_least=True),
        _goal("wrong", verdicts.count("wrong") / len(lines), 0.005),
    ]
    part = sum(
        verdict == "asked" and bool(h.values) for verdict, h in zip(verdicts, heard, strict=True)
    )
    wrong_with_part = (verdicts.count("wrong") + part) / len(lines)
    rows.append(_goal("wrong, a part of an answer counted too", wrong_with_part, 0.005))
    if dates:
        share = sum(verdicts[i] == "right" for i in dates) / len(dates)
        rows.append(_goal("dates: right", share, 0.99, at_least=True))
    rows.append(_goal("dates: a wrong day taken", len(wrong_dates) / len(lines), 0.0))
    if outside:
        rows.append(_goal("nothing to take, taken as an answer", len(taken) / len(outside), 0.005))
    mark = "reached" if ms <= 5 else "MISSED"
    rows.append(f"  {'milliseconds to understand a message':<38} {ms:>7.2f}   ≤ 5      {mark}")
    return "\n".join(rows)


def _goal(text: str, value: float, target: float, *, at_least: bool = False) -> str:
    reached = value >= target if at_least else value <= target
    sign = "≥" if at_least else "≤"
    return f"  {text:<38} {value:>7.2%}   {sign} {target:<7.1%}{'reached' if reached else 'MISSED'}"


def as_json(line: Line, heard: Heard) -> str:
    """Return one utterance: what was meant, understood and said."""
    expected: dict[str, Any] = {"kind": line.kind}
    if line.values:
        expected["values"] = dict(line.values)
    if line.topic:
        expected["topic"] = line.topic
    if line.command:
        expected["command"] = line.command
    return json.dumps(
        {
            "line": line.number,
            "question": line.question,
            "utterance": line.utterance,
            "expected": expected,
            "understood": {
                "kind": "ask_back" if heard.kind in NOTHING_TAKEN else heard.kind,
                "values": dict(heard.values),
                "topic": heard.topic,
                "command": heard.command,
                "reading": heard.reading,
            },
            "outcome": judge(line, heard),
            "answers": dict(heard.kept),
            "said": list(heard.said),
            "ms": round(heard.nlu_ms, 3),
        },
        ensure_ascii=False,
    )
