"""Tests inside Rasa's environment (python -m pytest -c tests/nlu_side/pytest.ini)."""
