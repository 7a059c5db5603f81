"""Starts both sides on the same requests and reads what they heard."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from benchmarks.engine.stock_rasa import build, clean_environment
from benchmarks.understanding.judge import Heard
from benchmarks.understanding.lines import Line
from bot.training import NLU_PYTHON, ROOT

HERE = Path(__file__).parent
EXAMPLES = ROOT / "nlu" / "data" / "nlu"
#: What the default pipeline of ``rasa init`` is, spelled out (Rasa writes it so when it trains),
#: with the language that ``rasa init`` writes: its tokenizer refuses Japanese.
STOCK_PIPELINE = """recipe: default.v1
language: en
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: DIETClassifier
  epochs: 100
  constrain_similarities: true
- name: EntitySynonymMapper
- name: ResponseSelector
  epochs: 100
  constrain_similarities: true
- name: FallbackClassifier
  threshold: 0.3
  ambiguity_threshold: 0.1
"""


def ours(lines: Iterable[Line], model: Path) -> list[Heard]:
    """Return what our dialogue hears."""
    words = [str(NLU_PYTHON), "-m", "benchmarks.understanding.dialogue", str(model)]
    environment = {**clean_environment(), "PYTHONPATH": str(ROOT)}
    return [
        Heard(
            entry["kind"],
            entry["values"],
            entry["topic"],
            entry["command"],
            entry["reading"],
            tuple(entry["said"]),
            entry["kept"],
            entry["nlu_ms"],
            entry["turn_ms"],
        )
        for entry in _talk(words, lines, environment)
    ]


def stock(lines: Iterable[Line], environment: Path, folder: Path, *, every: int = 1) -> list[Heard]:
    """Return what stock Rasa hears, trained on the same examples (cached by their digest).

    Args:
        lines: what to hear.
        environment: the environment with plain ``pip install rasa``; built when missing.
        folder: where trained models are kept.
        every: train on every so-manieth example of each intent only. DIET takes about a minute an
            epoch for all of them on two cores, and has a hundred epochs.
    """
    python = build(environment, os.environ.get("HOSHO_UV", "uv"))
    model = _stock_model(python, folder, every)
    words = [str(python), str(HERE / "stock_parse.py"), str(model)]
    return [_stock_heard(entry) for entry in _talk(words, lines, clean_environment())]


def _stock_model(python: Path, folder: Path, every: int) -> Path:
    digest = hashlib.sha256(f"{STOCK_PIPELINE}{every}".encode())
    for path in sorted(EXAMPLES.glob("*.yml")):
        digest.update(path.read_bytes())
    model = folder / f"stock-{digest.hexdigest()[:12]}.tar.gz"
    if not model.exists():
        which = "the same examples" if every == 1 else f"every {every}th of the same examples"
        print(f"training stock Rasa on {which} (long) ...", file=sys.stderr, flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        config = folder / "stock-config.yml"
        config.write_text(STOCK_PIPELINE, encoding="utf-8")
        words = (
            *(python, "-m", "rasa", "train", "nlu", "--config", config),
            *("--nlu", _thinned(folder, every), "--out", folder),
            *("--fixed-model-name", model.name.removesuffix(".tar.gz")),
        )
        # Its epochs are the progress; they go to standard error.
        done = subprocess.run(words, env=clean_environment(), stdout=sys.stderr, check=False)
        if done.returncode or not model.exists():
            raise SystemExit("stock Rasa could not train; what it said stands above")
    return model


def _thinned(folder: Path, every: int) -> Path:
    """Return a folder with every so-manieth example of each intent."""
    if every == 1:
        return EXAMPLES
    thinned = folder / f"stock-examples-{every}"
    thinned.mkdir(exist_ok=True)
    for path in sorted(EXAMPLES.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for block in content["nlu"]:
            block["examples"] = "".join(block["examples"].splitlines(keepends=True)[::every])
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10_000)
        (thinned / path.name).write_text(text, encoding="utf-8")
    return thinned


def _stock_heard(parsed: Mapping[str, Any]) -> Heard:
    """Read stock Rasa's intents and entities in the most favourable way.

    Its labels are taken for the values they stand for, at any question, and an entity's value
    for the answer where the synonyms made it one.
    """
    label = parsed["intent"]["name"]
    head, _, rest = label.partition("_")
    ms = parsed["nlu_ms"]
    if head in ("incident", "app", "stay") and rest not in ("unclear", "uninstalled"):
        return Heard("answer", {head: rest}, nlu_ms=ms)
    if label in ("balance_some", "balance_none"):
        return Heard("answer", {"balance": "some" if rest == "some" else 0}, nlu_ms=ms)
    if head == "aside":
        return Heard("aside", topic=rest, nlu_ms=ms)
    if head == "command":
        return Heard("command", command=rest, nlu_ms=ms)
    if label == "dont_know":
        return Heard("unknown", nlu_ms=ms)
    values = {
        entity["entity"]: int(value) if entity["entity"] == "balance" else value
        for entity in parsed["entities"]
        if (value := str(entity["value"])) and (entity["entity"] != "balance" or value.isdigit())
    }
    return Heard("answer", values, nlu_ms=ms) if values else Heard("ask_back", nlu_ms=ms)


def _talk(
    words: list[str], lines: Iterable[Line], environment: Mapping[str, str]
) -> list[dict[str, Any]]:
    requests = [json.dumps(line.request(), ensure_ascii=False) for line in lines]
    done = subprocess.run(
        words,
        input="\n".join(requests) + "\n",
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=dict(environment),
        check=False,
    )
    heard = [json.loads(text) for text in done.stdout.splitlines() if text.startswith("{")]
    if done.returncode or len(heard) != len(requests):
        raise SystemExit(f"{words[1:3]} ended with {done.returncode} after {len(heard)} messages")
    return heard
