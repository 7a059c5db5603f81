"""Taking out of a text what leads up to a cue, from where its clause or sentence begins."""

from __future__ import annotations

import re


def without_lead(text: str, cue: re.Pattern[str], stops: str) -> str:
    """Return ``text`` without each match of ``cue`` and what stands before it up to a stop.

    In one pass: a pattern that begins with "anything but a stop" tries every place of a long
    message as a beginning.

    Args:
        text: canonical text.
        cue: what ends the part that goes.
        stops: characters that the part does not reach beyond; none: it begins with the text.
    """
    kept: list[str] = []
    at = 0
    for found in cue.finditer(text):
        start = max((text.rfind(stop, at, found.start()) + 1 for stop in stops), default=0)
        kept.append(text[at : max(start, at)] if stops else "")
        at = found.end()
    return "".join([*kept, text[at:]]) if at else text
