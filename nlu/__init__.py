"""The Rasa project: pipeline, training data, rules, and the engine that runs them (Python 3.10)."""
