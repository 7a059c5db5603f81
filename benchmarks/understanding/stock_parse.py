"""The other side: stock Rasa. Runs in its environment and imports nothing of this project.

``python stock_parse.py MODEL < requests.jsonl > parsed.jsonl``
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from typing import Any

from rasa.core.agent import Agent


async def main(model: str) -> None:
    agent = Agent.load(model)
    requests: list[dict[str, Any]] = [json.loads(text) for text in sys.stdin]
    for request in requests[:5]:
        await agent.parse_message(request["utterance"])
    for request in requests:
        begun = time.perf_counter()
        parsed = await agent.parse_message(request["utterance"])
        parsed["nlu_ms"] = 1000 * (time.perf_counter() - begun)
        wanted = {key: parsed[key] for key in ("intent", "entities", "nlu_ms")}
        print(json.dumps(wanted, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    asyncio.run(main(sys.argv[1]))
