"""Rasa's logistic regression, ranking every label, kept small and applied without scikit-learn."""

from __future__ import annotations

import json
from typing import Any, Optional

import numpy
import scipy.sparse
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.tokenizer import PARTS

_WEIGHTS = "weights.npz"
_LABELS = "labels.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class RankingClassifier(LogisticRegressionClassifier):
    """Logistic regression over the sentence's counts.

    Differs from Rasa's in what it keeps and how it predicts, not in what it learns: weights in
    half precision (a quarter of the size), and a product of sparse counts with them in place of
    scikit-learn's checks, which cost more than the message.
    """

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        model_storage: ModelStorage,
        resource: Resource,
    ) -> None:
        """Construct an untrained classifier (arguments as in Rasa's)."""
        super().__init__(config, name, model_storage, resource)
        self.clf.set_params(C=config["C"])
        self._weights: Optional[numpy.ndarray[Any, Any]] = None
        self._intercept: Optional[numpy.ndarray[Any, Any]] = None
        self._labels: list[str] = []

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return Rasa's defaults, with scikit-learn's ``C`` and the whole ranking."""
        return {
            **LogisticRegressionClassifier.get_default_config(),
            # Rows of length 1 want less regularisation than raw counts.
            "C": 30.0,
            # L-BFGS keeps twenty copies of the weights and moves them at every step: four times
            # as long for no better a ranking.
            "solver": "sag",
            "max_iter": 40,
            "tol": 1e-3,
            "ranking_length": 0,
        }

    def train(self, training_data: TrainingData) -> Resource:
        """Train on every example, each counted once however often it occurs."""
        resource = super().train(training_data)
        self._adopt(self.clf.coef_, self.clf.intercept_, list(self.clf.classes_))
        return resource

    def _create_X(self, messages: list[Message]) -> Any:
        rows = [message.get_sparse_features(attribute=TEXT)[1].features for message in messages]
        return scipy.sparse.vstack(rows).tocsr()

    def _adopt(self, weights: Any, intercept: Any, labels: list[str]) -> None:
        # Features in rows: a message picks its few.
        self._weights = numpy.ascontiguousarray(weights.T, dtype=numpy.float32)
        self._intercept = numpy.asarray(intercept, dtype=numpy.float32)
        self._labels = labels

    def process(self, messages: list[Message]) -> list[Message]:
        """Write the ranking of every label to each message, and to its parts."""
        if self._weights is None or self._intercept is None:
            return messages
        for message in messages:
            self.process(message.get(PARTS) or [])
            scores = self._intercept.copy()
            # What Rasa would stack side by side first, which costs more than the product.
            offset = 0
            for features in message.features:
                row = features.features
                scores += row.data @ self._weights[row.col + offset]
                offset += row.shape[1]
            if not offset:
                continue
            shares = numpy.exp(scores - scores.max())
            shares /= shares.sum()
            ranking = [
                {"name": self._labels[index], "confidence": float(shares[index])}
                for index in numpy.argsort(-shares)
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def persist(self) -> None:
        """Write weights in half precision and the labels beside them."""
        with self._model_storage.write_to(self._resource) as folder:
            numpy.savez_compressed(
                folder / _WEIGHTS,
                weights=self.clf.coef_.astype(numpy.float16),
                intercept=self.clf.intercept_.astype(numpy.float32),
            )
            labels = [str(label) for label in self.clf.classes_]
            (folder / _LABELS).write_text(json.dumps(labels), encoding="utf-8")

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> RankingClassifier:
        """Load what :meth:`persist` wrote; an untrained classifier where there is nothing."""
        component = cls(config, execution_context.node_name, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder:
                stored = numpy.load(folder / _WEIGHTS)
                labels = json.loads((folder / _LABELS).read_text(encoding="utf-8"))
                component._adopt(stored["weights"], stored["intercept"], labels)
        except (ValueError, FileNotFoundError):
            pass
        return component
