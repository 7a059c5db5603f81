"""The result of understanding one message, as the dialogue takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Optional

Kind = Literal[
    "answer",  # one or more values
    "unknown",  # わからない to the pending question (``values`` may still answer others)
    "aside",  # a question back, about ``topic``
    "command",  # ``command``
    "ask_back",  # something was read that cannot be taken; ``reading`` says what
    "out_of_scope",  # nothing we can use: noise, abuse, other subjects
    "greet",
    "thanks",
]
Command = Literal["back", "restart", "stop", "human", "start"]
#: Why a reading cannot be taken as the answer.
Reason = Literal[
    "ambiguous",  # two values were given: 24か25
    "impossible",  # 2月30日
    "outside",  # a real date or place outside the campaign: 2022年2月24日, 東京都
    "unsure",  # the classifier's confidence is below the calibrated threshold
    "uninstalled",  # app deleted: account closed or not?
    "installed",  # app there: with the coupon charged into it or not?
    "incomplete",  # a part of an answer: 2月, a year alone
]


@dataclass(frozen=True)
class Reading:
    """What was read and could not be taken.

    ``candidates`` are JSON values of ``question`` worth offering as buttons (may be empty);
    ``text`` is what was read, in words fit to be read back (``2月30日``, ``東京都``).
    """

    reason: Reason
    question: str
    text: str = ""
    candidates: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Understood:
    """One message understood in the light of the pending question.

    ``values`` maps questions to JSON values as ``Answers.from_mapping`` takes them.
    ``correction`` says that the traveller meant to change an earlier answer (やっぱり…).
    ``confidence`` is the classifier's, 1.0 where a grammar decided.
    """

    kind: Kind
    values: Mapping[str, Any] = field(default_factory=dict)
    topic: Optional[str] = None
    command: Optional[Command] = None
    reading: Optional[Reading] = None
    correction: bool = False
    confidence: float = 1.0


def ask_back(
    question: str, *candidates: Any, reason: Reason = "unsure", text: str = ""
) -> Understood:
    """Return that a question's value is asked back.

    Args:
        question: of which something was read.
        candidates: JSON values of it worth offering; each once, in this order.
        reason: why none can be taken.
        text: what was read, in words fit to be read back.
    """
    offered = tuple(dict.fromkeys(candidates))
    return Understood("ask_back", reading=Reading(reason, question, text, offered))


#: Topics an aside can be about; ``actions/texts/asides.yml`` has a text for each and
#: ``notices/*.yml`` the facts.
TOPICS: tuple[str, ...] = (
    "inquiry_number",  # where the 問合せ番号 is printed
    "lost_number",  # coupon lost, number unknown: who reissues it
    "delivery",  # when and how the points arrive, sender address and number
    "not_arrived",  # nothing came: resending
    "bank_transfer",  # no points, bank transfer instead
    "points",  # which points can be chosen
    "extension",  # until when and where the coupon can still be used
    "application_site",  # where, when open, URL
    "application_items",  # what to have ready for the application
    "deadline",  # until when to apply, to receive
    "call_center",  # number and hours
    "call_items",  # the four items to have ready
    "office",  # the campaign office's own contacts
    "outage",  # when the outage was, what happened
    "eligibility",  # who is compensated, what A and B mean
    "procedure",  # what to do, need I do anything
    "amount",  # how much is compensated
    "expires_where",  # where the expiry is printed
    "balance_where",  # how to see the balance
    "app_where",  # what charging means, how to see the status
    "privacy",  # what is kept of this talk
    "who",  # what this assistant is, is it official
    "other_prefecture",  # prefectures outside the five
)
