"""Understanding beside stock Rasa: ``./hosho bench understanding [FILE] [--json]``.

Every utterance of a file goes through the real dialogue (Rasa's graph, policies and our actions)
with its question pending, and through stock ``rasa init`` trained on the same examples. Printed
side by side, per question: right, asked back, wrong, and the milliseconds a message takes.
"""
