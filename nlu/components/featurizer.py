"""Counts of words and character n-grams, for whole sentences only."""

from __future__ import annotations

from typing import Any, Optional

import scipy.sparse
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import (
    CountVectorsFeaturizer,
)
from rasa.shared.nlu.constants import TEXT

Features = list[Optional[scipy.sparse.spmatrix]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceCountsFeaturizer(CountVectorsFeaturizer):
    """Rasa's count vectors without the per-token ones, which nothing here reads.

    Words are not separated by blanks in Japanese: character n-grams run over the whole
    sentence (the tokens joined without a blank), not inside token borders.
    """

    @staticmethod
    def _attributes_for(analyzer: str) -> list[str]:
        return [TEXT]

    def _process_tokens(self, tokens: list[str], attribute: str = TEXT) -> list[str]:
        return ["".join(tokens)] if self.analyzer == "char" else tokens

    def _create_features(
        self, attribute: str, all_tokens: list[list[str]]
    ) -> tuple[Features, Features]:
        vectorizer: Any = self.vectorizers.get(attribute)
        if not vectorizer:
            return [None], [None]
        rows: Features = []
        for tokens in all_tokens:
            row = vectorizer.transform([" ".join(tokens)])
            row.sort_indices()
            rows.append(row.tocoo())
        # Rasa asks for both; the sentence's row stands for its one-token sequence.
        return rows, rows
