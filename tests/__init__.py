"""Tests; each file's docstring says which behaviour it holds."""
