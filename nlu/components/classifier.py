"""Rasa's logistic regression, ranking every label."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class RankingClassifier(LogisticRegressionClassifier):
    """Logistic regression over the sentence's counts."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults: more iterations than Rasa's, and the whole ranking."""
        return {
            **LogisticRegressionClassifier.get_default_config(),
            "max_iter": 300,
            "ranking_length": 0,
        }
