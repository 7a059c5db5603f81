"""``POST /webhooks/telegram``."""
from starlette.routing import Route
class TelegramWebhook:
    def __init__(self, inbox, settings): pass
    def route(self): return Route("/webhooks/telegram", lambda r: None, methods=["POST"])
