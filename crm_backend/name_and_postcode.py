"""The form in which a full name with a postcode finds orders whose number the shopper does not have."""

from __future__ import annotations

import re

from crm_backend.normalise import postcode_key
from crm_backend.unify.names import CHINESE_TITLES, name_words, without_title

_SHORTEST_CHINESE = 2
_PLACEHOLDERS = frozenset(
    {
        "n",
        "a",
        "guest",
        "checkout",
        "unknown",
        "na",
        "null",
        "none",
        "nil",
        "test",
        "tester",
        "testing",
        "customer",
        "client",
        "user",
        "buyer",
        "shopper",
        "anonymous",
        "anon",
        "name",
        "first",
        "last",
        "full",
        "no",
        "online",
        "member",
        "admin",
        "default",
        "asdf",
        "xxx",
    }
)
_CHINESE_PLACEHOLDER = re.compile(
    r"(?:游客|访客|匿名|测试|用户|客户|顾客|会员|买家|收货人|收件人|姓名|名字|未知|普通|默认|新|老|无名|无|某)+\d*"
)


def full_name_key(name: str | None) -> str | None:
    """A full name as look-ups compare it: case, accents, titles and the order of its words left out.

    None for what is not a full name: a single word, in Chinese a single character beside a title, and what many forms
    hold in a name's place ("Test Test", 匿名用户): whoever has nothing better there is not found by it.
    """
    words = name_words(name)
    full = len(words) > 1 or (len(words) == 1 and not words[0].isascii() and _is_full_in_one(words[0]))
    return " ".join(words) if full and not _PLACEHOLDERS.issuperset(words) else None


def _is_full_in_one(word: str) -> bool:
    known = without_title(word)
    return len(known) >= _SHORTEST_CHINESE and known not in CHINESE_TITLES and not _CHINESE_PLACEHOLDER.fullmatch(known)


def name_postcode_key(name: str | None, postcode: str | None, country: str | None) -> str | None:
    """Both together; None when either is missing. `country` (ISO alpha-2) is the postcode's."""
    who, where = full_name_key(name), postcode_key(postcode, country)
    return f"{who}\n{where}" if who and where else None
