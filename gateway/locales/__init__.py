"""The gateway's own sentences: `locales/{language}/{topic}.yml`, flat keys, `{name}` for values.

Topics: `chat` (what shoppers read), `console` (what agents read), `quality` (their page on data), `review`, `insight`,
`demo` (the demo shop page). A test keeps keys and placeholders equal in all languages.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, get_args

import yaml

from shopdesk_schemas.turn import Language

LANGUAGES: tuple[Language, ...] = get_args(Language)
"""Languages in which the gateway speaks, the directory names."""

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN_WORD = re.compile(r"(?<![^\s'])[A-Za-z]{2,}(?![^\s,.?!;:'])")


@cache
def texts(language: str, topic: str) -> dict[str, Any]:
    """All entries of one topic in one language."""
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language!r}")
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / language / f"{topic}.yml").read_text("utf-8"))
    return loaded


def text(language: str, topic: str, key: str, **values: object) -> str:
    """One sentence with its values."""
    return str(texts(language, topic)[key]).format(**values)


def known(value: str | None) -> Language | None:
    """`value` if it is one of `LANGUAGES`, else None."""
    return next((language for language in LANGUAGES if language == value), None)


def preferred_language(accept_language: str | None, default: Language) -> Language:
    """The best of `LANGUAGES` by an Accept-Language header (RFC 9110 section 12.5.4), else `default`."""
    ranked: list[tuple[float, int, Language]] = []
    for position, part in enumerate((accept_language or "").split(",")):
        tag, *parameters = (piece.strip() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "q":
                try:
                    quality = float(value)
                except ValueError:
                    quality = 0.0
        primary = known(tag.partition("-")[0].lower())
        if primary is not None and 0 < quality <= 1:
            ranked.append((-quality, position, primary))
    return min(ranked)[2] if ranked else default


def language_of(words: str, fallback: str) -> str:
    """The language a shopper seems to write in, judged by script alone.

    Used only to say that an answer is late, when the assistant, which judges better, cannot be asked. Latin letters
    alone mean little (order numbers have them), so it takes two plain words to speak for English.
    """
    if _HAN.search(words):
        return "zh"
    return "en" if len(_LATIN_WORD.findall(words)) >= 2 else fallback
