"""The engine: Rasa behind a unix socket, one turn a request (docs/architecture.md says how).

Rasa's graph, tracker, domain, policies and actions do the work; what is subclassed here and why
stands in docs/decisions/engine-runtime.md, and tests/engine pins it to Rasa 3.6.21.
"""
