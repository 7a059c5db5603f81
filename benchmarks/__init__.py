"""Measurements: what a turn, a start and a byte cost, beside stock Rasa."""
