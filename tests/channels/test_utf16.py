"""Texts are measured as the platforms measure them, and cut or split without tearing anything."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels import utf16

TEXTS = st.text(alphabet=st.sampled_from("aあ。\n、 か\u3099😀👩\u200d👧🇯🇵\u0301"), max_size=200)


@given(TEXTS)
def test_length_is_that_of_utf16(text: str) -> None:
    assert utf16.length(text) == len(text.encode("utf-16-le")) // 2


@given(TEXTS, st.integers(2, 40))
def test_a_cut_text_fits_and_says_that_it_was_cut(text: str, limit: int) -> None:
    cut = utf16.cut(text, limit)
    assert utf16.length(cut) <= limit
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))


@given(TEXTS, st.integers(2, 40))
def test_pieces_fit_and_together_are_the_text(text: str, limit: int) -> None:
    pieces = utf16.split(text, limit)
    assert "".join(pieces) == text
    assert all(utf16.length(piece) <= limit for piece in pieces)


def test_no_character_is_torn() -> None:
    family = "👨\u200d👩\u200d👧"
    assert utf16.cut("あ" * 9 + family, 12) == "あ" * 9 + "…"
    assert utf16.split("🇯🇵" * 3, 5) == ["🇯🇵", "🇯🇵", "🇯🇵"]
    assert utf16.split("か\u3099か\u3099", 3) == ["か\u3099", "か\u3099"]


def test_a_text_is_split_after_a_line_or_a_sentence() -> None:
    assert utf16.split("一二三四五。六七八九", 8) == ["一二三四五。", "六七八九"]
