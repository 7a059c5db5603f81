"""Rasa graph components of this project: tokenizer, featurizer, classifier, interpreter."""
