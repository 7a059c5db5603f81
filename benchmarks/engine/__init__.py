"""The engine beside stock Rasa: ``python -m benchmarks.engine`` (``./hosho bench engine``).

Three sides of one comparison, on the same dialogue and the same travellers (``travellers.py``):

* **stock**: Rasa as ``pip install rasa`` and ``rasa init`` give it, forms and an action server
  (``stock/``), in an environment of its own;
* **engine**: this project's engine with its PostgreSQL, from the message in to the replies out;
* **whole**: front, worker, engine and PostgreSQL, from a signed LINE webhook to the reply call at
  a stand-in of LINE's API.

CPU is the kernel's account of all processes of a side, its database included; the travellers'
own process is not counted.
"""
