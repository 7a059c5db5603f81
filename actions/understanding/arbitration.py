"""Who is right: the grammars and the classifier, weighed at the pending question."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Optional, cast

from ..answers import Answers
from . import phrases
from .beside import SEEN, VALUES, beside, gives_sums
from .certain import OURS_TO_ASK, certain, said_last
from .commands import read_command
from .message import STORY, Message
from .ranking import CLASSIFIED, NO_VALUES, Rankings, Weighed, aside_of, family, thresholds, weigh
from .second_look import speaks_of_another_subject, told_of_something_else
from .understood import Command, Reading, Understood, ask_back

#: In a message longer than this, a command counts only as its last sentence.
_SHORT = 60


def settle(message: Message, rankings: Rankings, answers: Answers) -> Understood:
    """Return what a message means.

    The order: noise and instructions to a program; short replies; what the classifier is
    certain of and the grammars do not settle otherwise; commands; values that the grammars
    read for certain; わからない; questions back; what the classifier alone can tell; what was
    read and cannot be taken. Everything else is out of scope.
    """
    if not _says_anything(message.plain) or phrases.commands_the_machine(message.text):
        return Understood("out_of_scope")
    if len(message.text) <= _SHORT and phrases.is_about_something_else(message.text):
        return Understood("out_of_scope")
    if phrases.wavers(message.text) or phrases.calls_somebody(message.text):
        return _not_taken(message, weigh(rankings.whole, message.question))
    if phrases.worries(message.text) or (
        phrases.tells_of_others(message.text) and not message.is_story
    ):
        weighed = weigh(rankings.whole, message.question)
        return _aside(message, weighed) or _not_taken(message, weighed)
    if read_command(message.text) == "start":
        return Understood("command", command="start")  # 続ける, which sounds like 終わる
    both = phrases.names_both(message.text) or (
        message.question in ("app", "stay") and phrases.is_both(message.text)
    )
    if message.question in CLASSIFIED and both:
        if phrases.says_unknown(message.text):
            return Understood("unknown")
        return _not_taken(message, weigh(rankings.whole, message.question))
    weighed = weigh(rankings.whole, message.question, only_asks=message.only_asks)
    understood = (
        _short(message)
        or told_of_something_else(message, weighed, rankings)
        or certain(message, weighed, rankings, answers)
        or _command(message, weighed)
        or _answered(message, weighed, rankings, answers)
        or _unknown(message, weighed, rankings)
        or _aside(message, weighed)
        or _classified(message, weighed)
        or _in_a_sentence(message, rankings)
    )
    if understood is None or speaks_of_another_subject(message, understood):
        return _not_taken(message, weighed)
    return understood


def _says_anything(plain: str) -> bool:
    said = [character for character in plain if character.isalnum()]
    return bool(said) and not _ONE_KEY.fullmatch("".join(said))


#: A key held down, of which normalising leaves one: zzzz. (y and n are short for something.)
_ONE_KEY = re.compile(r"[a-mo-xz]")


def _short(message: Message) -> Optional[Understood]:
    """Read はい, いいえ, なし and their like in the light of the question."""
    question, text = message.question, message.text
    if phrases.greets(message.plain):
        return Understood("greet")
    if phrases.gives_thanks(message.plain):
        return Understood("thanks")
    if phrases.asks_for_meaning(text):
        return None
    yes, no = phrases.says_yes(text), phrases.says_no(text)
    none, has = phrases.says_none(text), phrases.says_there_is(text)
    did, did_not = phrases.says_did(text), phrases.says_did_not(text)
    if not (yes or no or none or has or did or did_not):
        return None
    if question == "balance" and (yes or has or no or none):
        return Understood("answer", {"balance": "some" if yes or has else 0})
    if question == "incident" and (none or did_not):
        return Understood("answer", {"incident": "none"})
    if question == "app" and (did or did_not):
        return Understood("answer", {"app": "charged" if did else "paper"})
    if question is None:
        return Understood("out_of_scope")
    offered = {"app": ("charged", "paper"), "stay": ("overnight", "day_trip")}
    return ask_back(question, *offered.get(question, ()))


def _command(message: Message, weighed: list[Weighed]) -> Optional[Understood]:
    best = weighed[0] if weighed else None
    if best and family(best.label) == "aside" and best.confidence >= thresholds()["certain"]:
        return None  # 電話したいのですが番号は: it asks, and wants nothing done
    text = message.text
    if len(text) > _SHORT:
        sentences = [part for part in re.split(r"[。!?\n]+", text) if part.strip()]
        text = sentences[-1] if sentences and len(sentences[-1]) <= _SHORT else ""
    command = read_command(text)
    if command is None:
        return None
    answered = message.question in message.values
    if message.corrected and message.values and command == "back":
        return None  # 岩手やなくて奈良です、さっき間違えました
    if answered and (message.corrected or command != "human" or len(message.text) > _SHORT):
        return None  # 戻って、24日じゃなくて25日でした: the value says it all
    return Understood("command", command=command)


def _answered(
    message: Message, weighed: list[Weighed], rankings: Rankings, answers: Answers
) -> Optional[Understood]:
    """Take what the grammars read for certain, unless the message only asks for something."""
    question = message.question
    if question in CLASSIFIED and _asks_what_it_means(message):
        return None
    values = beside(message, question, rankings, answers)
    if question in message.values and not _of_something_else_asked(message, values):
        values[question] = message.values[question]
    doubt = message.doubts.get(question or "")
    if doubt is not None and question not in values:
        missing = doubt.reason in OURS_TO_ASK  # whether the account is closed is our question
        open_to_us = question in ("expires", "campaign") or missing
        if not open_to_us and phrases.ends_unknown(message.text):
            return None
        if _doubt_is_an_aside(message, doubt, weighed):
            return None
        if (
            question != "expires"
            and doubt.reason == "unsure"
            and _lost_for_an_answer(message, weighed)
        ):
            return Understood("unknown")
        settled = _settled_by_classifier(message, doubt, weighed, rankings)
        if settled is not None:
            return replace(settled, values={**values, **settled.values})
        others = {name: value for name, value in values.items() if name != question}
        if others and message.corrected and question not in ("expires", "campaign"):
            return Understood("answer", others, correction=True)
        if doubt.reason == "outside" and question == "campaign":
            others = {}  # a journey that is none of ours
        return Understood("ask_back", others, reading=doubt, correction=message.corrected)
    if question in values:
        objection = _objection(message, weighed, values[question])
        if objection is not None:
            return objection
    if not values:
        return None
    return Understood("answer", values, correction=message.corrected)


def _asks_what_it_means(message: Message) -> bool:
    """Say whether the message is about a word of the question: 「チャージする」の意味が…"""
    return phrases.asks_for_meaning(message.text) and bool(
        re.search(
            r"[」』\"]?(?:って|と(?:は|いうの)|の意味)[^。\n]{0,8}(?:意味|わか|分か|何|なん)|の意味",
            message.text,
        )
    )


def _of_something_else_asked(message: Message, others: dict[str, Any]) -> bool:
    """Say whether what seems to tell the balance tells of the app or of what happened.

    アプリ使ってない、紙だけ; 使えなかったんじゃなくて二回引かれてました.
    """
    grave = others.get("incident") in ("charged_twice", "paid_otherwise_and_deducted")
    grave = grave or (message.corrected and "incident" in others)
    if message.question != "balance" or phrases.speaks_of_the_rest(message.text):
        return False
    if "expires" in others and "円" not in message.text:
        return True  # 期限は24じゃなくて27でした
    return ("app" in others or grave) and not gives_sums(message)


def _settled_by_classifier(
    message: Message, doubt: Reading, weighed: list[Weighed], rankings: Rankings
) -> Optional[Understood]:
    """Let a sure classifier choose among what the words leave open."""
    if doubt.question not in ("incident", "app", "stay") or doubt.reason in OURS_TO_ASK:
        return None
    same = [entry for entry in weighed if family(entry.label) == doubt.question]
    best = same[0] if same else None
    if best is None or best.label.endswith(NO_VALUES):
        return None
    value = best.label.split("_", 1)[1]
    if said_last(message, rankings, doubt.question) not in (None, value):
        return None  # 紙のままです。あ、いや、アプリに移したんだった
    share = best.confidence
    if family(weighed[0].label) in {"date", "amount", "place", *CLASSIFIED} - {doubt.question}:
        # 2,000円, which the message speaks of as well, takes nothing from what it says of this.
        share = best.confidence / sum(entry.confidence for entry in same)
    listed = doubt.reason == "ambiguous" and value in doubt.candidates
    if share < thresholds()["choice" if listed else "settled"]:
        return None
    return Understood(
        "answer", {doubt.question: value}, correction=message.corrected, confidence=share
    )


#: A value that the classifier holds for this likely at most, beside something likelier.
_HARDLY = 0.35


def _doubt_is_an_aside(message: Message, doubt: Reading, weighed: list[Weighed]) -> bool:
    """Say whether what was read in doubt was only asked about: 秋田県は対象外ですか."""
    if not message.asking or doubt.reason == "impossible":
        return False
    wants = phrases.supposes(message.text) or (
        message.only_asks and phrases.asks_openly(message.text)
    )
    if message.question == "expires" and not wants:
        return False  # 24日って何があったんですか names a day, and none of the coupon's
    topic, share = aside_of(weighed, only_asks=message.only_asks)
    return topic is not None and share >= thresholds()["aside"]


def _objection(message: Message, weighed: list[Weighed], value: Any) -> Optional[Understood]:
    """Return what to say instead of a value that the classifier is sure is something else."""
    question = cast(str, message.question)
    if not weighed or question not in CLASSIFIED or value not in ("some", 0, *VALUES):
        return None
    best, limits = weighed[0], thresholds()
    if family(best.label) == "aside" and message.asking and message.told == "":
        if best.confidence >= limits["contradiction"]:
            return Understood(
                "aside", topic=best.label.split("_", 1)[1], confidence=best.confidence
            )
        return None
    if gives_sums(message) or len(message.text) > _SHORT or question in message.concluded:
        return None
    same = {
        entry.label.split("_", 1)[1]: entry.confidence
        for entry in weighed
        if family(entry.label) == question and not entry.label.endswith(NO_VALUES)
    }
    share, said = sum(same.values()), "none" if value == 0 else str(value)
    nothing = sum(entry.confidence for entry in weighed if _says_nothing(entry.label, question))
    if nothing >= limits["choice"]:
        if same.get(said, 0.0) >= _HARDLY:
            return None
        # お年玉まだ残ってる: the words are there, and not of the coupon
        likelier = best.label == "out_of_scope"
        return Understood("out_of_scope") if likelier else _not_taken(message, weighed)
    topic, asked = aside_of(weighed)
    if message.asking and topic is not None and asked >= limits["aside"] and share < _HARDLY:
        return Understood("aside", topic=topic, confidence=asked)
    if share < SEEN and family(best.label) in ("aside", "dont_know"):
        # いくらかもわからない: the words are there, and say nothing of it
        return Understood("unknown") if phrases.says_unknown(message.text) else None
    if share < 0.5 or same.get(said, 0.0) >= (1 - limits["contradiction"]) * share:
        return None
    if question == "balance":
        return ask_back("balance", "some", 0, reason="ambiguous")
    offered = [value, *(said for said in same if same[said] > 0.1 * share)]
    return ask_back(question, *(v for v in offered if v not in NO_VALUES), reason="ambiguous")


def _says_nothing(label: str, question: str) -> bool:
    """Say whether a label is that of messages which hold no answer to a question."""
    return label in ("out_of_scope", f"{question}_unclear") or label.endswith("_elsewhere")


def _unknown(message: Message, weighed: list[Weighed], rankings: Rankings) -> Optional[Understood]:
    if message.question is None:
        return None
    topic, share = aside_of(weighed)
    if phrases.asks_for_meaning(message.text):
        if topic is not None and share >= thresholds()["aside"]:
            return Understood("aside", topic=topic, confidence=share)
        return ask_back(message.question)
    best = weighed[0] if weighed else None
    if (
        best
        and family(best.label) == message.question
        and not best.label.endswith("_unclear")
        and best.confidence >= thresholds()["choice"]
    ):
        return None  # 障害があったことを知らなかった: what is not known answers
    lost = phrases.ends_unknown(message.text) and not phrases.asks_where(message.text)
    if _lost_for_an_answer(message, weighed) and (lost or not _rather_else(message, weighed)):
        asking = message.asking or phrases.asks_where(message.text)
        if topic is not None and share >= thresholds()["aside"] and asking and not lost:
            return Understood("aside", topic=topic, confidence=share)
        return _asked_in_a_part(message, rankings) or Understood("unknown")
    if best is None or best.label != "dont_know" or message.asking:
        return None
    # こたつから出られない sounds like it, and knows no word of knowing.
    said = phrases.speaks_of_knowing(message.text) and not message.is_story
    if best.confidence < thresholds()["unknown" if said else "settled"]:
        return None
    return Understood("unknown", confidence=best.confidence)


def _asked_in_a_part(message: Message, rankings: Rankings) -> Optional[Understood]:
    """Read what a sentence asks beside one that only tells why: どこを見れば? 老眼で見えません."""
    if not phrases.asks_openly(message.text) or phrases.ends_unknown(message.text):
        return None
    asked = [aside_of(weigh(part, message.question)) for part in rankings.parts]
    topic, share = max(asked, key=lambda found: found[1], default=(None, 0.0))
    if topic is None or share < thresholds()["aside"]:
        return None
    return Understood("aside", topic=topic, confidence=share)


def _lost_for_an_answer(message: Message, weighed: list[Weighed]) -> bool:
    """Say whether わからない is said; of a rant (字が読めない) only at its end."""
    if not message.is_story:
        if phrases.only_wonders(message.text):
            limit = thresholds()["unknown"]
            return any(w.label == "dont_know" and w.confidence >= limit for w in weighed)
        return phrases.says_unknown(message.text)
    return any(phrases.ends_unknown(sentence) for sentence in message.sentences()[-2:])


def _asks_of(best: Weighed, message: Message) -> bool:
    asking = message.asking or phrases.asks_openly(message.text)  # 何時まで落ちてたんだっけ
    return family(best.label) == "aside" and asking


def _rather_else(message: Message, weighed: list[Weighed]) -> bool:
    """Say whether the classifier takes what sounds like わからない for something else altogether.

    イヤホンを忘れた and レジ袋って有料だっけ are not about the coupon.
    """
    best = weighed[0] if weighed else None
    if best is None or (best.label != "out_of_scope" and not _asks_of(best, message)):
        return False
    unknown = sum(entry.confidence for entry in weighed if entry.label == "dont_know")
    return best.confidence >= thresholds()["answer"] and unknown < 0.3 * best.confidence


def _aside(message: Message, weighed: list[Weighed]) -> Optional[Understood]:
    topic, share = aside_of(weighed, only_asks=message.only_asks)
    if topic is None or share < thresholds()["aside"] or phrases.only_states(message.text):
        return None
    if phrases.abuses(message.text) and not phrases.asks_openly(message.text):
        return None
    return Understood("aside", topic=topic, confidence=share)


def _classified(message: Message, weighed: list[Weighed]) -> Optional[Understood]:
    """Take what only the classifier can tell, where it is sure enough."""
    best = weighed[0] if weighed else None
    if best is None or phrases.abuses(message.text):
        return None
    of, _, value = best.label.partition("_")
    limits = thresholds()
    courtesy = sum(w.confidence for w in weighed if w.label in ("greet", "thanks"))
    surely = best.confidence / max(1 - courtesy, 0.1)  # ありがとう、これで終わります
    if of == "command" and len(message.text) > STORY:
        return None  # 誰かに聞いてほしかった, at the end of a rant, calls nobody
    if of == "command" and surely >= limits["settled" if message.asking else "command"]:
        command = cast(Command, value)
        return Understood("command", command=command, confidence=best.confidence)
    if best.label in ("greet", "thanks") and best.confidence >= limits["command"]:
        return Understood(cast(Any, best.label), confidence=best.confidence)
    if of != message.question or of not in CLASSIFIED:
        return None
    if message.only_asks or (message.asking and best.confidence < limits["settled"]):
        return None
    if value == "unclear":
        return _not_taken(message, weighed)
    if best.label == "app_uninstalled":
        asked = ask_back("app", "charged", "withdrawn", reason="uninstalled")
        return replace(asked, confidence=best.confidence)
    if best.confidence < limits["answer"] or phrases.denies_twice(message.text):
        return None
    taken: Any = (0 if value == "none" else "some") if of == "balance" else value
    return Understood(
        "answer", {of: taken}, correction=message.corrected, confidence=best.confidence
    )


def _in_a_sentence(message: Message, rankings: Rankings) -> Optional[Understood]:
    """Take what one sentence of a story says for certain, where no other says otherwise."""
    question = message.question
    if question not in CLASSIFIED or message.asking or phrases.abuses(message.text):
        return None
    shares = rankings.values_of(question) if rankings.parts else {}
    sure = [value for value, share in shares.items() if share >= thresholds()["certain"]]
    if len(sure) != 1 or sure[0] in NO_VALUES:
        return None
    value = sure[0]
    taken: Any = (0 if value == "none" else "some") if question == "balance" else value
    return Understood(
        "answer", {question: taken}, correction=message.corrected, confidence=shares[value]
    )


def _not_taken(message: Message, weighed: list[Weighed]) -> Understood:
    """Ask back with what may have been meant, where anything on the question was said."""
    question = message.question
    if question not in CLASSIFIED or phrases.abuses(message.text):
        return Understood("out_of_scope")
    likely = [
        entry.label.split("_", 1)[1]
        for entry in weighed
        if family(entry.label) == question and entry.confidence >= 0.05
    ][:4]
    if not likely:
        return Understood("out_of_scope")
    if question == "balance":
        return ask_back("balance", "some", 0)
    return ask_back(question, *(v for v in likely if v not in NO_VALUES))
