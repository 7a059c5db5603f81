"""Rasa's logistic regression, ranking every label, its weights kept as plain arrays."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.training_data.message import Message

_FILE = "weights.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class RankingClassifier(LogisticRegressionClassifier):
    """Logistic regression over the sentence's counts.

    Trained by scikit-learn as Rasa's is. What was learnt is a table of weights; reading it back
    as such instead of through ``skops`` (which imports all of scikit-learn and lists its types)
    saves a second of every start, and multiplying it here most of a message's time.
    """

    _weights: Optional[np.ndarray] = None
    _bias: np.ndarray
    _labels: list[str]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults: more iterations than Rasa's, and the whole ranking."""
        return {
            **LogisticRegressionClassifier.get_default_config(),
            "max_iter": 300,
            "ranking_length": 0,
        }

    def persist(self) -> None:
        """Write labels, weights (labels × features) and biases."""
        weights, bias = self.clf.coef_, self.clf.intercept_
        if len(weights) == 1:  # two labels: scikit-learn keeps only the second one's weights
            weights = np.vstack([np.zeros_like(weights), weights])
            bias = np.array([0.0, bias[0]])
        with self._model_storage.write_to(self._resource) as directory:
            np.savez_compressed(
                directory / _FILE,
                labels=np.array(self.clf.classes_, dtype=str),
                weights=weights.astype(np.float32),
                bias=bias.astype(np.float32),
            )

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_kwargs: Any,
    ) -> RankingClassifier:
        """Read back what :meth:`persist` wrote (see the parent class for the arguments)."""
        component = cls(config, execution_context.node_name, model_storage, resource)
        with (
            model_storage.read_from(resource) as directory,
            np.load(directory / _FILE, allow_pickle=False) as saved,
        ):
            component._labels = saved["labels"].tolist()
            component._weights = np.ascontiguousarray(saved["weights"].T)
            component._bias = saved["bias"]
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Set each message's intent and the ranking of all labels, likeliest first."""
        if self._weights is None:  # just trained, not read back
            return super().process(messages)
        scores = self._create_X(messages) @ self._weights + self._bias
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares = odds / odds.sum(axis=1, keepdims=True)
        for message, confidences in zip(messages, shares, strict=True):
            ranking = [
                {"name": self._labels[index], "confidence": float(confidences[index])}
                for index in np.argsort(-confidences, kind="stable")
            ]
            message.set("intent", ranking[0], add_to_output=True)
            kept = self.config["ranking_length"] or None
            message.set("intent_ranking", ranking[:kept], add_to_output=True)
        return messages
