"""``./hosho line setup``: webhook registered and tested, rich menu there once, kind errors."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from bot.channels.line import limits
from bot.channels.line.rich_menu import FONTS, SHIPPED, NoFontError, draw, find_font, menu
from bot.channels.line.setup import SetUpError, set_up
from bot.settings import Settings
from tests.stand_ins import line_api
from tests.stand_ins.line_api import LineApi


@pytest.fixture
async def line() -> AsyncIterator[LineApi]:
    async with LineApi() as line:
        yield line


def _settings(line: LineApi, **more: str) -> Settings:
    return Settings.from_env(
        {
            "HOSHO_LINE_CHANNEL_SECRET": line_api.SECRET,
            "HOSHO_LINE_CHANNEL_ACCESS_TOKEN": line_api.TOKEN,
            "HOSHO_LINE_API_BASE_URL": line.address,
            "HOSHO_PUBLIC_URL": "https://hosho.example.jp/",
            **more,
        }
    )


async def test_everything_is_set_up(line: LineApi) -> None:
    said: list[str] = []
    await set_up(_settings(line), said.append)
    assert line.webhook_endpoint == "https://hosho.example.jp/webhooks/line"
    assert "test endpoint" in line.requests
    [(name, body)] = line.rich_menus.items()
    assert line.default_rich_menu == name
    assert body["areas"][0]["action"]["data"] == ":command=restart"
    assert Image.open(io.BytesIO(line.rich_menu_images[name])).size == limits.RICH_MENU_SIZE
    assert "rich menu created and shown to everybody" in said


async def test_repeated_it_changes_nothing(line: LineApi) -> None:
    await set_up(_settings(line), lambda _: None)
    before = dict(line.rich_menus)
    await set_up(_settings(line), lambda _: None)
    assert line.rich_menus == before
    assert line.requests.count("create menu") == 1


async def test_an_earlier_menu_of_ours_is_replaced_and_others_are_left(line: LineApi) -> None:
    await set_up(_settings(line), lambda _: None)
    [old] = line.rich_menus
    line.rich_menus[old]["name"] = "hosho-navi earlier"
    line.rich_menus["richmenu-other"] = {**line.rich_menus[old], "name": "somebody else's"}
    await set_up(_settings(line), lambda _: None)
    assert old not in line.rich_menus
    assert "richmenu-other" in line.rich_menus
    assert line.default_rich_menu in line.rich_menus


async def test_a_webhook_that_line_does_not_reach_is_told(line: LineApi) -> None:
    line.endpoint_works = False
    with pytest.raises(SetUpError, match="hosho serve"):
        await set_up(_settings(line), lambda _: None)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"HOSHO_LINE_CHANNEL_SECRET": ""}, "HOSHO_LINE_CHANNEL_SECRET"),
        ({"HOSHO_PUBLIC_URL": ""}, "HOSHO_PUBLIC_URL"),
        ({"HOSHO_PUBLIC_URL": "http://hosho.example.jp"}, "https://"),
        ({"HOSHO_LINE_CHANNEL_ACCESS_TOKEN": "wrong"}, "HOSHO_LINE_CHANNEL_ACCESS_TOKEN"),
        ({"HOSHO_LINE_API_BASE_URL": "http://127.0.0.1:9"}, "cannot be reached"),
    ],
)
async def test_what_is_missing_is_named(line: LineApi, changed: dict[str, str], named: str) -> None:
    with pytest.raises(SetUpError, match=named):
        await set_up(_settings(line, **changed), lambda _: None)


async def test_without_a_font_the_shipped_picture_is_used(
    line: LineApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.line.rich_menu.FONTS", ())
    said: list[str] = []
    await set_up(_settings(line), said.append)
    assert list(line.rich_menu_images.values()) == [SHIPPED.read_bytes()]
    assert any("fonts-noto-cjk" in text and "HOSHO_FONT" in text for text in said)


def test_a_file_that_is_no_japanese_font_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "font.ttf"
    broken.write_bytes(b"no font")
    with pytest.raises(NoFontError, match="cannot be read"):
        draw(menu()[1], find_font(broken))
    # Pillow's own tests ship a font without Japanese; any Latin font on the machine will do.
    latin = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    if latin.exists():
        with pytest.raises(NoFontError, match="no Japanese letters"):
            draw(menu()[1], latin)


def test_the_picture_is_within_the_limits() -> None:
    installed = [Path(font) for font in FONTS if Path(font).is_file()]
    pictures = [SHIPPED.read_bytes(), *(draw(menu()[1], font) for font in installed[:1])]
    for picture in pictures:
        assert len(picture) <= limits.RICH_MENU_IMAGE_BYTES
        assert Image.open(io.BytesIO(picture)).size == limits.RICH_MENU_SIZE


def test_every_field_of_the_menu_is_a_command_of_any_interview() -> None:
    body, buttons = menu()
    assert len(body["areas"]) == len(buttons)
    for area in body["areas"]:
        assert area["action"]["data"].startswith(":command=")
    assert body["areas"][-1]["bounds"]["x"] + body["areas"][-1]["bounds"]["width"] == 2500
