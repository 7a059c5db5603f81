"""A word that no answer has (Netflix, 体育館) keeps what sounds like an answer from being taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.answers import Answers
from actions.understanding.interpret import interpret
from actions.understanding.message import Message
from actions.understanding.other_subjects import other_subject
from actions.understanding.ranking import Ranking
from actions.understanding.second_look import names_another_subject

EXAMPLES = Path(__file__).parents[2] / "nlu" / "data" / "nlu"
ANSWERS = ("incident", "app", "balance", "stay", "date", "amount", "place", "dont_know")
NO_ANSWERS = ("_unclear", "_uninstalled", "_elsewhere")


def answers() -> list[str]:
    """Return every training example that answers a question."""
    said: list[str] = []
    for path in sorted(EXAMPLES.glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            label = entry["intent"]
            if label.startswith(ANSWERS) and not label.endswith(NO_ANSWERS):
                said += [line.removeprefix("- ") for line in entry["examples"].splitlines()]
    return said


def test_no_example_of_an_answer_has_one_of_the_words() -> None:
    examples = answers()
    assert len(examples) > 20_000
    refused = {
        other_subject(text): text
        for text in examples
        if names_another_subject(Message.read(text, None, None))
    }
    assert refused == {}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Ｎｅｔｆｌｉｘが二重に", "netflix"),
        ("ﾈｯﾄﾌﾘｯｸｽの請求が2回", "ネットフリックス"),
        ("英検は2/28に受けます", "英検"),
        ("ピザ半分食べる？", "ピザ"),
        ("ピザピザ言うな", ""),  # a part of another word in katakana
        ("2月9日です", ""),  # 月9, a series on TV
        ("紙のまま使えませんでした", ""),
    ],
)
def test_words_are_found_where_they_stand_alone(text: str, word: str) -> None:
    assert other_subject(text) == word


CERTAIN: Any = {"incident": "incident_charged_twice", "app": "app_withdrawn", "expires": "date"}


@pytest.mark.parametrize(
    ("question", "text", "taken"),
    [
        ("incident", "Netflixが二重に請求されてます", False),
        ("incident", "二重に請求されてます", True),
        # The coupon is spoken of: what else is named does not matter.
        ("incident", "Netflixを見ながらですが、クーポンが二重に引かれました", True),
        ("app", "netflixは退会しました", False),
        ("app", "退会しました", True),
        ("expires", "英検の申し込みは2/28", False),
        ("expires", "ピザのクーポンが2/28まで", False),
        ("expires", "英検の勉強中なので手短に。期限は2/28", True),
    ],
)
def test_nothing_is_taken_from_another_subject(question: str, text: str, taken: bool) -> None:
    ranking: Ranking = [(CERTAIN[question], 0.9), ("out_of_scope", 0.1)]
    understood = interpret(text, question, ranking, Answers())
    assert (understood.kind == "answer") is taken
    assert bool(understood.values) is taken


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("balance", "予約分が3000円残ってます"),  # not 約分
        ("balance", "先月食事に使って3000円残り"),  # not 月食
        ("incident", "市内定食屋で使えませんでした"),  # not 内定
        ("stay", "大家族で一泊しました"),  # not 大家
        ("stay", "コンサートで一泊しました"),
        ("stay", "京都の親と千葉に一泊しました"),
        ("stay", "東京駅から一泊しました"),
    ],
)
def test_what_only_sounds_like_one_of_the_words_or_led_to_the_journey_answers(
    question: str, text: str
) -> None:
    of = {"balance": "amount", "incident": "incident_unusable", "stay": "stay_overnight"}[question]
    understood = interpret(text, question, [(of, 0.95), ("out_of_scope", 0.05)], Answers())
    assert question in understood.values
