"""The dialogue: pure turns, and whole conversations through Rasa."""
