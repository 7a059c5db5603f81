"""Webhooks: checked before they are read, 200 only for what is stored, never a 500."""

from __future__ import annotations

import json

import psycopg
import pytest

from tests.stand_ins import line_api, telegram_api
from tests.stand_ins.line_api import signature, signed, user_id
from tests.stand_ins.way import Way

SECRET = {"X-Telegram-Bot-Api-Secret-Token": telegram_api.SECRET}


def _stored(way: Way) -> int:
    return int(way.rows("SELECT count(*) FROM inbox")[0][0])


async def test_line_without_or_with_a_wrong_signature(way: Way) -> None:
    body, headers = signed(way.line.text(1, "a"))
    for given in (None, b"", signature(body + b" ").encode(), "ｘ".encode()):
        wrong = {b"X-Line-Signature": given} if given is not None else {}
        response = await way.http.post("/webhooks/line", content=body, headers=wrong)
        assert response.status_code == 401
    # A right signature over another body is no signature.
    other = body.replace(b'"a"', b'"b"')
    assert (
        await way.http.post("/webhooks/line", content=other, headers=headers)
    ).status_code == 401
    assert _stored(way) == 0


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"{}", b'{"events": {}}', b'{"events": null}', b"[" * 100_000],
)
async def test_line_malformed(way: Way, body: bytes) -> None:
    headers = {"X-Line-Signature": signature(body)}
    response = await way.http.post("/webhooks/line", content=body, headers=headers)
    assert response.status_code == 400


async def test_line_not_utf8_and_far_too_big(way: Way) -> None:
    for body, status in ((b"\xff\xfe", 400), (b" " * 1_000_001, 413)):
        headers = {"X-Line-Signature": signature(body)}
        response = await way.http.post("/webhooks/line", content=body, headers=headers)
        assert response.status_code == status


async def test_line_without_events_is_its_connection_test(way: Way) -> None:
    assert await way.line_sends() == 200


async def test_line_unknown_and_broken_events_do_not_hold_up_the_others(
    way: Way, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    broken = [{"type": "hologram"}, {"type": "message"}, {"a": 1}, {}]
    assert await way.line_sends(*broken, way.line.text(1, "a"), {"type": None}) == 200
    assert _stored(way) == 1
    assert caplog.text.count("LINE event ignored") == 5


async def test_telegram_without_or_with_a_wrong_secret(way: Way) -> None:
    update = way.telegram.text(7, "a")
    for given in ({}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}):
        response = await way.http.post("/webhooks/telegram", json=update, headers=given)
        assert response.status_code == 401
    assert _stored(way) == 0


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"{}", b'{"update_id": "1"}', b"\xff", b"[" * 100_000]
)
async def test_telegram_malformed(way: Way, body: bytes) -> None:
    response = await way.http.post("/webhooks/telegram", content=body, headers=SECRET)
    assert response.status_code == 400


async def test_telegram_far_too_big(way: Way) -> None:
    response = await way.http.post("/webhooks/telegram", content=b" " * 1_000_001, headers=SECRET)
    assert response.status_code == 413


async def test_telegram_unknown_updates_are_taken_and_let_go(way: Way) -> None:
    """Telegram delivers again and again what is not answered with 200."""
    assert await way.telegram_sends(way.telegram.update(something_new={})) == 200
    assert _stored(way) == 0


async def test_other_methods_and_paths(way: Way) -> None:
    assert (await way.http.get("/webhooks/line")).status_code == 405
    assert (await way.http.post("/webhooks/other")).status_code == 404


async def test_what_could_not_be_stored_is_not_acknowledged(way: Way) -> None:
    body, headers = signed(way.line.text(1, "a"))
    update = way.telegram.text(7, "a")
    with psycopg.connect(way.database_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE inbox RENAME TO away")
        line = await way.http.post("/webhooks/line", content=body, headers=headers)
        telegram = await way.http.post("/webhooks/telegram", json=update, headers=SECRET)
        connection.execute("ALTER TABLE away RENAME TO inbox")
    assert (line.status_code, telegram.status_code) == (503, 503)
    assert (await way.http.post("/webhooks/line", content=body, headers=headers)).status_code == 200
    assert _stored(way) == 1


async def test_an_unsent_message_is_forgotten(way: Way) -> None:
    """LINE asks that what a traveller takes back is no longer kept."""
    event = way.line.text(1, "間違えて送った名前")
    await way.line_sends(event)
    unsend = {"messageId": event["message"]["id"]}
    assert await way.line_sends(way.line.event(1, "unsend", unsend=unsend)) == 200
    [(payload, state)] = way.rows("SELECT payload, state FROM inbox")
    assert "間違えて" not in json.dumps(payload, ensure_ascii=False)
    assert state == "done"


async def test_one_conversation_a_person_on_each_channel(way: Way) -> None:
    await way.line_sends(way.line.text(1, "a"), way.line.text(2, "a"), way.line.text(1, "b"))
    await way.telegram_sends(way.telegram.text(1, "a"))
    rows = way.rows("SELECT id, address FROM conversation ORDER BY id")
    assert [row[0].split(":")[0] for row in rows] == ["line", "line", "telegram"]
    # What stands in logs and in the engine's tables is not the platform's id.
    assert {row[1] for row in rows} == {user_id(1), user_id(2), "1"}
    assert not any(user_id(1) in row[0] or row[0].endswith(":1") for row in rows)


async def test_what_postgresql_cannot_store_is_left_out(way: Way) -> None:
    body = signed(way.line.text(1, "2/24XですY"))[0]
    body = body.replace(b"X", rb"\u0000").replace(b"Y", rb"\ud83d")
    headers = {"X-Line-Signature": signature(body)}
    response = await way.http.post("/webhooks/line", content=body, headers=headers)
    assert response.status_code == 200
    assert way.rows("SELECT payload -> 'turn' ->> 'text' FROM inbox") == [("2/24です",)]


def test_secrets_of_the_stand_ins_are_those_of_the_settings(way: Way) -> None:
    assert way.settings.line_channel_secret == line_api.SECRET
    assert "channel-secret" not in repr(way.settings)
