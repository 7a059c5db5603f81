"""Settings: read and checked in one place, told kindly when wrong, secrets never shown."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta

import pytest

from bot.clock import now
from bot.settings import JST, Settings, SettingsError, settings_table


def test_nothing_set_is_a_service_on_this_machine() -> None:
    settings = Settings.from_env({})
    assert (settings.host, settings.port, settings.engines) == ("127.0.0.1", 8000, 1)
    assert settings.data_dir.name == ".hosho"
    assert not settings.line_on
    assert not settings.telegram_on
    assert settings.channel_notes() == [
        "web page: on",
        "LINE: off (HOSHO_LINE_CHANNEL_SECRET and HOSHO_LINE_CHANNEL_ACCESS_TOKEN not set)",
        "Telegram: off (HOSHO_TELEGRAM_BOT_TOKEN not set)",
    ]


def test_a_channel_needs_all_of_its_tokens() -> None:
    half = Settings.from_env({"HOSHO_LINE_CHANNEL_SECRET": "s"})
    assert not half.line_on
    assert "LINE: off (HOSHO_LINE_CHANNEL_ACCESS_TOKEN not set)" in half.channel_notes()
    polling = Settings.from_env({"HOSHO_TELEGRAM_BOT_TOKEN": "1:a"})
    assert polling.telegram_on
    assert not polling.telegram_webhook_on
    assert "telegram poll" in polling.channel_notes()[2]


@pytest.mark.parametrize(
    ("value", "hour"), [("2023-03-25T10:00", 10), ("2023-03-25T10:00+00:00", 19), ("2023-03-25", 0)]
)
def test_a_time_without_offset_is_japans(value: str, hour: int) -> None:
    settings = Settings.from_env({"HOSHO_AS_OF": value})
    moment = now(settings)
    assert (moment.hour, moment.utcoffset()) == (hour, timedelta(hours=9))
    # The clock stands.
    assert now(settings) == moment


def test_without_it_the_clock_runs_in_japan() -> None:
    moment = now(Settings.from_env({}))
    assert abs(moment - datetime.now(JST)) < timedelta(minutes=1)
    assert moment.utcoffset() == timedelta(hours=9)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOSHO_PORT", "0"),
        ("HOSHO_PORT", "99999"),
        ("HOSHO_PORT", "８０００"),
        ("HOSHO_ENGINES", "0"),
        ("HOSHO_ENGINES", "many"),
        ("HOSHO_AS_OF", "25 March"),
        ("HOSHO_PUBLIC_URL", "hosho.example.jp"),
        ("HOSHO_DATABASE_URL", "mysql://localhost/x"),
        ("HOSHO_LINE_CHANNEL_SECRET", "two words"),
        ("HOSHO_TELEGRAM_WEBHOOK_SECRET", "秘密"),
        ("HOSHO_TELEGRAM_WEBHOOK_SECRET", "x" * 257),
        ("HOSHO_FONT", "/nowhere/font.ttf"),
        ("HOSHO_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_with_its_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({name: value})
    assert caught.value.name == name
    assert str(caught.value).startswith(f"{name}: ")


def test_secrets_are_never_shown() -> None:
    secrets = {
        "HOSHO_LINE_CHANNEL_SECRET": "geheim1",
        "HOSHO_LINE_CHANNEL_ACCESS_TOKEN": "geheim2",
        "HOSHO_TELEGRAM_BOT_TOKEN": "1:geheim3",
        "HOSHO_TELEGRAM_WEBHOOK_SECRET": "geheim4",
        "HOSHO_DATABASE_URL": "postgresql://u:geheim5@h/d",
    }
    settings = Settings.from_env(secrets)
    assert "geheim" not in repr(settings)
    for name in secrets:
        with pytest.raises(SettingsError) as caught:
            Settings.from_env({name: "geheim mit Leerzeichen ü"})
        assert "geheim" not in str(caught.value)


def test_every_setting_has_its_line_in_the_table() -> None:
    table = settings_table()
    for setting in fields(Settings):
        assert f"| `{setting.metadata['name']}` |" in table
        assert setting.metadata["about"]
