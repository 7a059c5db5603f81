"""A card read out as text, so that a screen reader or a channel without cards loses nothing."""

from __future__ import annotations

from actions.interview.scene import Scene
from actions.replies import Card, CardRow

#: A row's text up to this length stands beside its label, a longer one below it.
LONGEST_LINE = 24


def card_text(scene: Scene, card: Card) -> str:
    """Return everything the card shows, in its order."""
    lines = [card.title, card.headline, ""]
    lines += [_row(scene, row) for row in card.rows]
    return "\n".join((*lines, "", card.footer)).strip()


def _row(scene: Scene, row: CardRow) -> str:
    long = len(row.text) > LONGEST_LINE or any(mark in row.text for mark in "\n。：")
    form = row.mark or ("block" if long else "line")
    return scene.say(f"verdict.rows.{form}", label=row.label, text=row.text)
