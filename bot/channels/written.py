"""A card written out as lines, for channels (and sizes) that cannot draw it."""

from __future__ import annotations

from actions.replies import Card

#: How a row's mark is shown and read aloud.
MARKS = {"met": "○", "not_met": "×", "unknown": "？"}


def card_lines(card: Card) -> list[tuple[str, bool]]:
    """Return a card's lines in reading order, each with whether it is a heading.

    An empty line stands between its parts.
    """
    lines: list[tuple[str, bool]] = []

    def paragraph(*given: tuple[str, bool]) -> None:
        present = [
            (line, heading) for text, heading in given if text.strip() for line in text.split("\n")
        ]
        if present:
            lines.extend([("", False)] * bool(lines))
            lines.extend(present)

    paragraph((card.title, False), (card.headline, True))
    for row in card.rows:
        mark = MARKS.get(row.mark or "", "")
        paragraph((f"{mark} {row.label}".strip(), True), (row.text, False))
    paragraph((card.footer, False))
    return lines
