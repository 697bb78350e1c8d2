"""The form in which a full name with a postcode finds orders whose number the shopper does not have."""

from __future__ import annotations

from crm_backend.normalise import postcode_key
from crm_backend.unify.names import name_words

_SHORTEST_CHINESE = 2


def full_name_key(name: str | None) -> str | None:
    """A full name as look-ups compare it: case, accents, titles and the order of its words left out.

    None for what is not a full name: a single word, in Chinese a single character.
    """
    words = name_words(name)
    full = len(words) > 1 or (len(words) == 1 and not words[0].isascii() and len(words[0]) >= _SHORTEST_CHINESE)
    return " ".join(words) if full else None


def name_postcode_key(name: str | None, postcode: str | None, country: str | None) -> str | None:
    """Both together; None when either is missing. `country` (ISO alpha-2) is the postcode's."""
    who, where = full_name_key(name), postcode_key(postcode, country)
    return f"{who}\n{where}" if who and where else None
