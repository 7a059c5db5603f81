"""Days from the talk's clock and of travel, sums told and taken back, the place that is meant."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.understanding.message import Message

ROWS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "data" / "wordings_of_the_day.yml").read_text(encoding="utf-8")
)
JST = timezone(timedelta(hours=9))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['day']} {row['said']}")
def test_a_wording_is_read_as_meant(row: dict[str, Any]) -> None:
    now = datetime.fromisoformat(row["day"]).replace(hour=10, tzinfo=JST)
    read = Message.read(row["said"], row["question"], now)
    assert read.values.get(row.get("read", row["question"])) == row["value"]


COUNTED = sorted(
    {row["said"] for row in ROWS if row["day"] < "2023-03-25" and row["value"]}
    - {row["said"] for row in ROWS if re.search(r"[23]\d日", row["said"])}
)


@pytest.mark.parametrize("said", COUNTED)
def test_a_day_counted_from_now_is_asked_back_when_all_is_over(said: str) -> None:
    over = datetime(2026, 11, 20, 10, tzinfo=JST)
    assert "expires" not in Message.read(said, "expires", over).values
