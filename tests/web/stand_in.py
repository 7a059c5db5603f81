"""A mailbox in memory with a short scripted interview behind it, for tests of page and routes."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable

from actions.replies import Card, CardRow, Choice, DatePicker, Link, Reply
from bot.channels.web.page import CallCenter, PageFacts
from bot.channels.web.port import Entry, Incoming

FACTS = PageFacts(
    frozenset({"gunma", "chiba"}),
    (CallCenter("試験コールセンター", "0120-000-000", "平日 10:00～18:00"),),
)
INTERVIEW = "k3f9"


def _choices(*pairs: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(label, token) for label, token in pairs)


PLACE = Reply(
    "ご旅行先はどちらでしたか？\n県名を書いていただいても大丈夫です。",
    _choices(("群馬県", "campaign=gunma"), ("千葉県", "campaign=chiba"), ("わからない", "u=1")),
    interview=INTERVIEW,
)
EXPIRY = Reply(
    "有効期限はいつまででしたか？",
    _choices(("2月24日", "expires=2023-02-24"), ("ひとつ戻る", "command=back")),
    DatePicker("有効期限を選ぶ", "expires", "2023-02-24", "2023-01-10", "2023-04-30"),
    interview=INTERVIEW,
)
TILL = Reply(
    "お店でのお支払いで何がありましたか？",
    _choices(
        ("使えなかった", "incident=unusable"),
        ("二重に引かれた", "incident=charged_twice"),
        ("使おうとしていない", "incident=none"),
    ),
    interview=INTERVIEW,
)
VERDICT = Reply(
    "(A) の補償の対象です。申請サイトから申請してください。",
    _choices(("いつ届く？", "aside=delivery"), ("最初から", "command=restart")),
    links=(
        Link("url", "申請サイトを開く", "https://example.jp/apply"),
        Link("phone", "電話する", "0120-000-000"),
    ),
    card=Card(
        "補償の確認結果",
        "(A) の補償の対象です",
        "eligible",
        (
            CardRow("有効期限が2月24日まで", "2023年2月24日（金）", "met"),
            CardRow("二重に引かれた", "引かれていません", "not_met"),
            CardRow("アプリへのチャージ", "", "unknown"),
            CardRow("申請の期限", "2023年4月30日（日）まで"),
            CardRow("用意するもの", "氏名、ご住所、ご連絡先、メールアドレス、お問合せ番号"),
        ),
        "根拠：試験事務局のお知らせ（2023年4月7日）1.(A)\n最終的な判断は事務局が行います。",
    ),
    interview=INTERVIEW,
)


def script(message: Incoming) -> list[Reply]:
    """Answer one message: an interview of three questions, anything else is echoed."""
    value = message.value
    if message.kind == "start":
        hello = Reply("こんにちは。補償ナビです。")
        return [hello, EXPIRY] if value else [hello, PLACE]
    if value == f"{INTERVIEW}:command=restart":
        return [PLACE]
    if "campaign=" in value or value == "群馬県":
        return [EXPIRY]
    if "expires=" in value or value == "2/24":
        return [TILL]
    if "incident=" in value or value == "使えませんでした":
        return [Reply("確認できました。"), VERDICT]
    return [Reply(f"「{value}」ですね。https://example.jp/ か 0120-000-000 へどうぞ。")]


class MemoryMailbox:
    """Keeps conversations in memory and lets ``script`` answer them."""

    def __init__(self, answer: Callable[[Incoming], list[Reply]] = script) -> None:
        self.answer = answer
        self.log: dict[str, list[Entry]] = defaultdict(list)
        self.posted: list[tuple[str, Incoming]] = []
        #: Cleared: answers wait until it is set again.
        self.answering = asyncio.Event()
        self.answering.set()
        self._ids: set[tuple[str, str]] = set()
        self._news = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    async def post(self, visitor: str, message: Incoming) -> bool:
        if (visitor, message.id) in self._ids:
            return False
        self._ids.add((visitor, message.id))
        self.posted.append((visitor, message))
        await self.add(visitor, said=message)
        task = asyncio.create_task(self._answer(visitor, message, self.log[visitor][-1].turn))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def add(
        self,
        visitor: str,
        said: Incoming | None = None,
        reply: Reply | None = None,
        turn: int | None = None,
    ) -> None:
        """Keep an entry; without a ``turn``, a reply answers the latest message."""
        log = self.log[visitor]
        cursor = f"0-{len(log) + 1}"
        turn = turn or sum(entry.said is not None for entry in log) + (said is not None)
        log.append(Entry(cursor, turn, said, reply.to_json() if reply else None))
        async with self._news:
            self._news.notify_all()

    async def holds(self, count: int) -> None:
        """Wait until that many entries are kept, of all visitors."""
        async with self._news:
            await self._news.wait_for(lambda: sum(len(log) for log in self.log.values()) >= count)

    async def _answer(self, visitor: str, message: Incoming, turn: int) -> None:
        await self.answering.wait()
        for reply in self.answer(message):
            await self.add(visitor, reply=reply, turn=turn)

    async def follow(self, visitor: str, after: str | None) -> AsyncGenerator[Entry | None]:
        at = int(after.rpartition("-")[2]) if after else 0
        synced = False
        while True:
            while at < len(self.log[visitor]):
                at += 1
                yield self.log[visitor][at - 1]
            if not synced:
                synced = True
                yield None
            async with self._news:
                if at >= len(self.log[visitor]):
                    await self._news.wait()
