"""The channels' own texts (``texts.yml``), as replies."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from actions.replies import Choice, Reply


@cache
def own_texts() -> dict[str, Reply]:
    """Return every text of ``texts.yml`` under its name."""
    content = yaml.safe_load((Path(__file__).parent / "texts.yml").read_text(encoding="utf-8"))
    return {
        name: Reply(
            text=entry["text"],
            choices=tuple(Choice(**choice) for choice in entry.get("choices", ())),
        )
        for name, entry in content.items()
    }
