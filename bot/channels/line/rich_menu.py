"""The rich menu below the chat: its buttons and its picture."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from PIL import Image, ImageDraw, ImageFont

from bot.channels.line import limits

HERE = Path(__file__).parent
#: The picture as this module drew it, for machines without a Japanese font.
SHIPPED = HERE / "rich_menu.png"
#: Where distributions put Japanese fonts; the first one there is used.
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf",
    "/usr/share/fonts/truetype/fonts-japanese-gothic.ttf",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc",
    "/System/Library/Fonts/ヒラギノ角ゴシック W6.ttc",
    "C:/Windows/Fonts/YuGothB.ttc",
)
GROUND, INK, LINE, SOFT = "#F7F9FB", "#123A5A", "#C9D6E2", "#3F6079"


class NoFontError(Exception):
    """There is no usable Japanese font; the message says how to get one."""


@dataclass(frozen=True)
class Button:
    """One field of the menu: what is read in it and below it, and what it sends."""

    label: str
    note: str
    icon: str
    data: str


@dataclass(frozen=True)
class _Style:
    """How a text is written: font file, size in pixels, colour."""

    font: Path
    size: int
    colour: str


def menu() -> tuple[dict[str, Any], list[Button]]:
    """Return the rich menu object (without picture) and its buttons (``rich_menu.yml``).

    Its name carries a digest of what it holds, so that a changed menu is known as another.
    """
    content = yaml.safe_load((HERE / "rich_menu.yml").read_text(encoding="utf-8"))
    buttons = [Button(**entry) for entry in content["buttons"]]
    width, height = limits.RICH_MENU_SIZE
    edges = [round(width * number / len(buttons)) for number in range(len(buttons) + 1)]
    body: dict[str, Any] = {
        "size": {"width": width, "height": height},
        "selected": True,
        "chatBarText": content["bar"],
        "areas": [
            {
                "bounds": {"x": left, "y": 0, "width": right - left, "height": height},
                # No interview in front of the token: it works in any.
                "action": {
                    "type": "postback",
                    "label": button.label,
                    "data": button.data,
                    "displayText": button.label,
                },
            }
            for button, left, right in zip(buttons, edges, edges[1:], strict=False)
        ],
    }
    digest = hashlib.sha256(json.dumps(body).encode() + SHIPPED.read_bytes()).hexdigest()[:12]
    return {**body, "name": f"hosho-navi {digest}"}, buttons


def find_font(wanted: Path | None) -> Path:
    """Return a Japanese font file.

    Args:
        wanted: the one of ``HOSHO_FONT``.

    Raises:
        NoFontError: when there is none.
    """
    for candidate in [wanted] if wanted else [Path(name) for name in FONTS]:
        if candidate.is_file():
            return candidate
    raise NoFontError(
        "no Japanese font found; install one (Debian, Ubuntu: apt install fonts-noto-cjk) or "
        "name a font file with HOSHO_FONT"
    )


def draw(buttons: list[Button], font: Path) -> bytes:
    """Return the menu's picture as PNG.

    Args:
        buttons: what stands in it, from left to right.
        font: a Japanese font file.

    Raises:
        NoFontError: when the file is no font, or has no Japanese letters.
    """
    width, height = limits.RICH_MENU_SIZE
    try:
        letters = ImageFont.truetype(font, 92)
    except OSError as error:
        raise NoFontError(f"{font} cannot be read as a font ({error})") from None
    if bytes(letters.getmask("補")) == bytes(letters.getmask("\U0010fffe")):
        raise NoFontError(f"{font} has no Japanese letters; choose another with HOSHO_FONT")
    picture = Image.new("RGB", (width, height), GROUND)
    pen = ImageDraw.Draw(picture)
    column = width / len(buttons)
    for number, button in enumerate(buttons):
        middle = column * (number + 0.5)
        if number:
            pen.line([(column * number, 120), (column * number, height - 120)], LINE, 4)
        _icon(pen, button.icon, middle, 280)
        _fitted(pen, button.label, (middle, 540), column - 60, _Style(font, 92, INK))
        _fitted(pen, button.note, (middle, 670), column - 60, _Style(font, 50, SOFT))
    pen.rectangle([(0, 0), (width, 11)], INK)
    out = io.BytesIO()
    picture.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _fitted(
    pen: ImageDraw.ImageDraw, text: str, at: tuple[float, float], room: float, style: _Style
) -> None:
    """Write a text around a point, smaller where it would not fit into ``room`` pixels."""
    size = style.size
    letters = ImageFont.truetype(style.font, size)
    while size > 20 and pen.textlength(text, letters) > room:
        size -= 2
        letters = ImageFont.truetype(style.font, size)
    pen.text(at, text, style.colour, letters, anchor="mm")


def _icon(pen: ImageDraw.ImageDraw, kind: str, x: float, y: float) -> None:
    """Draw one of the menu's signs, 200 pixels wide."""
    thick = 22
    if kind == "restart":
        pen.arc([(x - 90, y - 90), (x + 90, y + 90)], -50, 250, INK, thick)
        pen.polygon([(x + 20, y - 128), (x + 92, y - 72), (x + 12, y - 36)], INK)
    elif kind == "back":
        pen.line([(x - 80, y), (x + 95, y)], INK, thick)
        pen.polygon([(x - 110, y), (x - 20, y - 80), (x - 20, y + 80)], INK)
    elif kind == "human":
        pen.ellipse([(x - 48, y - 105), (x + 48, y - 9)], INK)
        pen.pieslice([(x - 100, y + 10), (x + 100, y + 210)], 180, 360, INK)
    else:
        box = [(x - 90, y - 90), (x + 90, y + 90)]
        pen.rounded_rectangle(box, 30, outline=INK, width=thick)
        pen.line([(x - 38, y - 38), (x + 38, y + 38)], INK, thick)
        pen.line([(x - 38, y + 38), (x + 38, y - 38)], INK, thick)
