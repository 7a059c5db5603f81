"""Where the thresholds come from: cross-validation on the training data, in Rasa's environment.

Each label's examples are cut into blocks in the order of the files, where variations of one
sentence stand together, and each block is ranked by a classifier that saw none of it. Every
example is then weighed at the questions at which it can be said.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import scipy.sparse
import yaml
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from actions.answers import QUESTIONS
from actions.understanding.message import Message
from actions.understanding.ranking import NO_VALUES, aside_of, family, weigh
from actions.understanding.second_look import MASKED, could_be_elsewhere, share_elsewhere
from actions.understanding.tokens import tokens_of
from nlu.components.classifier import RankingClassifier

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "nlu" / "data" / "nlu"
THRESHOLDS = ROOT / "actions" / "understanding" / "data" / "thresholds.yml"
FOLDS = 5
#: Share of all examples that may be taken for something they are not, by each threshold alone.
#: The examples are harder than travellers (a good part are near misses, told apart by one word),
#: and a grammar stands before most thresholds: these shares come to half a percent of wrong
#: answers in all on utterances that were never trained on (docs/decisions/understanding.md).
ALLOWED = {"answer": 0.005, "unknown": 0.005, "command": 0.0028, "aside": 0.016}
#: Share of all examples of which the classifier, heard before the grammars, may be wrong.
ALLOWED_CERTAIN = 0.006
#: Share of the messages that a grammar leaves open that the classifier may decide wrongly: where
#: it picks one of what the words leave, and where it overrules them.
ALLOWED_CHOICES = {"choice": 0.055, "settled": 0.055}
#: Share of the messages a grammar settles rightly that the classifier may object to.
ALLOWED_OBJECTIONS = 0.0035
#: Share of the dates, sums and places that answer which the classifier may take for something else.
#: These examples were written to be mistaken; of what travellers say, 1-2 % are asked back for it.
ALLOWED_REFUSALS = 0.078
STEPS = [round(0.3 + 0.05 * step, 2) for step in range(14)]
#: An example's annotated entity: [2月24日]{"entity": "expires", …}.
_ENTITY = re.compile(r"\[([^\]]+)\]\{[^}]*\}")
#: How the engine's classifier is fitted.
_FIT = {
    name: RankingClassifier.get_default_config()[name]
    for name in ("C", "solver", "max_iter", "tol", "random_state")
}
_WORD = r"(?u)\b\w+\b"
GRAMMARS_OWN = tuple(MASKED.values())


@dataclass(frozen=True)
class Weighing:
    """One example at one question: what would be taken, how surely, and whether rightly."""

    use: str
    confidence: float
    right: bool


def examples() -> list[tuple[str, str]]:
    """Return (text, label) in the order of the files."""
    found = []
    for path in sorted(EXAMPLES.glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                if line.startswith("- "):
                    found.append((_ENTITY.sub(r"\1", line[2:]), block["intent"]))
    return found


def folds(labels: Sequence[str]) -> numpy.ndarray[Any, Any]:
    """Return each example's fold: blocks of consecutive examples within its label."""
    result = numpy.zeros(len(labels), dtype=int)
    for label in set(labels):
        places = [i for i, other in enumerate(labels) if other == label]
        for fold, block in enumerate(numpy.array_split(places, FOLDS)):
            result[block] = fold
    return result


