"""Tokens of English, Chinese and mixed text: identifiers stay whole, Han text is split into characters.

Rasa's whitespace tokenizer makes a Chinese sentence one token, Jieba breaks `SF-2024/0012` and `#A10023` apart.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Text

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from components.identifiers import find_identifiers

_PIECE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]|[A-Za-zÀ-ɏ]+(?:['’][A-Za-z]+)*|\d+|[^\s\w]|\w")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class ShopTokenizer(Tokenizer):
    """Tokenises messages of shoppers."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Rasa's own options of a tokenizer."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    def tokenize(self, message: Message, attribute: Text) -> List[Token]:
        """The tokens of an attribute, with offsets into its text."""
        text = message.get(attribute)
        tokens: List[Token] = []
        position = 0
        for each in find_identifiers(text):
            tokens += self._pieces(text, position, each.start)
            tokens.append(Token(text[each.start : each.end], each.start))
            position = each.end
        return tokens + self._pieces(text, position, len(text))

    @staticmethod
    def _pieces(text: str, start: int, end: int) -> List[Token]:
        return [Token(found.group(), found.start()) for found in _PIECE.finditer(text, start, end)]
