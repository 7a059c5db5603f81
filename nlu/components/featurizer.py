"""Words and character n-grams of whole sentences, weighted by how much they tell."""

from __future__ import annotations

from collections import Counter
from typing import Any, Optional

import numpy
import scipy.sparse
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import (
    CountVectorsFeaturizer,
)
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.tokenizer import PARTS

Features = list[Optional[scipy.sparse.spmatrix]]
#: Where a sentence begins and ends, to character n-grams: はい alone is not はい in a story.
BEGIN, END = "^", "$"
_WEIGHTS = "rarity.npy"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceNgramsFeaturizer(CountVectorsFeaturizer):
    """Rasa's count vectors, for the sentence only, in tf-idf.

    Words are not separated by blanks in Japanese: character n-grams run over the whole
    sentence (the tokens joined without a blank), not inside token borders. What occurs in few
    examples weighs more, what is repeated little more, and every sentence's row has length 1,
    so that a long story is no surer than a short answer.
    """

    #: The inverse document frequency of each column; ``None`` before training.
    rarity: Any = None
    _analyze: Optional[Any] = None

    @staticmethod
    def _attributes_for(analyzer: str) -> list[str]:
        return [TEXT]

    def _process_tokens(self, tokens: list[str], attribute: str = TEXT) -> list[str]:
        return [f"{BEGIN}{''.join(tokens)}{END}"] if self.analyzer == "char" else tokens

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the features of messages, and of their parts."""
        for message in messages:
            super().process(message.get(PARTS) or [])
        super().process(messages)
        return messages

    def train(self, training_data: TrainingData, model: Optional[Any] = None) -> Resource:
        """Learn the vocabulary, as Rasa's, and how rare each of its entries is."""
        resource = super().train(training_data, model)
        vectorizer: Any = self.vectorizers[TEXT]
        texts = [
            " ".join(self._get_processed_message_tokens_by_attribute(message, TEXT))
            for message in training_data.training_examples
            if message.get(TEXT)
        ]
        counts = vectorizer.transform(texts).tocsr()
        occurs = numpy.bincount(counts.indices, minlength=counts.shape[1])
        self.rarity = (numpy.log((1 + len(texts)) / (1 + occurs)) + 1).astype(numpy.float32)
        self.persist()
        return resource

    def persist(self) -> None:
        """Write what Rasa's writes, and the rarities beside it."""
        super().persist()
        if self.rarity is not None:
            with self._model_storage.write_to(self._resource) as folder:
                numpy.save(folder / _WEIGHTS, self.rarity)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceNgramsFeaturizer:
        """Load what :meth:`persist` wrote; an untrained featurizer where there is nothing."""
        loaded = super().load(config, model_storage, resource, execution_context, **kwargs)
        component: Any = loaded
        try:
            with model_storage.read_from(resource) as folder:
                component.rarity = numpy.load(folder / _WEIGHTS)
        except (ValueError, FileNotFoundError):
            pass
        return component  # type: ignore[no-any-return]

    def _create_features(
        self, attribute: str, all_tokens: list[list[str]]
    ) -> tuple[Features, Features]:
        vectorizer: Any = self.vectorizers.get(attribute)
        if not vectorizer or self.rarity is None:
            return [None], [None]
        rows: Features = []
        for tokens in all_tokens:
            rows.append(self._row(vectorizer, " ".join(tokens)).tocoo())
        return [None] * len(rows), rows

    def _row(self, vectorizer: Any, text: str) -> scipy.sparse.csr_matrix:
        """Return one sentence's row in tf-idf (sublinear), of length 1.

        What ``vectorizer.transform`` counts, without its checks, which cost more.
        """
        if self._analyze is None:
            self._analyze = vectorizer.build_analyzer()
        columns = vectorizer.vocabulary_
        counts = Counter(columns[ngram] for ngram in self._analyze(text) if ngram in columns)
        indices = numpy.array(sorted(counts), dtype=numpy.int32)
        data = numpy.array([counts[index] for index in indices], dtype=numpy.float32)
        assert self.rarity is not None
        weights = (1 + numpy.log(data)) * self.rarity[indices]
        length = float(numpy.sqrt(weights @ weights)) or 1.0
        shape = (1, len(self.rarity))
        return scipy.sparse.csr_matrix((weights / length, indices, [0, len(indices)]), shape=shape)
