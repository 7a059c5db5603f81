"""Tokens of a Japanese message, in the one spelling and with its values masked."""

from __future__ import annotations

from typing import Any, Optional

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from actions.understanding.parts import parts_of
from actions.understanding.tokens import tokens_of

#: A message's property: its sentences and clauses, as messages that the later components read.
PARTS = "parts"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class JapaneseTokenizer(Tokenizer):
    """Splits the normalised, masked text; offsets are those in that text, not in the original."""

    @staticmethod
    def supported_languages() -> Optional[list[str]]:
        """Return the languages this tokenizer is made for."""
        return ["ja"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return Rasa's own tokenizer settings, unchanged."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_"}

    def process(self, messages: list[Message]) -> list[Message]:
        """Tokenize messages, and their parts as messages of their own."""
        for message in messages:
            text = message.get(TEXT) or ""
            parts = [] if text.startswith("/") else parts_of(text)
            message.set(PARTS, super().process([Message({TEXT: part}) for part in parts]))
        super().process(messages)
        return messages

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Return the tokens of one attribute of a message."""
        text = message.get(attribute)
        if attribute != TEXT:
            return [Token(text, 0)]
        tokens = []
        offset = 0
        for word in tokens_of(text) or ["。"]:
            tokens.append(Token(word, offset))
            offset += len(word)
        return tokens
