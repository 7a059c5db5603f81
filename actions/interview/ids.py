"""Short names derived from a conversation: the interview's id, and the 受付番号.

Derived, not drawn: the same conversation gives the same names again, so that a turn repeated
after a crash says what it said before, and the pure layer needs neither clock nor chance.
"""

from __future__ import annotations

import base64
import hashlib

#: Characters of an interview id: with ``:`` and a token it stays within Telegram's 64 bytes.
INTERVIEW_ID_LENGTH = 6


def interview_id(seed: str, count: int) -> str:
    """Return the id of a conversation's ``count``-th interview: six of ``a-z2-7``.

    Args:
        seed: names the conversation (Rasa's sender id).
        count: 1 for the conversation's first interview.
    """
    return (
        base64.b32encode(_digest("interview", seed, count)).decode()[:INTERVIEW_ID_LENGTH].lower()
    )


def receipt_number(seed: str, count: int) -> str:
    """Return the interview's 受付番号: eight digits, the first not 0, without a separator."""
    return str(10_000_000 + int.from_bytes(_digest("receipt", seed, count), "big") % 90_000_000)


def spoken(receipt: str) -> str:
    """Return a 受付番号 in groups as it is read over the phone: ``1234-5678``."""
    return f"{receipt[:4]}-{receipt[4:]}"


def _digest(purpose: str, seed: str, count: int) -> bytes:
    return hashlib.sha256(f"{purpose}\0{seed}\0{count}".encode()).digest()[:8]
