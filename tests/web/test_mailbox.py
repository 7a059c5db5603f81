"""The mailbox over a real PostgreSQL: stored once, told in order, resumed without loss."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass

import psycopg.sql
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg_pool import AsyncConnectionPool

from actions.replies import Reply
from bot.channels.base import FetchedChannel
from bot.channels.web.mailbox import CHANNEL, StoredMailbox, _Place
from bot.channels.web.port import Entry, Incoming, UnavailableError
from bot.channels.web.visitor import name_of, new_token
from bot.db.pool import open_pool
from bot.db.statements import Statements
from bot.inbox import Inbox, conversation_id
from bot.outbox import Outbox
from bot.outbox_listen import OutboxListener

VISITOR = "a" * 32


@dataclass
class Post:
    """A mailbox, and a worker's hands to answer in it."""

    mailbox: StoredMailbox
    statements: Statements
    pool: AsyncConnectionPool
    outbox: Outbox

    async def say(self, text: str, visitor: str = VISITOR) -> None:
        assert await self.mailbox.post(visitor, Incoming(f"id-of-{text}", "text", text))

    async def answer(self, *texts: str, visitor: str = VISITOR) -> None:
        """Answer the oldest message that waits."""
        conversation = conversation_id(CHANNEL, visitor)
        work = await self.outbox.load(conversation)
        assert work is not None
        await self.outbox.store(
            conversation,
            work.pending,
            FetchedChannel(CHANNEL).render([Reply(text) for text in texts], {}),
            address=visitor,
            as_of="2023-03-25T10:00:00+09:00",
            fetched=True,
        )


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Post]:
    pool = open_pool(database_url)
    statements = Statements(database_url)
    async with pool, statements, OutboxListener(pool, database_url) as listener:
        yield Post(StoredMailbox(Inbox(statements), listener, pool), statements, pool, Outbox(pool))


def words(entry: Entry) -> str:
    """Return ``> text`` for the traveller's, ``text`` for the assistant's."""
    if entry.said is not None:
        return f"> {entry.said.value}"
    assert entry.reply is not None
    return str(entry.reply["text"])


async def soon(coming: Awaitable[Entry | None]) -> str:
    entry = await asyncio.wait_for(asyncio.ensure_future(coming), 5)
    assert entry is not None
    return words(entry)


async def stored(office: Post, after: str | None = None, visitor: str = VISITOR) -> list[Entry]:
    """Return what is there already."""
    entries = []
    follow = office.mailbox.follow(visitor, after)
    async for entry in follow:
        if entry is None:
            break
        entries.append(entry)
    await follow.aclose()
    return entries


async def test_a_message_is_stored_once(office: Post) -> None:
    message = Incoming("0123456789", "text", "群馬県")
    assert await office.mailbox.post(VISITOR, message)
    assert not await office.mailbox.post(VISITOR, message)
    # The same id of somebody else is another message.
    assert await office.mailbox.post("b" * 32, message)
    assert [words(entry) for entry in await stored(office)] == ["> 群馬県"]


async def test_the_talk_is_told_in_order_messages_before_their_answers(office: Post) -> None:
    await office.say("一")
    await office.say("二")
    await office.answer("一の答え", "一の続き")
    await office.answer("二の答え")
    await office.say("三")
    assert [words(entry) for entry in await stored(office)] == [
        "> 一",
        "一の答え",
        "一の続き",
        "> 二",
        "二の答え",
        "> 三",
    ]


async def test_messages_keep_their_kind_and_id(office: Post) -> None:
    messages = [
        Incoming("first-start", "start", ""),
        Incoming("second-one", "button", "k3f9:expires=2023-02-24"),
        Incoming("third-one", "text", "2/24\n🙏"),
    ]
    for message in messages:
        await office.mailbox.post(VISITOR, message)
    assert [entry.said for entry in await stored(office)] == messages


async def test_a_reply_names_the_message_it_answers(office: Post) -> None:
    await office.say("一")
    await office.say("二")
    await office.answer("一の答え")
    await office.answer("二の答え")
    one, answer_to_one, two, answer_to_two = await stored(office)
    assert one.turn == answer_to_one.turn < two.turn == answer_to_two.turn