def _featurizers() -> list[dict[str, Any]]:
    """Return the featurizers of the engine's pipeline, as configured."""
    pipeline = yaml.safe_load((ROOT / "nlu" / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    return [part for part in pipeline if "analyzer" in part]


def rankings(texts: Sequence[str], labels: Sequence[str]) -> list[list[tuple[str, float]]]:
    """Return the ranking of each example by a classifier that was trained without its block."""
    tokens = [tokens_of(text) or ["。"] for text in texts]
    words = [" ".join(found) for found in tokens]
    letters = [f"^{''.join(found)}$" for found in tokens]
    fold = folds(labels)
    wanted = numpy.asarray(labels)
    result: list[list[tuple[str, float]]] = [[] for _ in texts]
    for number in range(FOLDS):
        seen, held = numpy.where(fold != number)[0], numpy.where(fold == number)[0]
        parts = []
        for featurizer in _featurizers():
            sources = words if featurizer["analyzer"] == "word" else letters
            counts = TfidfVectorizer(
                analyzer=featurizer["analyzer"],
                ngram_range=(featurizer.get("min_ngram", 1), featurizer["max_ngram"]),
                min_df=featurizer["min_df"],
                token_pattern=_WORD,
                sublinear_tf=True,
                dtype=numpy.float32,
            )
            parts.append(
                (
                    counts.fit_transform([sources[i] for i in seen]),
                    counts.transform([sources[i] for i in held]),
                )
            )
        model = LogisticRegression(class_weight="balanced", **_FIT)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # its rounds are meant to be so few
            model.fit(scipy.sparse.hstack([part[0] for part in parts]).tocsr(), wanted[seen])
        shares = model.predict_proba(scipy.sparse.hstack([part[1] for part in parts]).tocsr())
        for row, place in enumerate(held):
            result[place] = list(zip(model.classes_, map(float, shares[row]), strict=True))
    return result


def weighings(label: str, ranking: list[tuple[str, float]]) -> Iterator[Weighing]:
    """Yield what would be taken of an example, at each question at which it can be said."""
    of = family(label)
    asked = (of,) if of in QUESTIONS else QUESTIONS
    for question in asked:
        weighed = weigh(ranking, question)
        best = weighed[0]
        topic, share = aside_of(weighed)
        if topic is not None:
            yield Weighing("aside", share, of == "aside")
        elif best.label == "dont_know":
            yield Weighing("unknown", best.confidence, label == "dont_know")
        elif family(best.label) == "command":
            yield Weighing("command", best.confidence, best.label == label)
        elif family(best.label) == question and not best.label.endswith(NO_VALUES):
            yield Weighing("answer", best.confidence, best.label == label)
        else:
            yield Weighing("nothing", best.confidence, True)


def beside_grammar(
    text: str, label: str, ranking: list[tuple[str, float]]
) -> tuple[str, float, bool] | None:
    """Return what the classifier has to say where a grammar has spoken as well.

    ``choice``: the words leave it open, the classifier picks one of what they leave (its share;
    rightly or not); ``settled``: it picks something else, or the traveller doubts.
    ``contradiction``: the words settle it (what the classifier leaves of it to others; whether
    the words were right).
    """
    question, _, wanted = label.partition("_")
    if question not in ("incident", "app", "stay") or wanted in NO_VALUES:
        return None
    message = Message.read(text, question, None)
    weighed = weigh(ranking, question)
    doubt = message.doubts.get(question)
    if question in message.values:
        of = [w for w in weighed if family(w.label) == question]
        same = [w for w in of if not w.label.endswith(NO_VALUES)]
        share = sum(w.confidence for w in same)
        said = next((w for w in same if w.label == f"{question}_{message.values[question]}"), None)
        if share < 0.5 or said is None:
            return None
        return "contradiction", 1 - said.confidence / share, message.values[question] == wanted
    best = weighed[0]
    if doubt is None or family(best.label) != question or best.label.endswith(NO_VALUES):
        return None
    listed = best.label.removeprefix(f"{question}_") in doubt.candidates
    use = "choice" if listed and doubt.reason == "ambiguous" else "settled"
    return use, best.confidence, best.label == label


def main() -> None:
    """Print the curves, and write the thresholds when asked to."""
    found = examples()
    texts, labels = [text for text, _ in found], [label for _, label in found]
    ranked = rankings(texts, labels)
    chosen = {
        **_alone(labels, ranked),
        **_together(texts, labels, ranked),
        **_refused(texts, labels, ranked),
    }
    if "--write" in sys.argv[1:]:
        _write(chosen)


def _alone(labels: Sequence[str], ranked: Sequence[list[tuple[str, float]]]) -> dict[str, float]:
    weighed = [
        w
        for label, ranking in zip(labels, ranked, strict=True)
        if label not in GRAMMARS_OWN
        for w in weighings(label, ranking)
    ]
    print(
        f"calibration: {len(labels)} examples in {FOLDS} blocks, {len(weighed)} weighings; share of"
        "\nall messages taken rightly / wrongly by the classifier alone, by threshold:"
    )
    print("  use          " + "".join(f"{step:>12.2f}" for step in STEPS))
    chosen: dict[str, float] = {}
    for use, allowed in ALLOWED.items():
        mine = [w for w in weighed if w.use == use]
        cells = []
        for step in STEPS:
            taken = [w for w in mine if w.confidence >= step]
            right = sum(w.right for w in taken) / len(weighed)
            wrong = sum(not w.right for w in taken) / len(weighed)
            cells.append(f"{right:>6.1%}/{wrong:<5.2%}")
            if use not in chosen and wrong <= allowed:
                chosen[use] = step
        chosen.setdefault(use, STEPS[-1])
        print(f"  {use:<12} " + "".join(cells) + f"   ≤ {allowed:.1%}: {chosen[use]:.2f}")
    cells = []
    for step in STEPS:
        wrong = sum(not w.right for w in weighed if w.confidence >= step) / len(weighed)
        right = sum(w.right for w in weighed if w.confidence >= step) / len(weighed)
        cells.append(f"{right:>6.1%}/{wrong:<5.2%}")
        if "certain" not in chosen and wrong <= ALLOWED_CERTAIN:
            chosen["certain"] = step
    chosen.setdefault("certain", STEPS[-1])
    allowed_text = f"   ≤ {ALLOWED_CERTAIN:.1%}: {chosen['certain']:.2f}"
    print("  certain      " + "".join(cells) + allowed_text)
    return chosen


def _together(
    texts: Sequence[str], labels: Sequence[str], ranked: Sequence[list[tuple[str, float]]]
) -> dict[str, float]:
    said = [
        entry for one in zip(texts, labels, ranked, strict=True) if (entry := beside_grammar(*one))
    ]
    chosen: dict[str, float] = {}
    open_to = {
        use: [(share, right) for kind, share, right in said if kind == use]
        for use in ("choice", "settled")
    }
    settled = [(share, right) for kind, share, right in said if kind == "contradiction"]
    steps = [*STEPS, 0.97, 0.99]
    for use, found in open_to.items():
        print(f"beside a grammar: {len(found)} messages left open, taken rightly / wrongly:")
        cells = []
        for step in steps:
            right = sum(r for share, r in found if share >= step) / max(1, len(found))
            wrong = sum(not r for share, r in found if share >= step) / max(1, len(found))
            cells.append(f"{right:>6.1%}/{wrong:<5.2%}")
            if use not in chosen and wrong <= ALLOWED_CHOICES[use]:
                chosen[use] = step
        chosen.setdefault(use, steps[-1])
        print(f"  {use:<12} " + "".join(cells) + f"   ≤ {ALLOWED_CHOICES[use]:.1%}: {chosen[use]}")
    print(f"{len(settled)} settled by a grammar, objected to though right / though wrong:")
    cells = []
    for step in steps:
        lost = sum(r for share, r in settled if share >= step) / max(1, len(settled))
        saved = sum(not r for share, r in settled if share >= step) / max(1, len(settled))
        cells.append(f"{lost:>6.2%}/{saved:<5.2%}")
        if "contradiction" not in chosen and lost <= ALLOWED_OBJECTIONS:
            chosen["contradiction"] = step
    chosen.setdefault("contradiction", steps[-1])
    allowed = f"   ≤ {ALLOWED_OBJECTIONS:.1%}: {chosen.get('contradiction')}"
    print("  contradiction" + "".join(cells) + allowed)
    return chosen


def refusal(text: str, label: str, ranking: list[tuple[str, float]]) -> tuple[float, bool] | None:
    """Return how likely a value that the grammars read is of something else, and if it answers.

    ``None`` where the message is no date, sum or place, or the grammars take none of it.
    """
    masked = label.removesuffix("_elsewhere")
    question = next((name for name, word in MASKED.items() if word == masked), None)
    if question is None:
        return None
    message = Message.read(text, question, None)
    if question in message.cued or not could_be_elsewhere(message):
        return None
    return share_elsewhere(weigh(ranking, question), question), label == masked


def _refused(
    texts: Sequence[str], labels: Sequence[str], ranked: Sequence[list[tuple[str, float]]]
) -> dict[str, float]:
    read = [one for each in zip(texts, labels, ranked, strict=True) if (one := refusal(*each))]
    given = sum(right for _, right in read)
    print(f"{len(read)} dates, sums and places, {given} of them answers; refused though / as no:")
    cells, chosen = [], STEPS[-1]
    for step in reversed(STEPS):
        lost = sum(right for share, right in read if share >= step) / max(1, given)
        saved = sum(not right for share, right in read if share >= step)
        cells.insert(0, f"{lost:>6.2%}/{saved / max(1, len(read) - given):<5.1%}")
        if lost <= ALLOWED_REFUSALS:
            chosen = step
    print("  elsewhere    " + "".join(cells) + f"   ≤ {ALLOWED_REFUSALS:.1%}: {chosen}")
    return {"elsewhere": chosen}


def _write(chosen: dict[str, float]) -> None:
    lines = []
    for line in THRESHOLDS.read_text(encoding="utf-8").splitlines():
        name = line.split(":")[0]
        lines.append(f"{name}: {chosen[name]}" if name in chosen else line)
    THRESHOLDS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"written to {THRESHOLDS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
