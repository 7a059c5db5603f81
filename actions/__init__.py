"""What the assistant knows and decides: rules over notices, understanding, interview, replies.

Pure Python that runs in both environments (the service's and Rasa's): no database, no
network, no clock. Only the ``action_*.py`` files import ``rasa_sdk`` and so run in Rasa's
environment alone.
"""