async def test_from_any_place_the_rest_follows(office: Post) -> None:
    for number in range(4):
        await office.say(f"問{number}")
    for number in range(3):
        await office.answer(f"答{number}", f"続{number}")
    everything = await stored(office)
    assert len(everything) == 10
    for number, entry in enumerate(everything):
        assert await stored(office, entry.cursor) == everything[number + 1 :]


async def test_a_talk_of_many_bubbles_is_told_whole(office: Post) -> None:
    # The outbox is read by the hundred.
    for number in range(60):
        await office.say(f"問{number}")
        await office.answer(f"答{number}", f"続{number}", f"終{number}")
    told = [words(entry) for entry in await stored(office)]
    assert told == [
        line
        for number in range(60)
        for line in (f"> 問{number}", f"答{number}", f"続{number}", f"終{number}")
    ]


async def test_what_comes_later_is_told_as_it_comes(office: Post) -> None:
    follow = office.mailbox.follow(VISITOR, None)
    assert await anext(follow) is None
    coming = asyncio.create_task(anext(follow))
    await office.say("一")
    # Without an answer to announce it: other open pages see the message at once.
    assert await soon(coming) == "> 一"
    coming = asyncio.create_task(anext(follow))
    await office.answer("一の答え", "一の続き")
    assert await soon(coming) == "一の答え"
    assert await soon(anext(follow)) == "一の続き"
    await follow.aclose()
    assert office.mailbox.readers == 0


async def test_live_and_stored_tell_the_same(office: Post) -> None:
    follow = office.mailbox.follow(VISITOR, None)
    assert await anext(follow) is None
    live: list[Entry | None] = []
    for number in range(5):
        await office.say(f"問{number}")
        live += [await anext(follow)]
        await office.answer(f"答{number}")
        live += [await anext(follow)]
    await follow.aclose()
    assert await stored(office) == live


async def test_a_message_that_overtakes_an_answer_loses_nothing(office: Post) -> None:
    follow = office.mailbox.follow(VISITOR, None)
    assert await anext(follow) is None
    await office.say("一")
    await office.say("二")
    live = [await anext(follow), await anext(follow)]
    await office.answer("一の答え")
    await office.answer("二の答え")
    live += [await anext(follow), await anext(follow)]
    await follow.aclose()
    assert [words(entry) for entry in live if entry] == ["> 一", "> 二", "一の答え", "二の答え"]
    for number, entry in enumerate(live):
        assert entry is not None
        # Told later, each answer stands below its message.
        rest = sorted(words(later) for later in live[number + 1 :] if later)
        assert sorted(words(later) for later in await stored(office, entry.cursor)) == rest


async def test_talks_are_kept_apart(office: Post) -> None:
    await office.say("秘密")
    await office.say("ほかの人", visitor="b" * 32)
    await office.answer("答え", visitor="b" * 32)
    assert [words(entry) for entry in await stored(office)] == ["> 秘密"]
    assert [words(entry) for entry in await stored(office, visitor="c" * 32)] == []


async def test_a_database_that_is_gone_is_said(office: Post) -> None:
    await office.statements.__aexit__(None, None, None)
    with pytest.raises(UnavailableError):
        await office.mailbox.post(VISITOR, Incoming("0123456789", "text", "群馬県"))


async def test_the_database_does_not_hold_what_makes_the_cookie(office: Post) -> None:
    token = new_token()
    await office.say("一", visitor=name_of(token))
    async with office.pool.connection() as connection:
        for table in ("conversation", "inbox", "procrastinate_jobs"):
            rows = await (
                await connection.execute(
                    psycopg.sql.SQL("SELECT t::text FROM {} AS t").format(
                        psycopg.sql.Identifier(table)
                    )
                )
            ).fetchall()
            assert rows
            assert all(token not in row[0] for row in rows)


@given(cursor=st.text(max_size=70) | st.from_regex(r"[0-9]{0,25}-[0-9]{0,25}", fullmatch=True))
def test_any_cursor_can_be_read(cursor: str) -> None:
    place = _Place.of(cursor)
    assert 0 <= place.message < 2**63
    assert 0 <= place.reply < 2**63
