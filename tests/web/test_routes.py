"""The web channel by HTTP: what is taken, what is refused and how, who sees whose talk."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from bot.channels.web.incoming import MAX_BODY
from bot.channels.web.port import Incoming, UnavailableError
from bot.channels.web.routes import STREAMS_A_VISITOR, VISITOR_BURST, WebChannel
from tests.web.conftest import Site
from tests.web.stand_in import FACTS, MemoryMailbox

ID = "0123456789abcdef"
COOKIE = re.compile(r"hosho=([A-Za-z0-9_-]{43}); HttpOnly; Max-Age=\d+; Path=/; SameSite=lax$")


def client_of(
    mailbox: MemoryMailbox, url: str = "http://navi.example", public_url: str | None = None
) -> httpx.AsyncClient:
    channel = WebChannel(mailbox, FACTS, public_url=public_url)
    transport = httpx.ASGITransport(Starlette(routes=channel.routes()))
    return httpx.AsyncClient(transport=transport, base_url=url)


@pytest.fixture
async def client(memory: MemoryMailbox) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(memory) as client:
        await client.get("/")
        yield client


async def post(client: httpx.AsyncClient, body: Any, **headers: str) -> httpx.Response:
    return await client.post(
        "/web/messages",
        content=body if isinstance(body, bytes) else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", **headers},
    )


async def test_a_message_is_taken_once(client: httpx.AsyncClient, memory: MemoryMailbox) -> None:
    first = await post(client, {"id": ID, "text": "群馬県"})
    again = await post(client, {"id": ID, "text": "群馬県"})
    assert (first.status_code, again.status_code) == (202, 200)
    assert [message for _, message in memory.posted] == [Incoming(ID, "text", "群馬県")]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "bad_json"),
        (b"{", 400, "bad_json"),
        (b"[" * 20_000, 400, "bad_json"),
        (b"\xff\xfe", 400, "bad_json"),
        (b"[]", 400, "bad_json"),
        (b'"text"', 400, "bad_json"),
        ({"text": "a"}, 400, "bad_id"),
        ({"id": 7, "text": "a"}, 400, "bad_id"),
        ({"id": "短い", "text": "a"}, 400, "bad_id"),
        ({"id": "x" * 65, "text": "a"}, 400, "bad_id"),
        ({"id": ID}, 400, "bad_kind"),
        ({"id": ID, "text": "a", "button": "k:b"}, 400, "bad_kind"),
        ({"id": ID, "event": "attachment"}, 400, "bad_kind"),
        ({"id": ID, "text": None}, 400, "bad_value"),
        ({"id": ID, "text": {"a": 1}}, 400, "bad_value"),
        ({"id": ID, "button": 3}, 400, "bad_value"),
        ({"id": ID, "text": ""}, 400, "empty"),
        ({"id": ID, "text": " \n\u0000 "}, 400, "empty"),
        ({"id": ID, "text": "あ" * 2001}, 413, "too_long"),
        ({"id": ID, "button": ""}, 400, "bad_button"),
        ({"id": ID, "button": "k:" + "x" * 63}, 400, "bad_button"),
        ({"id": ID, "button": "k:はい"}, 400, "bad_button"),
        ({"id": ID, "button": "k:a b"}, 400, "bad_button"),
        (b'{"id": "' + b"x" * MAX_BODY, 413, "too_large"),
    ],
)
async def test_what_cannot_be_taken_is_refused_with_a_reason(
    client: httpx.AsyncClient, memory: MemoryMailbox, body: Any, status: int, code: str
) -> None:
    answer = await post(client, body)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.json()["message"]
    assert memory.posted == []


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/x-www-form-urlencoded"])
async def test_only_json_is_taken(client: httpx.AsyncClient, media_type: str) -> None:
    answer = await post(client, {"id": ID, "text": "a"}, **{"Content-Type": media_type})
    assert answer.status_code == 415


async def test_text_is_kept_but_for_what_is_no_writing(
    client: httpx.AsyncClient, memory: MemoryMailbox
) -> None:
    await post(
        client,
        b'{"id": "%s", "text": " 2/24\\u0000\\u0007\\ud800\\n\xf0\x9f\x99\x8f "}' % ID.encode(),
    )
    assert memory.posted[0][1].value == "2/24\n🙏"


async def test_an_unknown_campaign_starts_without_one(
    client: httpx.AsyncClient, memory: MemoryMailbox
) -> None:
    await post(client, {"id": ID, "start": "tokyo"})
    await post(client, {"id": ID + "2", "start": "chiba"})
    assert [message.value for _, message in memory.posted] == ["", "chiba"]


@given(
    body=st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.dictionaries(
                st.sampled_from(["id", "text", "button", "start", "x"]) | st.text(max_size=5), inner
            )
            | st.lists(inner)
        ),
        max_leaves=8,
    ).map(lambda value: json.dumps(value).encode())
)
def test_garbage_never_breaks_it(body: bytes) -> None:
    async def run() -> None:
        async with client_of(MemoryMailbox()) as client:
            await client.get("/")
            answer = await post(client, body)
            assert answer.status_code in {200, 202, 400, 413}

    asyncio.run(run())


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/web/messages", 405),
        ("POST", "/", 405),
        ("POST", "/web/events", 405),
        ("GET", "/web", 404),
        ("GET", "/web/static/x/../../routes.py", 404),
        ("GET", "/%00", 404),
        ("GET", "/web/events?after=" + "9" * 65, 400),
        ("GET", "/web/events?after=%E3%81%82", 400),
    ],
)
async def test_other_requests(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    assert (await client.request(method, path)).status_code == status


async def test_static_files_cannot_be_left(client: httpx.AsyncClient) -> None:
    page = (await client.get("/")).text
    static = re.search(r"/web/static/[0-9a-f]+", page)
    assert static
    for path in ("/%2e%2e/routes.py", "/..%2froutes.py", "/%2e%2e%2ftemplates%2findex.html", "/"):
        assert (await client.get(static[0] + path)).status_code == 404
    script = await client.get(static[0] + "/app.js")
    assert script.status_code == 200
    assert "immutable" in script.headers["cache-control"]
    assert script.headers["content-type"].startswith("text/javascript")


async def test_the_cookie_cannot_be_read_guessed_or_sent_along(memory: MemoryMailbox) -> None:
    async with client_of(memory) as one, client_of(memory) as two:
        cookies = [(await client.get("/")).headers["set-cookie"] for client in (one, two)]
    found = [COOKIE.fullmatch(cookie) for cookie in cookies]
    assert all(found)
    assert found[0][1] != found[1][1]  # type: ignore[index]


@pytest.mark.parametrize(
    ("url", "public_url", "secure"),
    [
        ("https://navi.example", None, True),
        ("http://navi.example", "https://navi.example", True),
        ("http://127.0.0.1:8000", "https://navi.example", False),
        ("http://navi.example", None, False),
    ],
)
async def test_behind_https_the_cookie_is_bound_to_it(
    memory: MemoryMailbox, url: str, public_url: str | None, secure: bool
) -> None:
    async with client_of(memory, url, public_url) as client:
        cookie = (await client.get("/")).headers["set-cookie"]
        assert cookie.startswith("__Host-hosho=") is secure
        assert ("; Secure" in cookie) is secure


async def test_a_visit_keeps_the_talk_and_an_invented_cookie_is_replaced(
    memory: MemoryMailbox,
) -> None:
    async with client_of(memory) as client:
        first = (await client.get("/")).headers["set-cookie"]
        assert (await client.get("/")).headers["set-cookie"] == first
        client.cookies.clear()
        client.cookies.set("hosho", "'; DROP TABLE inbox", domain="navi.example")
        assert COOKIE.fullmatch((await client.get("/")).headers["set-cookie"])


async def test_without_a_cookie_nothing_is_taken_or_told(memory: MemoryMailbox) -> None:
    async with client_of(memory) as client:
        answer = await post(client, {"id": ID, "text": "a"})
        assert answer.status_code == 401
        assert "読み込み直して" in answer.json()["message"]
        assert (await client.get("/web/events")).status_code == 401
    assert memory.posted == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 202),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://navi.example"}, 202),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 202),
    ],
)
async def test_other_sites_cannot_speak_for_a_visitor(
    client: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    assert (await post(client, {"id": ID, "text": "a"}, **headers)).status_code == status


async def test_behind_a_proxy_that_renames_the_host_the_public_address_counts(
    memory: MemoryMailbox,
) -> None:
    async with client_of(memory, "http://backend:8000", "https://navi.example") as client:
        await client.get("/")
        origin = {"Origin": "https://navi.example"}
        assert (await post(client, {"id": ID, "text": "a"}, **origin)).status_code == 202


async def test_who_floods_is_asked_to_wait_and_others_are_not(memory: MemoryMailbox) -> None:
    channel = WebChannel(memory, FACTS)
    transport = httpx.ASGITransport(Starlette(routes=channel.routes()))
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://a") as one,
        httpx.AsyncClient(transport=transport, base_url="http://a") as two,
    ):
        await one.get("/")
        await two.get("/")
        answers = [
            await post(one, {"id": f"{ID}{number}", "text": "a"})
            for number in range(VISITOR_BURST + 5)
        ]
        assert [answer.status_code for answer in answers[:VISITOR_BURST]] == [202] * VISITOR_BURST
        assert answers[-1].status_code == 429
        assert int(answers[-1].headers["retry-after"]) >= 1
        assert "お待ちください" in answers[-1].json()["message"]
        assert (await post(two, {"id": ID, "text": "a"})).status_code == 202


async def test_a_database_that_is_away_is_said_and_nothing_counts_as_taken(
    client: httpx.AsyncClient, memory: MemoryMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(visitor: str, message: Incoming) -> bool:
        raise UnavailableError("OperationalError")

    monkeypatch.setattr(memory, "post", away)
    answer = await post(client, {"id": ID, "text": "a"})
    assert (answer.status_code, answer.json()["error"]) == (503, "unavailable")


async def test_every_answer_carries_the_guards(client: httpx.AsyncClient) -> None:
    page = await client.get("/")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for answer in (page, await post(client, b"{"), await post(client, {"id": ID, "text": "a"})):
        assert answer.headers["content-security-policy"] == policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"


async def test_the_page_holds_no_inline_script_or_style(client: httpx.AsyncClient) -> None:
    page = (await client.get("/")).text
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert re.findall(r"<style|\sstyle=|\son\w+=", page) == []


async def test_without_javascript_the_call_center_is_named(client: httpx.AsyncClient) -> None:
    page = (await client.get("/")).text
    found = re.search(r"<noscript>(.*?)</noscript>", page, re.DOTALL)
    assert found
    assert "試験コールセンター" in found[1]
    assert '<a href="tel:0120-000-000">0120-000-000</a>' in found[1]
    assert "平日 10:00～18:00" in found[1]


async def read_until(client: httpx.AsyncClient, last: str, **headers: str) -> list[dict[str, Any]]:
    """Return the events of a stream up to the first one named ``last``."""
    events: list[dict[str, Any]] = []
    event: dict[str, Any] = {}
    async with client.stream("GET", "/web/events", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for line in answer.aiter_lines():
            if line:
                name, _, value = line.partition(": ")
                event[name] = json.loads(value) if name == "data" else value
            elif event:
                events.append(event)
                if event.get("event") == last:
                    return events
                event = {}
    return events


@asynccontextmanager
async def visit(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=site.url, timeout=10) as client:
        await client.get("/")
        yield client


async def test_a_stream_begins_with_the_whole_talk_and_goes_on_where_it_broke(
    site: Site, memory: MemoryMailbox
) -> None:
    async with visit(site) as client:
        await post(client, {"id": ID, "start": ""})
        await memory.holds(3)
        told = await read_until(client, "synced")
        entries = [event for event in told if event.get("event") == "entry"]
        assert [event["data"]["from"] for event in entries] == [
            "traveller",
            "assistant",
            "assistant",
        ]
        seen = entries[1]["id"]
        again = await read_until(client, "synced", **{"Last-Event-ID": seen})
        assert [event["id"] for event in again if event.get("event") == "entry"] == [
            entries[2]["id"]
        ]


async def test_nobody_reads_anothers_stream(site: Site, memory: MemoryMailbox) -> None:
    async with visit(site) as one, visit(site) as two:
        await post(one, {"id": ID, "text": "秘密です"})
        await memory.holds(2)
        told = await read_until(two, "synced", **{"Last-Event-ID": "0-0"})
        assert [event for event in told if event.get("event") == "entry"] == []


async def test_a_visitor_holds_only_so_many_streams_open(site: Site) -> None:
    async with visit(site) as client:
        async with AsyncExitStack() as opened:
            for _ in range(STREAMS_A_VISITOR):
                answer = await opened.enter_async_context(client.stream("GET", "/web/events"))
                assert answer.status_code == 200
            async with client.stream("GET", "/web/events") as refused:
                assert refused.status_code == 429
        for _ in range(200):
            async with client.stream("GET", "/web/events") as answer:
                if answer.status_code == 200:
                    return
            await asyncio.sleep(0.02)
        pytest.fail("closed streams never gave their places back")


async def test_streams_end_when_the_service_stops(site: Site) -> None:
    async with visit(site) as client, client.stream("GET", "/web/events") as answer:
        lines = answer.aiter_lines()
        while await anext(lines) != "event: synced":
            pass
        site.channel.close()
        async for _ in lines:
            pass
