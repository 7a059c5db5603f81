"""hypothesis: replies as long, as many and as odd as the types allow."""

from __future__ import annotations

from hypothesis import strategies as st

from actions.replies import Card, CardRow, Choice, DatePicker, Link, Reply

#: What breaks renderers: markup, surrogate pairs, joined emoji, combining marks, blank lines.
PIECES = st.sampled_from(
    [
        "クーポン",
        "、",
        "。",
        "\n",
        " ",
        "　",
        "<b>",
        "&amp;",
        "&",
        "*_`[",
        "😀",
        "👨‍👩‍👧",
        "🇯🇵",
        "か\u3099",
        "a",
    ]
)
SHORT = st.lists(PIECES, min_size=1, max_size=12).map("".join).filter(str.strip)
TEXT = st.one_of(
    SHORT,
    st.lists(PIECES, max_size=40).map("".join),
    st.tuples(PIECES, st.integers(1, 12_000)).map(lambda made: (made[0] * made[1])[:12_000]),
)
TOKEN = st.from_regex(r"[a-z]{1,8}=[a-z0-9-]{1,38}", fullmatch=True)
CHOICE = st.builds(Choice, label=SHORT.map(lambda text: text[:60]), token=TOKEN)
PICKER = st.builds(
    DatePicker,
    label=SHORT,
    question=st.sampled_from(["expires"]),
    initial=st.just("2023-02-24"),
    earliest=st.just("2022-10-11"),
    latest=st.just("2023-07-31"),
)
LINK = st.one_of(
    st.builds(
        Link,
        kind=st.just("url"),
        label=SHORT,
        target=st.sampled_from(
            ["https://example.jp/a", "http://example.jp", "https://例え.jp/", "ftp://x", "x" * 1200]
        ),
    ),
    st.builds(
        Link, kind=st.just("phone"), label=SHORT, target=st.sampled_from(["0120-479-249", "なし"])
    ),
)
ROW = st.builds(
    CardRow,
    label=SHORT,
    text=TEXT.map(lambda text: text[:3000]),
    mark=st.sampled_from([None, "met", "not_met", "unknown"]),
)
CARD = st.builds(
    Card,
    title=SHORT,
    headline=SHORT,
    tone=st.sampled_from(["eligible", "maybe", "not_eligible", "info"]),
    rows=st.lists(ROW, max_size=12).map(tuple),
    footer=st.one_of(st.just(""), SHORT),
)
REPLY = st.builds(
    Reply,
    text=TEXT,
    choices=st.lists(CHOICE, max_size=20).map(tuple),
    date_picker=st.one_of(st.none(), PICKER),
    links=st.lists(LINK, max_size=4).map(tuple),
    card=st.one_of(st.none(), st.none(), CARD),
    interview=st.sampled_from(["", "k3f9ab"]),
)
REPLIES = st.lists(REPLY, min_size=1, max_size=9)


def words(text: str) -> str:
    """Return a text without its white space, which renderers may change."""
    return "".join(text.split())


def shown_of(reply: Reply) -> list[str]:
    """Return what a channel must show of a reply: its card, or its text where there is none."""
    card = reply.card
    if card is None:
        return [reply.text]
    parts = [card.title, card.headline, card.footer]
    for row in card.rows:
        parts += [row.label, row.text]
    return parts
